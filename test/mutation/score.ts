/** What is read of Stryker's report. */
export interface Report {
  readonly files: Readonly<Record<string, { readonly source: string; readonly mutants: readonly Mutant[] }>>;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

interface Mutant {
  readonly status: string;
  readonly replacement?: string;
  readonly location: { readonly start: Position; readonly end: Position };
}

/** Why no test can tell a mutant from the original. */
export interface Explanation {
  /** The line on which the mutant begins, trimmed. */
  readonly line: string;
  /** As the score lists it: `original -> replacement`. */
  readonly mutants: readonly string[];
  readonly reason: string;
}

/** By path of the file. */
export type Explanations = Readonly<Record<string, readonly Explanation[]>>;

export interface Score {
  readonly killed: number;
  readonly explained: number;
  /** Neither killed nor explained: file, line and column, `original -> replacement`. */
  readonly survivors: readonly string[];
  /** Killed, in per cent of those that are not explained. */
  readonly percent: number;
}

const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= 80 ? line : `${line.slice(0, 60)} ... ${line.slice(-15)}`;
};

/** The source from one position up to another; lines and columns count from 1. */
function slice(lines: readonly string[], start: Position, end: Position): string {
  const inside = lines.slice(start.line - 1, end.line);
  const last = inside.length - 1;
  inside[last] = inside[last].slice(0, end.column - 1);
  inside[0] = inside[0].slice(start.column - 1);
  return inside.join('\n');
}

/**
 * How the mutants of each room (`src/nn`) fare. One that no test could be run with, on a machine too busy, counts as a survivor.
 * @returns also the explanations that explain none of the survivors of their file, if the report has the file
 */
export function score(
  { files }: Report,
  explanations: Explanations,
): { readonly rooms: ReadonlyMap<string, Score>; readonly stale: readonly string[] } {
  const rooms = new Map<string, { killed: number; explained: number; survivors: string[] }>();
  const stale: string[] = [];
  for (const [file, { source, mutants }] of Object.entries(files)) {
    const name = file.split('/', 2).join('/');
    const room = rooms.get(name) ?? { killed: 0, explained: 0, survivors: [] };
    rooms.set(name, room);
    const lines = source.split('\n');
    const keyOf = (line: string, mutant: string): string => `${line}: ${mutant}`;
    const explained = new Set(
      (explanations[file] ?? []).flatMap((known) => known.mutants.map((m) => keyOf(known.line, m))),
    );
    const unused = new Set(explained);
    for (const { status, replacement = '', location } of mutants) {
      if (status === 'Ignored' || status === 'CompileError') continue;
      if (status === 'Killed' || status === 'Timeout') {
        room.killed++;
        continue;
      }
      const { start, end } = location;
      const mutant = `${oneLine(slice(lines, start, end))} -> ${oneLine(replacement)}`;
      const key = keyOf(lines[start.line - 1].trim(), mutant);
      unused.delete(key);
      if (explained.has(key)) room.explained++;
      else {
        const how = status === 'Survived' ? '' : ` (${status})`;
        room.survivors.push(`${file}:${start.line}:${start.column} ${mutant}${how}`);
      }
    }
    stale.push(...[...unused].map((key) => `${file}: ${key}`));
  }
  return {
    rooms: new Map(
      [...rooms].map(([name, { killed, explained, survivors }]) => [
        name,
        { killed, explained, survivors, percent: (100 * killed) / (killed + survivors.length || 1) },
      ]),
    ),
    stale,
  };
}
