/** Which numbers are taken: finite ones, within bounds. */
export interface Range {
  readonly min?: number | undefined;
  /** The greatest number that is too small. */
  readonly above?: number | undefined;
  readonly max?: number | undefined;
  /** The least number that is too large. */
  readonly below?: number | undefined;
}

/** A range, and whether it is of integers alone. */
export interface NumberRange extends Range {
  readonly integer?: boolean | undefined;
}

/** Whether `x` is such a number. */
export const isWithin = (x: unknown, { integer = false, ...range }: NumberRange): x is number => {
  const { min = -Infinity, above = -Infinity, max = Infinity, below = Infinity } = range;
  if (!(integer ? Number.isSafeInteger(x) : Number.isFinite(x))) return false;
  const value = Number(x);
  return value >= min && value > above && value <= max && value < below;
};

/** Such numbers in words: 'an integer of 1 or more'. */
export function describeNumbers({ integer = false, min, above, max, below }: NumberRange): string {
  const kind = integer ? 'an integer' : 'a finite number';
  if (min !== undefined && max !== undefined) return `${kind} from ${min} to ${max}`;
  const least = above !== undefined ? ` above ${above}` : min !== undefined ? ` of ${min} or more` : '';
  const most = max !== undefined ? `at most ${max}` : below !== undefined ? `below ${below}` : '';
  if (least === '') return kind + (max === undefined ? ` ${most}`.trimEnd() : ` of ${most}`);
  return most === '' ? kind + least : `${kind}${least}, ${most}`;
}

/** @throws RangeError unless `value` is such a number. */
export function checkNumber(value: number, range: NumberRange, what: string, who: string): void {
  if (isWithin(value, range)) return;
  throw new RangeError(`${who}: ${what} is ${value}; it must be ${describeNumbers(range)}`);
}

/** The range of sizes and counts. */
export const COUNT: NumberRange = { integer: true, min: 1 };
