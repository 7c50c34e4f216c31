import { relu } from '../autograd/ops/activations.js';
import { linear } from '../autograd/ops/linear.js';
import { matmul } from '../autograd/ops/matmul.js';
import { variable } from '../autograd/variable.js';
import { COUNT, checkNumber } from '../tensor/check-number.js';
import { checkDType, type DType } from '../tensor/dtype.js';
import { ShapeError } from '../tensor/errors.js';
import type { LinearActivation } from '../tensor/kernels/linear.js';
import { checkOptions } from '../tensor/known-options.js';
import { checkStream } from '../tensor/random/check-stream.js';
import type { RandomStream } from '../tensor/random/stream.js';
import { formatShape, type Shape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { type Initialization, type InitializationName, initialization } from './init.js';
import { LinearLayer } from './module.js';

/** Options of {@link Dense}. */
export interface DenseOptions {
  /** Numbers per example going in, at least 1. */
  readonly inputs: number;
  /** Numbers per example coming out, at least 1. */
  readonly outputs: number;
  /** Add a bias. Defaults to true. */
  readonly bias?: boolean;
  /** What weight and bias start from. Defaults to 'torch'. */
  readonly initialize?: InitializationName | Initialization;
  /** Where random starting values come from: first the weight's, then the bias's. */
  readonly stream: RandomStream;
  /** Defaults to float32. */
  readonly dtype?: DType;
}

/** A fully connected layer, y = x W^T + b, with PyTorch's layout of the weight. */
export class Dense extends LinearLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** Shape [outputs, inputs]. */
  readonly weight: Tensor;
  /** Shape [outputs]; null when there is none. */
  readonly bias: Tensor | null;

  /**
   * @throws RangeError when a size is not a positive integer, or `initialize` is not a known name; TypeError for an option
   * that does not exist, or no stream; DTypeError for another dtype.
   */
  constructor(options: DenseOptions) {
    super();
    checkOptions(options, ['inputs', 'outputs', 'bias', 'initialize', 'stream', 'dtype'], 'Dense');
    const { inputs, outputs, bias = true, initialize = 'torch', stream, dtype = 'float32' } = options;
    checkNumber(inputs, COUNT, 'inputs', 'Dense');
    checkNumber(outputs, COUNT, 'outputs', 'Dense');
    checkStream(stream, 'Dense');
    checkDType(dtype, 'Dense');
    const start = initialization(initialize, 'Dense');
    const parameter = (name: 'weight' | 'bias', shape: Shape): Tensor => {
      const values = Tensor.persistent(shape, dtype);
      start[name](values.data, { fanIn: inputs, fanOut: outputs }, stream);
      return variable(values, name);
    };
    this.inputs = inputs;
    this.outputs = outputs;
    this.weight = parameter('weight', [outputs, inputs]);
    this.bias = bias ? parameter('bias', [outputs]) : null;
  }

  /**
   * @param x shape [..., inputs], at least 2 dimensions
   * @param activation 'relu' for max(y, 0) in the same pass, with the bits of a ReLU layer after this one
   * @returns shape [..., outputs]
   * @throws ShapeError when the last dimension of `x` is not `inputs`.
   */
  override forward(x: Tensor, activation: LinearActivation = 'none'): Tensor {
    if (x.rank < 2 || x.shape[x.rank - 1] !== this.inputs) {
      const mend = x.rank < 2 ? 'reshape one example to [1, inputs]' : 'reshape it, or change inputs';
      throw new ShapeError(
        `Dense: takes [batch, ${this.inputs}] (${this.weight.label} is ${formatShape(this.weight.shape)}), ` +
          `but got ${formatShape(x.shape)}; ${mend}`,
      );
    }
    if (this.bias !== null) return linear(x, this.weight, this.bias, { activation });
    const product = matmul(x, this.weight, { transposeB: true });
    return activation === 'relu' ? relu(product) : product;
  }

  protected override settings(): string {
    return `inputs=${this.inputs}, outputs=${this.outputs}, bias=${this.bias !== null}`;
  }
}
