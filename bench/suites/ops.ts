import { formatComparison } from '../report/comparison.js';
import type { Suite } from '../suite.js';
import { oursWith, peerJobs, threadCounts } from './common.js';

/** What moves, reduces or maps elements, against the same in PyTorch on as many threads. */
export const ops: Suite = {
  name: 'ops',
  doc: 'layout ops, reductions, softmax and transcendental functions on 2^20 elements, on one thread and on all',
  jobs(context) {
    const seconds = context.quick ? 0.05 : 0.2;
    return [
      ...threadCounts(context.cores).map((threads) => ({
        who: oursWith(threads),
        command: context.ours('ops', { seconds, threads }, { PATHWISE_THREADS: String(threads) }),
      })),
      ...peerJobs(context, 'ops', () => ({ seconds })),
    ];
  },
  report: (results) => formatComparison(results),
};
