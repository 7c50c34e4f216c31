import type { PresetName } from '../../src/vae.js';
import type { MemorySettings } from '../measure/memory.js';
import { formatBytes } from '../report/format.js';
import type { Summary } from '../report/statistics.js';
import { formatTable } from '../report/table.js';
import type { Measured, Suite } from '../suite.js';
import { ours } from './common.js';

const NAMES: readonly PresetName[] = ['small2', 'latent2', 'latent20', 'latent128', 'conv2', 'conv32'];

const bytes = (summary: Summary | undefined): string =>
  summary === undefined ? 'not available' : formatBytes(summary.median);

function table(results: readonly Measured[], columns: Readonly<Record<string, string>>): string {
  const rows = results.map(({ who, values }) => [
    who.name,
    ...Object.keys(columns).map((name) => bytes(values[name])),
  ]);
  return formatTable(['', ...Object.values(columns)], rows);
}

/** What training holds, and whether it grows. */
export const memory: Suite = {
  name: 'memory',
  doc: 'resident memory in the course of a training, its peak, and what the steps of it hold',
  jobs(context) {
    const steps = context.quick ? [20, 100] : [1000, 10_000];
    const job = (name: string, settings: MemorySettings) => ({
      who: { ...ours, name },
      command: context.ours('memory', settings),
    });
    return [
      // A small batch: as many arrays as a large one, in less time.
      job('latent20, batch 8', { preset: 'latent20', batch: 8, at: steps }),
      ...NAMES.map((preset) =>
        job(`${preset}, batch 128`, { preset, batch: 128, at: [context.quick ? 5 : 50] }),
      ),
    ];
  },
  report(results) {
    const [long, ...presetRuns] = results;
    const spread = ({ median, min, max }: Summary): string =>
      `${formatBytes(median)} (${formatBytes(min)} to ${formatBytes(max)})`;
    const course = (title: string, prefix: string): string => {
      const at = Object.keys(long.values).filter((name) => name.startsWith(prefix));
      const texts = at.map((name) => `${spread(long.values[name])} at step ${name.slice(prefix.length)}`);
      return `  ${title}: ${texts.join(', ')}`;
    };
    const columns = {
      before: 'before the model',
      model: 'weights and moments',
      peak: 'peak',
      held: 'held for steps',
      least: 'least a step could hold',
    };
    return [
      course(`resident, ${long.who.name}`, 'step '),
      `    growth in one process: ${spread(long.values.growth)}`,
      course("  without V8's heap, which V8 sizes by itself", 'outside V8, '),
      course("  live in V8's heap, after a collection", 'live, '),
      table(presetRuns, columns),
    ].join('\n');
  },
};
