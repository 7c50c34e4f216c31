import { fastLayout } from '../../device/wasm/kernels/layout.js';
import { describeValue } from '../../tensor/describe.js';
import { ShapeError } from '../../tensor/errors.js';
import { layoutKernel, sliceLayout, unsliceLayout, type Window } from '../../tensor/kernels/layout.js';
import { formatShape, type Shape } from '../../tensor/shape.js';
import { defineOp } from '../define-op.js';
import type { OpFunction } from '../op.js';

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
