import { KERNEL, type Layer, PASSES, rowOf, sizeOut } from '../measure/conv.js';
import { formatComparison, limitLine, rateColumns } from '../report/comparison.js';
import type { Suite } from '../suite.js';
import { limitJob, oursByThreads, peerJobs } from './common.js';

const layer = (inputs: number, outputs: number, size: number, stride: number, transposed = false): Layer => ({
  inputs,
  outputs,
  size,
  stride,
  transposed,
});

/** Of the presets. */
const LAYERS: readonly Layer[] = [
  layer(1, 32, 28, 2),
  layer(32, 64, 14, 2),
  layer(64, 64, 7, 2, true),
  layer(64, 32, 14, 2, true),
  layer(32, 1, 28, 1),
  layer(3, 32, 32, 2),
];

const BATCH = 128;
/** Images of those who need seconds for one layer; times are scaled to the whole batch. */
const FEW: Readonly<Record<string, number>> = { 'jax-js wasm': 1, 'tfjs cpu': 2 };

/** Multiplications and additions of each of the three passes, with the taps that lie in the border. */
const flopOf = (l: Layer): number =>
  2 * BATCH * KERNEL ** 2 * l.inputs * l.outputs * (l.transposed ? l.size : sizeOut(l)) ** 2;

const flops = new Map(LAYERS.flatMap((l) => PASSES.map((pass) => [rowOf(l, pass), flopOf(l)] as const)));

export const conv: Suite = {
  name: 'conv',
  doc: `convolutions of the presets' layers, ${KERNEL}x${KERNEL}, batch ${BATCH}, in float32; convT is transposed, '/ 2' the stride`,
  jobs(context) {
    const settings = {
      layers: context.quick ? LAYERS.slice(0, 2) : LAYERS,
      whole: BATCH,
      batch: BATCH,
      seconds: context.quick ? 0.03 : 0.3,
    };
    return [
      limitJob(context, context.quick ? 0.2 : 0.5),
      ...oursByThreads(context, 'conv', settings),
      ...peerJobs(context, 'conv', ({ who }) => ({ ...settings, batch: FEW[who.family] ?? BATCH })),
    ];
  },
  report(results) {
    const columns = rateColumns(results, ({ row }) => flops.get(row) ?? Number.NaN);
    return `${limitLine(results)}\n${formatComparison(results, columns)}`;
  },
};
