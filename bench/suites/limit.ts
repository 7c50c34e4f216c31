import { formatShare, significant } from '../report/format.js';
import { formatTable } from '../report/table.js';
import type { Suite } from '../suite.js';
import { limitJob } from './common.js';

/** The ceiling that the other suites are quoted against. */
export const limit: Suite = {
  name: 'limit',
  doc: 'multiply and add in 128-bit SIMD registers alone: the most that WebAssembly can do here, two flop a pair',
  jobs: (context) => [limitJob(context, context.quick ? 0.3 : 2)],
  report(results) {
    const one = results[0].values.flops.median;
    const giga = (x: number): string => `${significant(x / 1e9)}`;
    // Two threads that do less than twice as much share a core, or its clock.
    const rows = results.map(({ row, values: { flops } }) => [
      `${row} thread${row === '1' ? '' : 's'}`,
      giga(flops.median),
      giga(flops.min),
      giga(flops.max),
      formatShare(flops.median / one / Number(row)),
    ]);
    return formatTable(['', 'GFLOP/s', 'min', 'max', 'of as many single ones'], rows);
  },
};
