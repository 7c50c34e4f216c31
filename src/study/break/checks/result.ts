import { formatNumber } from '../../../tensor/format.js';
import type { CheckName } from '../words.js';

/** One number compared by a check. */
export interface CheckRow {
  /** Which number it is. */
  readonly what: string;
  /** The expected and the actual value. */
  readonly expected: number;
  readonly found: number;
  /** |found - expected|: relative to the absolute terms in the gradient check, in standard errors in the others. */
  readonly error: number;
}

/** What a check of a VAE came to. */
export interface CheckResult {
  readonly check: CheckName;
  readonly passed: boolean;
  /** The result in one or more lines. */
  readonly message: string;
  readonly rows: readonly CheckRow[];
}

/**
 * Standard errors at which a statistical check fails. A normal variable exceeds 5 once in 1.7 million times; noise comes
 * from a seed, so a check that passes once always passes.
 */
export const MAX_ERRORS = 5;

/** The result of a statistical check: fails for each number that is too many standard errors off. */
export function judged(check: CheckName, rows: readonly CheckRow[], passing: string): CheckResult {
  const wrong = rows.filter(({ error }) => !(error <= MAX_ERRORS));
  const worst = rows.reduce((max, { error }) => Math.max(max, error), 0);
  const lines = wrong.map(
    ({ what, expected, found, error }) =>
      `${check} check failed: ${what} is ${formatNumber(found, 5)}, but should be ${formatNumber(expected, 5)}; ` +
      `${formatNumber(error, 5)} standard errors (allowed ${MAX_ERRORS})`,
  );
  const passed = `${check} check passed: ${passing}, worst ${worst.toFixed(1)} standard errors (allowed ${MAX_ERRORS})`;
  return { check, passed: wrong.length === 0, message: wrong.length === 0 ? passed : lines.join('\n'), rows };
}

/** The average and its standard error. */
export function average(values: ArrayLike<number>): { readonly mean: number; readonly error: number } {
  let mean = 0;
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length;
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2;
  return { mean, error: Math.sqrt(squares / (values.length - 1) / values.length) };
}
