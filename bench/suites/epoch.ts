import { type PresetName, presets } from '../../src/vae.js';
import { type Column, formatComparison, limitLine, rateColumns } from '../report/comparison.js';
import { formatSeconds, significant } from '../report/format.js';
import type { Measured, Suite } from '../suite.js';
import { limitJob, oursByThreads, peerJobs } from './common.js';

export const BATCH = 128;
const FEATURES = 784;
export const EXAMPLES = 60_000;
const MODELS: readonly PresetName[] = ['latent2', 'latent20'];
/** More steps than an epoch has. */
export const WHOLE = 1_000_000;

/** Steps measured of those who need minutes for an epoch; the seconds are scaled to the whole of it. */
const STEPS: Readonly<Record<string, { readonly steps: number; readonly warmup: number }>> = {
  'jax-js wasm': { steps: 60, warmup: 5 },
  'tfjs wasm': { steps: 30, warmup: 3 },
  'tfjs cpu': { steps: 3, warmup: 1 },
};

/**
 * Flop of an epoch in its matrix products: forward, and the gradients of weights and inputs, but not of the first
 * layer's input.
 */
function epochFlop(name: PresetName): number {
  const { hidden, latent } = presets[name];
  const widths = [FEATURES, ...hidden];
  const back = [latent, ...hidden.toReversed(), FEATURES];
  const pairs = (sizes: readonly number[]): number =>
    sizes.slice(1).reduce((total, size, i) => total + sizes[i] * size, 0);
  const heads = 2 * widths[widths.length - 1] * latent;
  return 2 * EXAMPLES * (3 * (pairs(widths) + heads + pairs(back)) - FEATURES * hidden[0]);
}

const phase = (name: string): Column => ({
  head: name,
  cell: ({ values }) => (values[name] === undefined ? '-' : formatSeconds(values[name].median)),
});

const flop = ({ row }: Measured): number =>
  row === 'latent2' || row === 'latent20' ? epochFlop(row) : Number.NaN;

/** Training, the main job of the whole. */
export const epoch: Suite = {
  name: 'epoch',
  doc: `training of the VAE, seconds an epoch of ${EXAMPLES.toLocaleString('en')} images at batch ${BATCH}, by phase, Adam`,
  needsImages: true,
  jobs(context) {
    const settings = (steps: number, warmup: number) => ({
      images: context.images,
      epoch: EXAMPLES,
      batch: BATCH,
      models: MODELS.map((name) => ({ name, steps, warmup })),
    });
    const mine = context.quick ? settings(12, 3) : settings(WHOLE, 20);
    return [
      limitJob(context, context.quick ? 0.2 : 1),
      ...oursByThreads(context, 'epoch', mine),
      ...peerJobs(context, 'epoch', ({ who }) => {
        const few = STEPS[who.family];
        if (few === undefined) return mine;
        return context.quick ? settings(3, 1) : settings(few.steps, few.warmup);
      }),
    ];
  },
  report(results) {
    const columns: Column[] = [
      ...['cpu', 'data', 'forward', 'backward', 'update'].map(phase),
      ...rateColumns(results, flop),
      { head: 'loss', cell: ({ values }) => significant(values.loss.median, 4) },
      { head: 'measured', cell: ({ note }) => note ?? '' },
    ];
    return `${limitLine(results)}\n${formatComparison(results, columns)}`;
  },
};
