import { formatComparison } from '../report/comparison.js';
import { formatSeconds } from '../report/format.js';
import type { Suite } from '../suite.js';
import { ours, peerJobs } from './common.js';

const OPS = 1000;
const ELEMENTS = 16;

/** What it costs to be eager. */
export const small: Suite = {
  name: 'small',
  doc: `${OPS} elementwise ops in a chain on ${ELEMENTS} elements, forward and backward, time per op`,
  jobs(context) {
    const settings = { ops: OPS, elements: ELEMENTS, seconds: context.quick ? 0.3 : 2 };
    return [
      { who: ours, command: context.ours('small', settings) },
      ...peerJobs(context, 'small', () => settings),
    ];
  },
  report: (results) =>
    formatComparison(results, [
      { head: 'forward only', cell: ({ values }) => formatSeconds(values.forward.median) },
    ]),
};
