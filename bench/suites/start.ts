import { formatBytes, formatSeconds } from '../report/format.js';
import { formatTable } from '../report/table.js';
import type { Suite } from '../suite.js';
import { ours } from './common.js';

/** The way from nothing to a trained step, and what of the library travels. */
export const start: Suite = {
  name: 'start',
  doc: 'from the start of a process to the first finished training step of latent2; size of the library',
  jobs: (context) => [
    { who: ours, command: context.ours('start', {}) },
    { who: { ...ours, name: 'size' }, command: context.ours('size', { root: context.root }) },
  ],
  report(results) {
    const times = results.filter(({ values }) => 'seconds' in values);
    const sizes = results.filter(({ values }) => 'bytes' in values);
    const rows = times.map(({ row, values: { seconds } }) => [
      row,
      ...[seconds.median, seconds.min, seconds.max].map(formatSeconds),
    ]);
    const size = sizes.map(({ row, values }) => `${row} ${formatBytes(values.bytes.median)}`);
    const [entry, others] = [size.slice(0, 3), size.slice(3)].map((list) => list.join(', '));
    return [
      formatTable(['', 'median', 'min', 'max'], rows),
      `  library entry, one file: ${entry}`,
      `  minified and gzipped ${others}`,
    ].join('\n');
  },
};
