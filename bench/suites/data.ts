import { formatRate, formatSeconds } from '../report/format.js';
import { formatTable } from '../report/table.js';
import type { Suite } from '../suite.js';
import { ours } from './common.js';

export const data: Suite = {
  name: 'data',
  doc: 'what feeds a training: normal draws in float32, glyphs drawn, batches',
  jobs: (context) => [{ who: ours, command: context.ours('data', { seconds: context.quick ? 0.2 : 1 }) }],
  report(results) {
    const rows = results.map(({ row, values: { seconds, rate } }) => [
      row,
      ...[seconds.median, seconds.min, seconds.max].map(formatSeconds),
      `${formatRate(rate.median)}/s`,
    ]);
    return formatTable(['', 'median', 'min', 'max', 'rate'], rows);
  },
};
