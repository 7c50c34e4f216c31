import { MODELS, type ModelName } from '../measure/epoch.js';
import { type Column, formatComparison, limitLine, rateColumns } from '../report/comparison.js';
import { formatSeconds, significant } from '../report/format.js';
import type { Measured, Suite } from '../suite.js';
import { limitJob, oursByThreads, peerJobs } from './common.js';

export const BATCH = 128;
const FEATURES = 784;
export const EXAMPLES = 60_000;
/** Models that are trained, and those of them that a library does not have here. */
const NAMES: readonly ModelName[] = ['latent2', 'latent20', 'conv2', 'conv32'];
const DENSE: readonly ModelName[] = ['latent2', 'latent20'];
/** More steps than an epoch has. */
export const WHOLE = 1_000_000;

/** Steps measured of convolutional models. */
const CONV_STEPS = 60;

/** Steps measured of those who need minutes for an epoch; the seconds are scaled to the whole of it. */
const STEPS: Readonly<Record<string, { readonly steps: number; readonly warmup: number }>> = {
  'jax-js wasm': { steps: 60, warmup: 5 },
  'tfjs wasm': { steps: 30, warmup: 3 },
  'tfjs cpu': { steps: 3, warmup: 1 },
};

/**
 * Flop of an epoch in its matrix products and convolutions: forward, and the gradients of weights and inputs, but not of the first
 * layer's input.
 */
function epochFlop(name: ModelName): number {
  const { hidden, latent, ...body } = MODELS[name];
  const pairs = (sizes: readonly number[]): number =>
    sizes.slice(1).reduce((total, size, i) => total + sizes[i] * size, 0);
  if (!('channels' in body)) {
    const widths = [FEATURES, ...hidden];
    const back = [latent, ...hidden.toReversed(), FEATURES];
    const heads = 2 * widths[widths.length - 1] * latent;
    return 2 * EXAMPLES * (3 * (pairs(widths) + heads + pairs(back)) - FEATURES * hidden[0]);
  }
  const [first, side] = name === 'conv32' ? [3, 32] : [1, 28];
  const taps = 9;
  const channels = [first, ...body.channels];
  /** Pixels after each convolution; the decoder's transposed ones come from as many, and the last layer keeps its image's. */
  const pixels = channels.map((_, i) => (side / 2 ** i) ** 2);
  const encoder = channels.slice(1).map((n, i) => taps * channels[i] * n * pixels[i + 1]);
  const decoder = body.channels.map((n, i) => taps * (body.channels[i + 1] ?? n) * n * pixels[i + 1]);
  const last = taps * body.channels[0] * first * pixels[0];
  const flat = channels[channels.length - 1] * pixels[pixels.length - 1];
  const dense = pairs([flat, ...hidden]) + 2 * hidden[hidden.length - 1] * latent + latent * flat;
  const all = [...encoder, ...decoder, last, dense].reduce((a, b) => a + b);
  return 2 * EXAMPLES * (3 * all - encoder[0]);
}

const phase = (name: string): Column => ({
  head: name,
  cell: ({ values }) => (values[name] === undefined ? '-' : formatSeconds(values[name].median)),
});

const flop = ({ row }: Measured): number =>
  NAMES.reduce((found, name) => (name === row ? epochFlop(name) : found), Number.NaN);

/** Training, the main job of the whole. */
export const epoch: Suite = {
  name: 'epoch',
  doc: `training of the VAE, seconds an epoch of ${EXAMPLES.toLocaleString('en')} images at batch ${BATCH}, by phase, Adam`,
  needsImages: true,
  jobs(context) {
    const settings = (steps: number, warmup: number, names = NAMES) => ({
      images: context.images,
      epoch: EXAMPLES,
      batch: BATCH,
      models: names.map((name) =>
        DENSE.includes(name)
          ? { name, steps, warmup }
          : { name, steps: Math.min(steps, CONV_STEPS), warmup: 3 },
      ),
    });
    const mine = context.quick ? settings(12, 3, [...DENSE, 'conv2']) : settings(WHOLE, 20);
    return [
      limitJob(context, context.quick ? 0.2 : 1),
      ...oursByThreads(context, 'epoch', mine),
      ...peerJobs(context, 'epoch', ({ who }) => {
        const few = STEPS[who.family];
        if (few === undefined) return mine;
        return context.quick ? settings(3, 1, DENSE) : settings(few.steps, few.warmup, DENSE);
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
