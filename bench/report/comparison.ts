import type { Measured, Who } from '../suite.js';
import { formatSeconds, formatShare, significant } from './format.js';
import { formatTable } from './table.js';

export const OURS = 'pathwise';
export const LIMIT = 'limit';

export const limitOf = (threads: number): Who => ({
  family: LIMIT,
  name: `${LIMIT}, ${threads}`,
  threads,
});

/** A further column. */
export interface Column {
  readonly head: string;
  cell(measured: Measured): string;
}

const median = (measured: Measured, value: string): number => measured.values[value]?.median ?? Number.NaN;

/** The reading of a family with the lowest median of seconds. */
const fastest = (candidates: readonly Measured[]): Measured =>
  candidates.reduce((a, b) => (median(b, 'seconds') < median(a, 'seconds') ? b : a));

/** All of ours, and of every other family the fastest setting, row by row. */
export function bestOfEach(results: readonly Measured[]): Measured[] {
  const rows = [...new Set(results.filter(({ who }) => who.family !== LIMIT).map(({ row }) => row))];
  return rows.flatMap((row) => {
    const here = results.filter((measured) => measured.row === row && measured.who.family !== LIMIT);
    const families = new Set(here.map(({ who }) => who.family));
    return [...families].flatMap((family) => {
      const members = here.filter(({ who }) => who.family === family);
      return family === OURS ? members : [fastest(members)];
    });
  });
}

/** How long ours takes for every second of theirs, on the row of `measured`, both at their best; null for ours. */
export function ratio(results: readonly Measured[], measured: Measured): number | null {
  if (measured.who.family === OURS) return null;
  const ours = results.filter(({ who, row }) => who.family === OURS && row === measured.row);
  return ours.length === 0 ? null : median(fastest(ours), 'seconds') / median(measured, 'seconds');
}

/** Flop per second of the limit at this number of threads, if it was measured: the best of the repeats. */
export function limitAt(results: readonly Measured[], threads: number): number | undefined {
  return results.find(({ who, row }) => who.family === LIMIT && row === String(threads))?.values.flops.max;
}

/** 'limit of 128-bit SIMD: 48.1 GFLOP/s on 1, 95.9 GFLOP/s on 2 threads'. Native code may have wider registers. */
export function limitLine(results: readonly Measured[]): string {
  const parts = results
    .filter(({ who }) => who.family === LIMIT)
    .map(({ row, values }) => `${significant(values.flops.max / 1e9)} GFLOP/s on ${row}`);
  return `  limit of 128-bit SIMD: ${parts.join(', ')} thread${parts.length > 1 ? 's' : ''}`;
}

/** Columns for work of `flop(row)`: GFLOP/s, and the share of the limit of as many threads. */
export function rateColumns(results: readonly Measured[], flop: (measured: Measured) => number): Column[] {
  const rate = (measured: Measured): number => flop(measured) / median(measured, 'seconds');
  return [
    { head: 'GFLOP/s', cell: (measured) => significant(rate(measured) / 1e9) },
    {
      head: 'of limit',
      cell: (measured) => {
        const limit = limitAt(results, measured.who.threads);
        return limit === undefined ? '-' : formatShare(rate(measured) / limit);
      },
    },
  ];
}

/** Ours and theirs, row by row: median, minimum and maximum of seconds, further columns, the ratio; the note of one without seconds. */
export function formatComparison(results: readonly Measured[], columns: readonly Column[] = []): string {
  const seconds = (measured: Measured, part: 'median' | 'min' | 'max'): string =>
    formatSeconds(measured.values.seconds[part]);
  const shown = bestOfEach(results);
  const alone = shown.every(({ who }) => who.family === OURS);
  const common = ['', '', 'median', 'min', 'max', ...columns.map(({ head }) => head)];
  const heads = alone ? common : [...common, 'ours / it'];
  const lines = shown.map((measured) => {
    if (measured.values.seconds === undefined) {
      return [measured.row, measured.who.name, measured.note ?? '-', ...heads.slice(3).map(() => '')];
    }
    const x = ratio(results, measured);
    return [
      measured.row,
      measured.who.name,
      seconds(measured, 'median'),
      seconds(measured, 'min'),
      seconds(measured, 'max'),
      ...columns.map(({ cell }) => cell(measured)),
      ...(alone ? [] : [x === null ? '' : significant(x)]),
    ];
  });
  return formatTable(heads, lines, { left: 2 });
}
