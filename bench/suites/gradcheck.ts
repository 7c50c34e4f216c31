import fc from 'fast-check';
import { formatCount } from '../../src/tensor/format.js';
import { randomFunctions } from '../../test/autograd/gradcheck/random-functions.js';
import { formatSeconds } from '../report/format.js';
import { formatTable } from '../report/table.js';
import type { Suite } from '../suite.js';
import { ours, peerJobs } from './common.js';

const FUNCTIONS = 300;
const QUICK = 20;

/** What is worth more than speed here: that a verdict is right. */
export const gradcheck: Suite = {
  name: 'gradcheck',
  doc: 'verdicts of gradient checks on random functions of values from 1e-12 to 3e15, and on the same with a wrong gradient',
  jobs(context) {
    const numRuns = context.quick ? QUICK : FUNCTIONS;
    const settings = { functions: fc.sample(randomFunctions, { numRuns, seed: 1 }) };
    return [
      { who: ours, command: context.ours('gradcheck', settings) },
      // Threads change no verdict.
      ...peerJobs(context, 'gradcheck', () => settings).slice(0, 1),
    ];
  },
  report(results) {
    const lines = results.map(({ who, row, values }) => {
      const of = (part: string, all: string) =>
        `${formatCount(values[part].median)} of ${formatCount(values[all].median)}`;
      return [
        who.family,
        row,
        of('wrongPassed', 'wrong'),
        of('rightCalledWrong', 'right'),
        of('undecided', 'right'),
        formatSeconds(values.seconds.median),
      ];
    });
    const heads = ['', '', 'wrong passed', 'right called wrong', 'right undecided', 'a check'];
    return formatTable(heads, lines, { left: 2 });
  },
};
