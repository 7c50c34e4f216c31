import { allocate, convert, type DType, dtypeOf, type TensorData } from './dtype.js';
import { ShapeError } from './errors.js';
import { formatTensor } from './print.js';
import { checkShape, formatShape, type Shape, sizeOf, stridesOf } from './shape.js';

/** Numbers nested as deep as the rank of a tensor; a plain number for a scalar. */
export type NestedNumbers = number | readonly NestedNumbers[];

/**
 * An n-dimensional array of float32 or float64 numbers: row-major, contiguous, not resized.
 *
 * Ops treat a tensor as a value and never write into one; only optimisers do, to parameters.
 */
export class Tensor {
  readonly dtype: DType;
  /** A name for people: shown in graphs, reports and errors. */
  label: string | undefined = undefined;
  /**
   * What made this tensor, for whoever records that (the autograd layer does); null for plain data.
   * @internal
   */
  origin: object | null = null;

  /**
   * @param data elements in row-major order; kept, not copied.
   * @throws ShapeError when `data` has not as many elements as `shape` says.
   */
  constructor(
    readonly data: TensorData,
    readonly shape: Shape,
  ) {
    if (data.length !== sizeOf(shape)) {
      checkShape(shape, 'Tensor');
      throw new ShapeError(
        `Tensor: shape ${formatShape(shape)} needs ${sizeOf(shape)} elements, but the data has ${data.length}`,
      );
    }
    this.dtype = dtypeOf(data);
  }

  /** Zeros, in new storage. */
  static empty(shape: Shape, dtype: DType): Tensor {
    return new Tensor(allocate(dtype, sizeOf(shape)), shape);
  }

  /** Number of dimensions. */
  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return this.data.length;
  }

  /** Gives the tensor a name for people, and returns it. */
  named(label: string): this {
    this.label = label;
    return this;
  }

  /** The one number in a tensor of size 1. @throws ShapeError for any other size. */
  item(): number {
    if (this.size !== 1) {
      throw new ShapeError(
        `item: a tensor of shape ${formatShape(this.shape)} has ${this.size} elements, not 1`,
      );
    }
    return this.data[0];
  }

  /** The element at one index per dimension; negative indices count from the end. @throws ShapeError out of range. */
  at(...indices: readonly number[]): number {
    if (indices.length !== this.rank) {
      throw new ShapeError(
        `at: shape ${formatShape(this.shape)} takes ${this.rank} indices, but got ${indices.length}`,
      );
    }
    const strides = stridesOf(this.shape);
    let offset = 0;
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i] < 0 ? indices[i] + this.shape[i] : indices[i];
      if (!Number.isInteger(index) || index < 0 || index >= this.shape[i]) {
        throw new ShapeError(
          `at: index ${indices[i]} is out of range for dimension ${i} of size ${this.shape[i]}`,
        );
      }
      offset += index * strides[i];
    }
    return this.data[offset];
  }

  /** The elements as nested arrays; a number for a scalar. */
  toArray(): NestedNumbers {
    const nest = (dimension: number, offset: number, stride: number): NestedNumbers => {
      if (dimension === this.rank) return this.data[offset];
      const length = this.shape[dimension];
      const inner = length === 0 ? 0 : stride / length;
      return Array.from({ length }, (_, i) => nest(dimension + 1, offset + i * inner, inner));
    };
    return nest(0, 0, this.size);
  }

  /** A copy as plain data of `dtype`, not connected to any recorded graph. */
  to(dtype: DType): Tensor {
    return new Tensor(convert(this.data, dtype), this.shape);
  }

  /** A copy as plain data, not connected to any recorded graph. */
  clone(): Tensor {
    return this.to(this.dtype);
  }

  /** Shape, dtype and a shortened body, as a person reads it. */
  toString(): string {
    return formatTensor(this);
  }

  /** What `console.log` shows in Node. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
