import { formatNumber } from '../../tensor/format.js';
/** One line of a chart. */
export interface CurveSeries {
  readonly label: string;
  /** Ascending. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly color?: 'accent' | 'second' | 'good' | 'idle' | 'text';
  /** A line, a line with a mark at each point, or marks alone. */
  readonly marks?: 'line' | 'both' | 'points';
  readonly dashed?: boolean;
}

/** Values that the axis cannot show become gaps. */
const shown = (value: number, log: boolean): number | null =>
  Number.isFinite(value) && (!log || value > 0) ? value : null;

/** All series over one x, with null where a series has no value, for uPlot and the table. */
export function alignSeries(
  series: readonly CurveSeries[],
  { logX = false, logY = false }: { readonly logX?: boolean; readonly logY?: boolean } = {},
): { readonly x: readonly number[]; readonly y: readonly (readonly (number | null)[])[] } {
  const all = new Set<number>();
  for (const { x } of series)
    for (let i = 0; i < x.length; i++) if (shown(x[i], logX) !== null) all.add(x[i]);
  const x = [...all].sort((a, b) => a - b);
  const indexOf = new Map(x.map((value, i) => [value, i]));
  const y = series.map((one) => {
    const values = new Array<number | null>(x.length).fill(null);
    for (let i = 0; i < one.x.length; i++) {
      const index = indexOf.get(one.x[i]);
      if (index !== undefined) values[index] = shown(one.y[i], logY);
    }
    return values;
  });
  return { x, y };
}

/** Up to `max` of `count` indices, evenly spread, the first and the last among them. */
export function spread(count: number, max: number): number[] {
  if (count <= max) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: max }, (_, i) => Math.round((i * (count - 1)) / (max - 1)));
}

/** Describes a chart to a screen reader. */
export function describeCurve(title: string, xLabel: string, series: readonly CurveSeries[]): string {
  const parts = series.map(({ label, x, y }) => {
    if (x.length === 0) return `${label}: no values yet`;
    const last = x.length - 1;
    if (last === 0) return `${label}: ${formatNumber(y[0])} at ${xLabel} ${formatNumber(x[0])}`;
    return `${label}: from ${formatNumber(y[0])} at ${xLabel} ${formatNumber(x[0])} to ${formatNumber(y[last])} at ${xLabel} ${formatNumber(x[last])}`;
  });
  return `${title}. ${parts.join('; ')}.`;
}
