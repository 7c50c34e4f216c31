import { fastLayout } from '../../device/wasm/kernels/layout.js';
import { ShapeError } from '../../tensor/errors.js';
import {
  broadcastLayout,
  layoutKernel,
  reshapeLayout,
  transposeLayout,
} from '../../tensor/kernels/layout.js';
import {
  broadcastShapes,
  checkShape,
  formatShape,
  normalizeAxis,
  type Shape,
  sameShape,
  sizeOf,
} from '../../tensor/shape.js';
import { defineOp } from '../define-op.js';
import type { OpFunction } from '../op.js';
import { anyShape, same } from '../shape-rules.js';
import { givenAxes } from './axes.js';

const copy = layoutKernel(reshapeLayout);

/** x itself, as a node of its own in the recorded graph. */
export const alias = defineOp({
  name: 'alias',
  doc: 'x itself, as a node of its own in the graph.',
  arity: 1,
  shape: same,
  forward: copy,
  kernels: { wasm: fastLayout('alias', reshapeLayout) },
  saves: [],
  vjp: [(g) => g],
  domain: { cases: anyShape },
});

/** x as a constant: the same elements, and no gradient flows back through it. */
export const stopGradient = defineOp({
  name: 'stopGradient',
  doc: 'x as a constant: no gradient flows back through it.',
  arity: 1,
  shape: same,
  forward: copy,
  kernels: { wasm: fastLayout('stopGradient', reshapeLayout) },
  saves: [],
  vjp: ['constant'],
  domain: { cases: anyShape, derivative: 'none' },
});

/** Fills in the one dimension given as -1, so that the sizes agree. */
function completeShape(shape: Shape, size: number, name: string): Shape {
  if (!Array.isArray(shape)) checkShape(shape, name);
  const open = shape.indexOf(-1);
  const known = sizeOf(shape.filter((_, i) => i !== open));
  const complete = open < 0 ? shape : shape.map((n, i) => (i === open ? size / known : n));
  const whole = complete.every((n) => Number.isInteger(n) && n >= 0);
  if (!whole || sizeOf(complete) !== size) {
    throw new ShapeError(
      `${name}: ${size} elements do not fit shape ${formatShape(shape)}; the product of the sizes must be ${size} ` +
        '(one size may be -1)',
    );
  }
  return complete;
}

/** The shape of a result. */
export interface ShapeAttribute {
  readonly shape: Shape;
}

/**
 * The elements of x in row-major order under another shape; one size may be -1, to be worked out from the others.
 * @example reshape(x, { shape: [-1, 784] })
 * @throws ShapeError unless the product of the sizes is the number of elements.
 */
export const reshape: OpFunction<1, ShapeAttribute> = defineOp({
  name: 'reshape',
  doc: 'The elements of x in row-major order under another shape; one size may be -1.',
  arity: 1,
  options: ['shape'],
  attributes: (given: ShapeAttribute | undefined, [x], name) => {
    if (given === undefined)
      throw new ShapeError(`${name}: needs a shape, as in reshape(x, { shape: [2, 3] })`);
    return { shape: completeShape(given.shape, sizeOf(x), name) };
  },
  shape: (_, { shape }) => shape,
  forward: copy,
  kernels: { wasm: fastLayout('reshape', reshapeLayout) },
  saves: [],
  vjp: [(g, { shapes: [shape] }) => reshape(g, { shape })],
  domain: {
    cases: [
      { shapes: [['m', 'n']], attributes: ({ m, n }) => ({ shape: [m * n] }), label: 'flattened' },
      { shapes: [['m', 'n']], attributes: ({ m }) => ({ shape: [1, -1, m] }), label: 'one size open' },
      { shapes: [[1, 1]], attributes: { shape: [] } },
    ],
  },
});

/** The order of dimensions of a transposition, by either name. */
export interface TransposeOptions {
  readonly axes?: readonly number[];
  readonly axis?: readonly number[];
}

/**
 * Dimensions in another order: dimension i of the result is dimension `axes[i]` of x. By default they are reversed.
 * @example transpose(x, { axes: [0, 2, 1] }) // [b, m, n] gives [b, n, m]
 * @throws ShapeError unless `axes` name each dimension once.
 */
export const transpose: OpFunction<1, TransposeOptions> = defineOp({
  name: 'transpose',
  doc: 'Dimension i of the result is dimension axes[i] of x; reversed unless axes are given.',
  arity: 1,
  options: ['axes', 'axis'],
  attributes: (given: TransposeOptions | undefined, [x], name) => {
    const order = givenAxes(given, name) ?? x.map((_, i) => x.length - 1 - i);
    const axes = [order].flat().map((axis) => normalizeAxis(axis, x.length, name));
    if (axes.length !== x.length || new Set(axes).size !== axes.length) {
      throw new ShapeError(
        `${name}: axes ${formatShape(axes)} must name each dimension of ${formatShape(x)} once`,
      );
    }
    return { axes };
  },
  shape: ([x], { axes }) => axes.map((axis) => x[axis]),
  forward: layoutKernel(transposeLayout),
  kernels: { wasm: fastLayout('transpose', transposeLayout) },
  saves: [],
  vjp: [(g, { attributes: { axes } }) => transpose(g, { axes: axes.map((_, i) => axes.indexOf(i)) })],
  domain: {
    cases: [
      { shapes: 'any' },
      { shapes: [['l', 'm', 'n']], attributes: { axes: [1, 2, 0] } },
      { shapes: [['l', 'm', 'n']], attributes: { axes: [0, 2, 1] } },
      { shapes: [['m', 'n']], attributes: { axes: [-1, 0] } },
    ],
  },
});

/**
 * x stretched to a shape by NumPy's rule: aligned at the last dimension, sizes of 1 repeat.
 * @throws ShapeError when x does not stretch to the shape.
 */
export const broadcastTo: OpFunction<1, ShapeAttribute> = defineOp({
  name: 'broadcastTo',
  doc: "x stretched to a shape by NumPy's rule.",
  arity: 1,
  options: ['shape'],
  attributes: (given: ShapeAttribute | undefined, [x], name) => {
    if (given === undefined)
      throw new ShapeError(`${name}: needs a shape, as in broadcastTo(x, { shape: [2, 3] })`);
    checkShape(given.shape, name);
    if (!sameShape(broadcastShapes(x, given.shape, name), given.shape)) {
      throw new ShapeError(
        `${name}: ${formatShape(x)} does not stretch to the smaller shape ${formatShape(given.shape)}`,
      );
    }
    return { shape: given.shape };
  },
  shape: (_, { shape }) => shape,
  forward: layoutKernel(broadcastLayout),
  kernels: { wasm: fastLayout('broadcastTo', broadcastLayout) },
  saves: [],
  vjp: [(g) => g],
  domain: {
    cases: [
      { shapes: [['n']], attributes: ({ n }) => ({ shape: [3, n] }), label: 'a new dimension' },
      {
        shapes: [['m', 1]],
        attributes: ({ m }) => ({ shape: [2, m, 3] }),
        label: 'a new and a stretched dimension',
      },
      { shapes: [[]], attributes: { shape: [2, 2] } },
      { shapes: [['m', 1, 'n']], attributes: ({ m, n }) => ({ shape: [m, 0, n] }), label: 'to nothing' },
    ],
  },
});
