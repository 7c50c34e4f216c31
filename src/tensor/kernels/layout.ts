import { type Shape, sizeOf, stridesOf } from '../shape.js';
import type { Kernel } from './elementwise.js';
import { broadcastCopy, copyStrided, type StridedCopy, stridedCopy, transposeCopy } from './strided.js';

/**
 * How an op moves elements without computing: one copy per input. Elements of the result that no copy reaches are 0. Both the
 * plain kernel and the fast ones follow it.
 */
export type Layout<Attributes = unknown> = (
  out: Shape,
  inputs: readonly Shape[],
  attributes: Attributes,
) => readonly StridedCopy[];

/** The plain kernel of a layout. */
export const layoutKernel =
  <A>(layout: Layout<A>): Kernel<A> =>
  (out, inputs, attributes) => {
    const shapes = inputs.map((x) => x.shape);
    layout(out.shape, shapes, attributes).forEach((copy, i) => {
      copyStrided(out.data, inputs[i].data, copy);
    });
  };

/** All elements in row-major order. */
export const reshapeLayout: Layout = (out) => [stridedCopy([sizeOf(out)], [1], [1])];

/** out = x, stretched to the shape of out. */
export const broadcastLayout: Layout = (out, [x]) => [broadcastCopy(x, out)];

/** out dimension i is dimension axes[i] of x. */
export const transposeLayout: Layout<{ readonly axes: readonly number[] }> = (_, [x], { axes }) => [
  transposeCopy(x, axes),
];

/** out = x walked backwards along the axes. */
export const flipLayout: Layout<{ readonly axes: readonly number[] }> = (out, [x], { axes }) => {
  const strides = stridesOf(x);
  const from = axes.reduce((start, d) => start + Math.max(0, x[d] - 1) * strides[d], 0);
  const steps = strides.map((stride, d) => (axes.includes(d) ? -stride : stride));
  return [stridedCopy(out, steps, strides, { from })];
};

/** A regular sub-array: start + i * step along each dimension. */
export interface Window {
  readonly start: readonly number[];
  readonly step: readonly number[];
}

/** The offset of a window in an array with these strides, and its steps in elements. */
function windowIn(strides: readonly number[], { start, step }: Window) {
  return {
    origin: start.reduce((sum, at, d) => sum + at * strides[d], 0),
    steps: strides.map((stride, d) => stride * step[d]),
  };
}

/** out = x inside the window. */
export const sliceLayout: Layout<Window> = (out, [x], window) => {
  const { origin, steps } = windowIn(stridesOf(x), window);
  return [stridedCopy(out, steps, stridesOf(out), { from: origin })];
};

/** out = x inside the window, zero elsewhere. */
export const unsliceLayout: Layout<Window> = (out, [x], window) => {
  const { origin, steps } = windowIn(stridesOf(out), window);
  return [stridedCopy(x, stridesOf(x), steps, { to: origin })];
};

/** The inputs one after another along an axis. */
export const concatLayout: Layout<{ readonly axis: number }> = (out, inputs, { axis }) => {
  const strides = stridesOf(out);
  let start = 0;
  return inputs.map((x) => {
    const copy = stridedCopy(x, stridesOf(x), strides, { to: start * strides[axis] });
    start += x[axis];
    return copy;
  });
};

/** The inputs side by side along a new axis. */
export const stackLayout: Layout<{ readonly axis: number }> = (out, inputs, { axis }) => {
  const strides = stridesOf(out);
  const others = strides.filter((_, d) => d !== axis);
  return inputs.map((x, i) => stridedCopy(x, stridesOf(x), others, { to: i * strides[axis] }));
};

/** [outer, n, inner]: sizes before, at and after `axis`. */
export function around(shape: Shape, axis: number): [outer: number, n: number, inner: number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis], sizeOf(shape.slice(axis + 1))];
}
