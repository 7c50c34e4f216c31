/** A number in a few digits, for labels; the whole number stands elsewhere. */
export function shortNumber(x: number, digits = 4): string {
  if (!Number.isFinite(x)) return Number.isNaN(x) ? 'NaN' : x > 0 ? '∞' : '−∞';
  if (x === 0) return '0';
  const size = Math.abs(x);
  const text =
    size < 1e-3 || size >= 1e6 ? x.toExponential(digits - 2) : String(Number(x.toPrecision(digits)));
  return text.replace(/^-/, '−').replace('e-', 'e−').replace('e+', 'e');
}
