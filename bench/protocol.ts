/** What a measuring process prints, as one line of JSON: a list of these. */
export interface Reading {
  /** What was measured: '128x784x512'. */
  readonly row: string;
  /** Figures by name: seconds, bytes, rates per second. */
  readonly values: Readonly<Record<string, number>>;
  /** What a reader must know of it: '60 of 469 steps'. */
  readonly note?: string;
}

/** @throws TypeError when the output of a process does not end with a list of readings. */
export function parseReadings(output: string): Reading[] {
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  const fail = (): never => {
    throw new TypeError(
      `a measurement printed '${line.slice(0, 120)}'; it must end with a JSON list of readings`,
    );
  };
  let list: unknown;
  try {
    list = JSON.parse(line);
  } catch {
    return fail();
  }
  return Array.isArray(list) && list.length > 0 && list.every(isReading) ? list : fail();
}

function isReading(x: unknown): x is Reading {
  if (typeof x !== 'object' || x === null || !('row' in x) || !('values' in x)) return false;
  const { row, values } = x;
  return (
    typeof row === 'string' &&
    typeof values === 'object' &&
    values !== null &&
    Object.values(values).every((value) => typeof value === 'number' && Number.isFinite(value)) &&
    (!('note' in x) || typeof x.note === 'string')
  );
}
