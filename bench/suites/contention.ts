import { type Column, formatComparison } from '../report/comparison.js';
import { formatSeconds } from '../report/format.js';
import type { Job, Suite } from '../suite.js';
import { oursByThreads, peerJobs } from './common.js';
import { BATCH, EXAMPLES, WHOLE } from './epoch.js';

const cpu: Column = { head: 'cpu', cell: ({ values }) => formatSeconds(values.cpu.median) };

/** Training where other programs want the cores too. */
export const contention: Suite = {
  name: 'contention',
  doc: 'training of latent2 beside as many busy processes as there are cores, seconds an epoch',
  needsImages: true,
  jobs(context) {
    const [steps, warmup] = context.quick ? [12, 3] : [WHOLE, 20];
    const models = [{ name: 'latent2', steps, warmup }];
    const settings = { images: context.images, epoch: EXAMPLES, batch: BATCH, models };
    const besides = (job: Job): Job => ({ ...job, command: { ...job.command, busy: context.cores } });
    return [
      ...oursByThreads(context, 'epoch', settings),
      ...peerJobs(context, 'contention', () => settings, 'epoch'),
    ].map(besides);
  },
  report: (results) => formatComparison(results, [cpu]),
};
