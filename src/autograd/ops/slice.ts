import { fastGather, fastScatterAdd } from '../../device/wasm/kernels/gather.js';
import { fastLayout } from '../../device/wasm/kernels/layout.js';
import { describeValue } from '../../tensor/describe.js';
import { ShapeError } from '../../tensor/errors.js';
import {
  gatherKernel,
  layoutKernel,
  type Selection,
  scatterAddKernel,
  sliceLayout,
  unsliceLayout,
  type Window,
} from '../../tensor/kernels/layout.js';
import { formatShape, type Shape } from '../../tensor/shape.js';
import { defineOp } from '../define-op.js';
import type { OpFunction } from '../op.js';
import { type AxesOptions, resolveAxis } from './axes.js';

/** Where a slice begins and ends in each dimension, and how far apart its elements are. */
export interface SliceOptions {
  /** First index in each dimension, negative ones from the end. Defaults to 0. */
  readonly start?: readonly number[];
  /** Index after the last in each dimension, negative ones from the end. Defaults to the size. */
  readonly stop?: readonly number[];
  /** Distance between indices, 1 or more. Defaults to 1. */
  readonly step?: readonly number[];
}

interface ResolvedSlice extends Window {
  readonly shape: Shape;
}

/** @throws TypeError unless `list` is an array: of a number, the length would be undefined, and so ignored. */
function checkList(list: unknown, option: string, name: string): void {
  if (Array.isArray(list)) return;
  throw new TypeError(
    `${name}: ${option} is ${describeValue(list)}; give a list with an integer for each dimension, as in [0, 2]`,
  );
}

function resolveSlice(given: SliceOptions | undefined, [x]: readonly Shape[], name: string): ResolvedSlice {
  const { start = [], stop = [], step = [] } = given ?? {};
  for (const [option, list] of Object.entries({ start, stop, step })) checkList(list, option, name);
  if (Math.max(start.length, stop.length, step.length) > x.length) {
    throw new ShapeError(`${name}: bounds are given for more dimensions than ${formatShape(x)} has`);
  }
  const bound = (at: number | undefined, absent: number, d: number): number => {
    const resolved = at === undefined ? absent : at < 0 ? at + x[d] : at;
    if (!Number.isInteger(resolved) || resolved < 0 || resolved > x[d]) {
      throw new ShapeError(`${name}: bound ${at} is out of range in dimension ${d} of ${formatShape(x)}`);
    }
    return resolved;
  };
  const steps = x.map((_, d) => step[d] ?? 1);
  if (!steps.every((n) => Number.isInteger(n) && n >= 1)) {
    throw new ShapeError(`${name}: steps must be integers of 1 or more, but got ${formatShape(steps)}`);
  }
  const from = x.map((_, d) => bound(start[d], 0, d));
  const to = x.map((n, d) => bound(stop[d], n, d));
  return {
    start: from,
    step: steps,
    shape: x.map((_, d) => Math.max(0, Math.ceil((to[d] - from[d]) / steps[d]))),
  };
}

/**
 * The sub-array with indices start, start + step, ... before stop in each dimension; all of a dimension by default.
 * @example slice(x, { start: [1], stop: [-1] }) // [5, n] gives [3, n]
 * @throws ShapeError for a bound out of range or a step below 1.
 */
export const slice: OpFunction<1, SliceOptions> = defineOp<1, SliceOptions, ResolvedSlice>({
  name: 'slice',
  doc: 'The sub-array start, start + step, ... before stop in each dimension.',
  arity: 1,
  options: ['start', 'stop', 'step'],
  attributes: resolveSlice,
  shape: (_, { shape }) => shape,
  forward: layoutKernel(sliceLayout),
  kernels: { wasm: fastLayout('slice', sliceLayout) },
  saves: [],
  vjp: [(g, { shapes: [shape], attributes: { start, step } }) => unslice(g, { shape, start, step })],
  domain: {
    cases: [
      { shapes: [[4, 'n']], attributes: { start: [1], stop: [-1] } },
      { shapes: [['m', 5]], attributes: { start: [0, 1], step: [1, 2] } },
      { shapes: [[3, 3, 'n']], attributes: { start: [-2, 0], stop: [3, 0] }, label: 'nothing' },
    ],
  },
});

/** Where {@link unslice} puts elements. */
export interface UnsliceOptions {
  /** Shape of the result. */
  readonly shape: Shape;
  readonly start: readonly number[];
  readonly step: readonly number[];
}

/**
 * Zeros of a shape with the elements of x at indices start, start + step, ... in each dimension: the adjoint of slice.
 * @throws ShapeError when x does not lie inside the shape.
 */
export const unslice: OpFunction<1, UnsliceOptions> = defineOp({
  name: 'unslice',
  doc: 'Zeros of a shape with x at start, start + step, ... in each dimension: the adjoint of slice.',
  arity: 1,
  options: ['shape', 'start', 'step'],
  attributes: (given: UnsliceOptions | undefined, [x], name) => {
    if (given === undefined)
      throw new ShapeError(`${name}: needs a shape, start and step for each dimension`);
    const { shape, start, step } = given;
    for (const [option, list] of Object.entries({ shape, start, step })) checkList(list, option, name);
    const fits = [shape, start, step].every((list) => list.length === x.length);
    if (
      !fits ||
      ![...shape, ...start, ...step].every(Number.isInteger) ||
      x.some((n, d) => start[d] < 0 || step[d] < 1 || (n > 0 && start[d] + (n - 1) * step[d] >= shape[d]))
    ) {
      throw new ShapeError(
        `${name}: ${formatShape(x)} from ${formatShape(start)} by ${formatShape(step)} does not lie inside ${formatShape(shape)}`,
      );
    }
    return { shape, start, step };
  },
  shape: (_, { shape }) => shape,
  forward: layoutKernel(unsliceLayout),
  kernels: { wasm: fastLayout('unslice', unsliceLayout) },
  saves: [],
  vjp: [
    (g, { shapes: [x], attributes: { start, step } }) =>
      slice(g, {
        start,
        step,
        stop: x.map((n, d) => (n === 0 ? start[d] : start[d] + (n - 1) * step[d] + 1)),
      }),
  ],
  domain: {
    cases: [
      {
        shapes: [[2, 'n']],
        attributes: ({ n }) => ({ shape: [5, n], start: [1, 0], step: [2, 1] }),
        label: 'spread',
      },
      {
        shapes: [['m']],
        attributes: ({ m }) => ({ shape: [m + 2], start: [2], step: [1] }),
        label: 'padded in front',
      },
    ],
  },
});

/** Indices along an axis, as a caller gives them. The axis defaults to 0. */
export interface GatherOptions extends AxesOptions {
  readonly indices: ArrayLike<number>;
}

function resolveIndices(indices: ArrayLike<number>, size: number, axis: number, name: string): Int32Array {
  if (!Array.isArray(indices) && !ArrayBuffer.isView(indices)) {
    throw new TypeError(
      `${name}: indices are ${describeValue(indices)}; give a list or typed array of integers (the data of a tensor)`,
    );
  }
  const resolved = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i];
    if (!Number.isInteger(index) || index < 0 || index >= size) {
      throw new ShapeError(
        `${name}: index ${index} (number ${i}) is out of range for axis ${axis} of size ${size}`,
      );
    }
    resolved[i] = index;
  }
  return resolved;
}

/**
 * The parts of x at the given indices along an axis; an index may repeat. The size along the axis becomes the number of indices.
 * @example gather(x, { indices: [2, 0] }) // rows 2 and 0
 * @throws ShapeError for an index or axis out of range.
 */
export const gather: OpFunction<1, GatherOptions> = defineOp({
  name: 'gather',
  doc: 'x at the given indices along an axis (0 by default); an index may repeat.',
  arity: 1,
  options: ['indices', 'axes', 'axis'],
  attributes: (given: GatherOptions | undefined, [x], name): Selection => {
    if (given?.indices === undefined)
      throw new ShapeError(`${name}: needs indices, as in gather(x, { indices: [2, 0] })`);
    const axis = resolveAxis(given, x.length, name);
    return { axis, indices: resolveIndices(given.indices, x[axis], axis, name) };
  },
  shape: ([x], { axis, indices }) => x.map((n, d) => (d === axis ? indices.length : n)),
  forward: gatherKernel,
  kernels: { wasm: fastGather },
  saves: [],
  vjp: [
    (g, { shapes: [shape], attributes: { axis, indices } }) =>
      scatterAdd(g, { size: shape[axis], axis, indices }),
  ],
  domain: {
    cases: [
      { shapes: [[4, 'n']], attributes: { indices: [2, 0, 2] } },
      { shapes: [['m', 3]], attributes: { indices: [1, 1, 0, 2], axis: -1 } },
      { shapes: [[3]], attributes: { indices: [] }, label: 'nothing' },
    ],
  },
});

/** Where {@link scatterAdd} adds what. */
export interface ScatterAddOptions extends GatherOptions {
  /** Size of the result along the axis. */
  readonly size: number;
}

/**
 * Zeros with the parts of x added at the given indices along an axis, in order: the adjoint of gather.
 * @throws ShapeError for an index out of range, or when there are not as many indices as x has parts.
 */
export const scatterAdd: OpFunction<1, ScatterAddOptions> = defineOp({
  name: 'scatterAdd',
  doc: 'Zeros with x added at the given indices along an axis, in order: the adjoint of gather.',
  arity: 1,
  options: ['indices', 'size', 'axes', 'axis'],
  attributes: (given: ScatterAddOptions | undefined, [x], name): Selection & { readonly size: number } => {
    if (given?.indices === undefined || !Number.isInteger(given.size) || given.size < 0) {
      throw new ShapeError(
        `${name}: needs indices and a size, as in scatterAdd(x, { indices: [2, 0], size: 3 })`,
      );
    }
    const axis = resolveAxis(given, x.length, name);
    const indices = resolveIndices(given.indices, given.size, axis, name);
    if (indices.length !== x[axis]) {
      throw new ShapeError(`${name}: got ${indices.length} indices for axis ${axis} of size ${x[axis]}`);
    }
    return { axis, indices, size: given.size };
  },
  shape: ([x], { axis, size }) => x.map((n, d) => (d === axis ? size : n)),
  forward: scatterAddKernel,
  kernels: { wasm: fastScatterAdd },
  saves: [],
  vjp: [(g, { attributes: { axis, indices } }) => gather(g, { axis, indices })],
  domain: {
    cases: [
      { shapes: [[3, 'n']], attributes: { indices: [2, 0, 2], size: 4 } },
      { shapes: [['m', 4]], attributes: { indices: [1, 1, 0, 2], size: 3, axis: 1 } },
    ],
  },
});
