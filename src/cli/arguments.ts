import { InvalidArgumentError } from 'commander';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

const isOutside = (x: number, least: number, most: number): boolean =>
  !Number.isSafeInteger(x) || x < least || x > most;

/** A parser of whole numbers. Its error says what is allowed. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = NUMBER.test(text) ? Number(text) : Number.NaN;
    if (isOutside(value, least, most)) {
      const range = most === Number.MAX_SAFE_INTEGER ? `, ${least} or more` : ` from ${least} to ${most}`;
      throw new InvalidArgumentError(`It must be a whole number${range}.`);
    }
    return value;
  };
}

/** A parser of finite numbers at or above 0, or above 0 with `positive`. */
export function real({ positive = false } = {}): (text: string) => number {
  return (text) => {
    const value = NUMBER.test(text) ? Number(text) : Number.NaN;
    if (!Number.isFinite(value) || value < 0 || (positive && value === 0)) {
      throw new InvalidArgumentError(`It must be a number ${positive ? 'above 0' : 'of 0 or more'}.`);
    }
    return value;
  };
}

/** `--sigma`: a standard deviation, or the word 'learned'. */
export function sigma(text: string): number | 'learned' {
  if (text === 'learned') return text;
  try {
    return real({ positive: true })(text);
  } catch {
    throw new InvalidArgumentError("It must be a number above 0, or 'learned'.");
  }
}

/** `--hidden`: widths of layers, as in 512,256. */
export function widths(text: string): number[] {
  const values = text.split(',').map((part) => (NUMBER.test(part.trim()) ? Number(part) : Number.NaN));
  if (values.some((value) => isOutside(value, 1, 1_000_000))) {
    throw new InvalidArgumentError('It must be whole numbers of 1 or more with commas between, as 512,256.');
  }
  return values;
}
