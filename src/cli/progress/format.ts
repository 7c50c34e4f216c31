/** `0.4 s`, `52 s`, `3 min 05 s`, `2 h 10 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** A whole number with thousands apart: 60,000. */
export const formatCount = (n: number): string => n.toLocaleString('en-US');

/** Nats with two decimals; -0.00 is 0.00. */
export const formatNats = (x: number): string => (Math.abs(x) < 0.005 ? 0 : x).toFixed(2);
