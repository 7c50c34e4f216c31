import { fastGather, fastScatterAdd } from '../../device/wasm/kernels/gather.js';
import { describeValue } from '../../tensor/describe.js';
import { ShapeError } from '../../tensor/errors.js';
import { gatherKernel, type Selection, scatterAddKernel } from '../../tensor/kernels/gather.js';
import { defineOp } from '../define-op.js';
import type { OpFunction } from '../op.js';
import { type AxesOptions, resolveAxis } from './axes.js';

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
