import { fastLayout } from '../../device/wasm/kernels/layout.js';
import { ShapeError } from '../../tensor/errors.js';
import { concatLayout, layoutKernel, stackLayout } from '../../tensor/kernels/layout.js';
import { formatShape, type Shape, sameShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { defineOp } from '../define-op.js';
import type { OpFunction } from '../op.js';
import { type AxesOptions, resolveAxis } from './axes.js';
import { reshape } from './shape.js';
import { slice } from './slice.js';

const without = (shape: Shape, axis: number): Shape => shape.filter((_, d) => d !== axis);

function checkAlike(
  shapes: readonly Shape[],
  alike: (shape: Shape) => boolean,
  name: string,
  what: string,
): void {
  const odd = shapes.findIndex((shape) => !alike(shape));
  if (odd < 0) return;
  throw new ShapeError(
    `${name}: all inputs must have the same shape${what}, but input 0 has ${formatShape(shapes[0])} and input ${odd} has ${formatShape(shapes[odd])}`,
  );
}

function firstShape(shapes: readonly Shape[], name: string): Shape {
  if (shapes.length === 0) throw new ShapeError(`${name}: needs at least one tensor`);
  return shapes[0];
}

/** The part of `x` from `start` to `stop` along an axis. */
export function span(x: Tensor, axis: number, start: number, stop: number): Tensor {
  const at = (value: number, elsewhere: (n: number) => number) =>
    x.shape.map((n, d) => (d === axis ? value : elsewhere(n)));
  return slice(x, { start: at(start, () => 0), stop: at(stop, (n) => n) });
}

/**
 * The inputs one after another along an axis; it gives the shape of the inputs with the sum of their sizes there.
 * @example concat([a, b], { axis: 1 }) // [m, 2] and [m, 3] give [m, 5]
 * @throws ShapeError when there is no input, or shapes differ elsewhere than along the axis.
 */
export const concat: OpFunction<'many', AxesOptions> = defineOp({
  name: 'concat',
  doc: 'The inputs one after another along an axis (0 by default).',
  arity: 'many',
  options: ['axes', 'axis'],
  attributes: (given: AxesOptions | undefined, shapes, name) => ({
    axis: resolveAxis(given, firstShape(shapes, name).length, name),
  }),
  shape: (shapes, { axis }, name) => {
    const rest = without(shapes[0], axis);
    const rank = shapes[0].length;
    checkAlike(
      shapes,
      (s) => s.length === rank && sameShape(without(s, axis), rest),
      name,
      ` but for axis ${axis}`,
    );
    return shapes[0].map((n, d) => (d === axis ? shapes.reduce((total, s) => total + s[axis], 0) : n));
  },
  forward: layoutKernel(concatLayout),
  kernels: { wasm: fastLayout('concat', concatLayout) },
  saves: [],
  vjp: (g, { shapes, attributes: { axis } }, input) => {
    const start = shapes.slice(0, input).reduce((total, s) => total + s[axis], 0);
    return span(g, axis, start, start + shapes[input][axis]);
  },
  domain: {
    cases: [
      { shapes: [['n'], ['m']] },
      {
        shapes: [
          ['m', 2],
          ['m', 'n'],
          ['m', 1],
        ],
        attributes: { axis: -1 },
      },
      {
        shapes: [
          ['l', 'm', 'n'],
          ['l', 0, 'n'],
          ['l', 'k', 'n'],
        ],
        attributes: { axis: 1 },
      },
    ],
  },
});

/**
 * The inputs, all of one shape, along a new axis whose size is their number.
 * @example stack([a, b], { axis: -1 }) // two of [m, n] give [m, n, 2]
 * @throws ShapeError when there is no input, or shapes differ.
 */
export const stack: OpFunction<'many', AxesOptions> = defineOp({
  name: 'stack',
  doc: 'The inputs, all of one shape, along a new axis (0 by default).',
  arity: 'many',
  options: ['axes', 'axis'],
  attributes: (given: AxesOptions | undefined, shapes, name) => ({
    axis: resolveAxis(given, firstShape(shapes, name).length + 1, name),
  }),
  shape: (shapes, { axis }, name) => {
    checkAlike(shapes, (s) => sameShape(s, shapes[0]), name, '');
    return [...shapes[0].slice(0, axis), shapes.length, ...shapes[0].slice(axis)];
  },
  forward: layoutKernel(stackLayout),
  kernels: { wasm: fastLayout('stack', stackLayout) },
  saves: [],
  vjp: (g, { shapes, attributes: { axis } }, input) =>
    reshape(span(g, axis, input, input + 1), { shape: shapes[input] }),
  domain: {
    cases: [
      { shapes: [['n'], ['n']] },
      {
        shapes: [
          ['m', 'n'],
          ['m', 'n'],
          ['m', 'n'],
        ],
        attributes: { axis: -1 },
      },
      { shapes: [[], []], attributes: { axis: 0 } },
    ],
  },
});
