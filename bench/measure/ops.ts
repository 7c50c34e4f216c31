import type { Tensor } from '../../src/index.js';
import * as pathwise from '../../src/index.js';
import { scoped } from '../engine.js';
import type { Reading } from '../protocol.js';
import { sample } from './sample.js';

export interface OpsSettings {
  /** Threads that the engine was started with: they are part of a row's name. */
  readonly threads: number;
  /** For each op. */
  readonly seconds: number;
}

const SIDE = 1024;

/** The op of each row on 2^20 elements; `bench/peers/pytorch/ops.py` has the same rows. */
function operations(): Readonly<Record<string, () => Tensor>> {
  const { concat, exp, gather, gelu, log, logSoftmax, max, mean, normal, pow, sin, cos, tanh } = pathwise;
  const { add, scatterAdd, sigmoid, slice, softmax, stack, sum, transpose, unslice, broadcastTo } = pathwise;
  const stream = new pathwise.Random(0).stream('data');
  const x = normal([SIDE, SIDE], stream);
  const cube = normal([64, 128, 128], stream);
  const plane = normal([64, 1, 128], stream);
  const pair = [normal([SIDE / 2, SIDE], stream), normal([SIDE / 2, SIDE], stream)];
  const inner = normal([SIDE - 2, SIDE - 2], stream);
  const positive = exp(x);
  const indices = Int32Array.from({ length: SIDE }, (_, i) => (i * 7919) % SIDE);
  return {
    'slice [1:, 1:]': () => slice(x, { start: [1, 1] }),
    'slice [:, ::2]': () => slice(x, { step: [1, 2] }),
    'unslice, a border of zeros': () => unslice(inner, { start: [1, 1], step: [1, 1], shape: [SIDE, SIDE] }),
    transpose: () => transpose(x),
    'permute 0 2 1': () => transpose(cube, { axes: [0, 2, 1] }),
    'permute 1 2 0': () => transpose(cube, { axes: [1, 2, 0] }),
    'concat, axis 1': () => concat(pair, { axis: 1 }),
    'stack, last axis': () => stack(pair, { axis: -1 }),
    'broadcast, middle axis': () => broadcastTo(plane, { shape: [64, 128, 128] }),
    'add, broadcast middle axis': () => add(cube, plane),
    'gather, axis 0': () => gather(x, { indices, axis: 0 }),
    'gather, axis 1': () => gather(x, { indices, axis: 1 }),
    'scatterAdd, axis 0': () => scatterAdd(x, { indices, axis: 0, size: SIDE }),
    'scatterAdd, axis 1': () => scatterAdd(x, { indices, axis: 1, size: SIDE }),
    'sum, axis 0': () => sum(x, { axes: 0 }),
    'sum, axis 1': () => sum(x, { axes: 1 }),
    'sum, axes 0 2': () => sum(cube, { axes: [0, 2] }),
    'mean, all': () => mean(x),
    'max, axis 0': () => max(x, { axes: 0 }),
    'max, axis 1': () => max(x, { axes: 1 }),
    'max, middle axis': () => max(cube, { axes: 1 }),
    'softmax, axis 0': () => softmax(x, { axes: 0 }),
    'softmax, axis 1': () => softmax(x, { axes: 1 }),
    'softmax, middle axis': () => softmax(cube, { axes: 1 }),
    'logSoftmax, axis 0': () => logSoftmax(x, { axes: 0 }),
    exp: () => exp(x),
    log: () => log(positive),
    tanh: () => tanh(x),
    sigmoid: () => sigmoid(x),
    sin: () => sin(x),
    cos: () => cos(x),
    gelu: () => gelu(x),
    'pow 2': () => pow(x, 2),
  };
}

/** Seconds of each op on 2^20 elements, whose operands stand where those of a training step do. */
export const measure = ({ threads, seconds }: OpsSettings): Reading[] =>
  scoped(() =>
    Object.entries(operations()).map(([name, run]) => {
      const once = () => {
        scoped(() => {
          run();
        });
      };
      return {
        row: `${name}, ${threads} thread${threads > 1 ? 's' : ''}`,
        values: { seconds: sample(once, seconds) },
      };
    }),
  );
