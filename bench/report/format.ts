/** Three significant digits, without an exponent below 10^21. */
export function significant(x: number, digits = 3): string {
  if (!Number.isFinite(x)) return String(x);
  const rounded = Number(x.toPrecision(digits));
  const size = rounded === 0 ? 0 : Math.floor(Math.log10(Math.abs(rounded)));
  return rounded.toFixed(Math.max(0, Math.min(20, digits - 1 - size)));
}

const TIMES = [
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'us'],
  [0, 'ns'],
] as const;

/** 0.00123 as '1.23 ms'. */
export function formatSeconds(seconds: number): string {
  const [size, unit] = TIMES.find(([least]) => seconds >= least) ?? [1, 's'];
  return `${significant(seconds / (size === 0 ? 1e-9 : size))} ${unit}`;
}

/** 3670016 as '3.50 MiB'. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB'];
  const power =
    Math.abs(bytes) < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(Math.abs(bytes)) / 10));
  return `${significant(bytes / 1024 ** power)} ${units[power]}`;
}

/** 0.314 as '31 %'. */
export const formatShare = (x: number): string => `${Math.round(100 * x)} %`;

/** 1234567 per second as '1.23 M'. */
export function formatRate(x: number): string {
  const prefixes = ['', 'k', 'M', 'G', 'T'];
  const power = x < 1 ? 0 : Math.min(prefixes.length - 1, Math.floor(Math.log10(x) / 3));
  return `${significant(x / 1000 ** power)} ${prefixes[power]}`;
}
