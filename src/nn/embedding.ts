import { gather } from '../autograd/ops/gather.js';
import { reshape } from '../autograd/ops/shape.js';
import { variable } from '../autograd/variable.js';
import { COUNT, checkNumber } from '../tensor/check-number.js';
import type { DType } from '../tensor/dtype.js';
import { checkIndices } from '../tensor/indices.js';
import { checkOptions } from '../tensor/known-options.js';
import type { RandomStream } from '../tensor/random/stream.js';
import { Tensor } from '../tensor/tensor.js';
import { Layer } from './module.js';

/** Options of {@link Embedding}. */
export interface EmbeddingOptions {
  /** How many rows there are: indices run from 0 to count - 1. At least 1. */
  readonly count: number;
  /** Numbers in a row, at least 1. */
  readonly size: number;
  /** Where the starting values come from: N(0, 1), as in PyTorch. */
  readonly stream: RandomStream;
  /** Defaults to float32. */
  readonly dtype?: DType;
}

/** A table of learned rows, looked up by index: PyTorch's `Embedding`. The gradient adds up at rows that are used again. */
export class Embedding extends Layer {
  readonly count: number;
  readonly size: number;
  /** Shape [count, size]. */
  readonly weight: Tensor;

  /** @throws RangeError unless `count` and `size` are positive integers. */
  constructor(options: EmbeddingOptions) {
    super();
    checkOptions(options, ['count', 'size', 'stream', 'dtype'], 'Embedding');
    const { count, size, stream, dtype = 'float32' } = options;
    checkNumber(count, COUNT, 'count', 'Embedding');
    checkNumber(size, COUNT, 'size', 'Embedding');
    const values = Tensor.persistent([count, size], dtype);
    stream.normal(values.data);
    this.count = count;
    this.size = size;
    this.weight = variable(values, 'weight');
  }

  /**
   * @param indices integers from 0 to count - 1, of any shape; a list or a typed array has one dimension
   * @returns shape [...indices, size]
   * @throws RangeError naming the first index that is out of range.
   */
  override forward(indices: Tensor | ArrayLike<number>): Tensor {
    const [list, shape] =
      indices instanceof Tensor ? [indices.data, indices.shape] : [indices, [indices.length]];
    checkIndices(list, this.count, 'Embedding: index');
    return reshape(gather(this.weight, { indices: list }), { shape: [...shape, this.size] });
  }

  protected override settings(): string {
    return `count=${this.count}, size=${this.size}`;
  }
}
