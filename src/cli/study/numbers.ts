/** A number in three digits: as 0.0123, 4.56, 7890 or 1.2e-7; a dash where there is none. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const size = Math.abs(value);
  if (value !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(1);
  return String(Number(value.toPrecision(size >= 1000 ? 4 : 3)));
}

/** With its sign: +1.2. */
export const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(1)}`;

/** Seconds as ms or us. */
export const duration = (seconds: number): string =>
  seconds >= 1e-3 ? `${(seconds * 1e3).toFixed(1)} ms` : `${(seconds * 1e6).toFixed(0)} us`;
