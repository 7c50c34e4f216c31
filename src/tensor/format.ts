/** How numbers are written for people: on the page, by the command, in reports and errors. */

const exponential = (text: string): string => text.replace(/\.?0*e\+?/, 'e');

/** At most `digits` significant digits: 0.0123, 1.235e-7. Whole numbers below a million are written out. */
export function formatNumber(x: number, digits = 4): string {
  const magnitude = Math.abs(x);
  if (x === 0) return '0';
  if (!Number.isFinite(x) || (Number.isInteger(x) && magnitude < 1e6)) return String(x);
  const isPlain = magnitude >= 1e-3 && magnitude < 1e6;
  return isPlain ? String(Number(x.toPrecision(digits))) : exponential(x.toExponential(digits - 1));
}

/** The fewest digits that tell a float32 from its neighbours, 9 at most: 0.1, -0.00390047068. */
export function formatFloat32(x: number): string {
  if (Object.is(x, -0)) return '-0';
  let digits = 1;
  while (digits < 9 && Math.fround(Number(x.toPrecision(digits))) !== x) digits++;
  return Number.isFinite(x) ? String(Number(x.toPrecision(digits))) : String(x);
}

/** An error or a step, in two digits with a power of ten: 1.2e-7, 3e-5, 0. */
export const formatError = (x: number): string => (x === 0 ? '0' : exponential(x.toExponential(1)));

/** A whole number with thousands apart: 60,000. */
export const formatCount = (n: number): string => n.toLocaleString('en-US');

/** Nats with two decimals; -0.00 is 0.00. */
export const formatNats = (x: number): string => (Math.abs(x) < 0.005 ? 0 : x).toFixed(2);

/** `30 us`, `12.5 ms`, `0.4 s`, `52 s`, `3 min 05 s`, `2 h 10 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds > 0 && seconds < 1e-3) return `${(seconds * 1e6).toFixed(0)} us`;
  if (seconds > 0 && seconds < 0.1) return `${(seconds * 1e3).toFixed(1)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
