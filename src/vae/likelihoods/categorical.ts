import { logSoftmax, mul, neg, noGrad, softmax, sum } from '../../autograd/index.js';
import { uniform } from '../../tensor/create.js';
import { checkOptions } from '../../tensor/known-options.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import { Tensor } from '../../tensor/tensor.js';
import { Likelihood } from './likelihood.js';

/** A categorical distribution for each value, one of the whole numbers 0 to values - 1, from as many logits. */
export class Categorical extends Likelihood {
  override readonly name = 'categorical';
  override readonly term = 'cross-entropy';
  override readonly range;
  override readonly mend = 'number the categories from 0, or raise values';
  override readonly outputs: number;

  /**
   * @param values how many there are, 2 or more
   * @throws RangeError when there are fewer.
   */
  constructor(options: { readonly values: number }) {
    super();
    checkOptions(options, ['values'], 'Categorical');
    const { values } = options;
    if (!(Number.isSafeInteger(values) && values >= 2)) {
      throw new RangeError(`Categorical likelihood: values is ${values}; it must be an integer of 2 or more`);
    }
    this.outputs = values;
    this.range = { low: 0, high: values - 1, step: 1 };
  }

  /** -log softmax(logits)[x]. */
  protected override nll(output: Tensor, x: Tensor): Tensor {
    const logProbabilities = logSoftmax(this.blocks(output), { axes: 1 });
    const [batch, features] = x.shape;
    const chosen = Tensor.empty(logProbabilities.shape, x.dtype);
    for (let row = 0; row < batch; row++) {
      const first = row * this.outputs * features;
      for (let i = 0; i < features; i++) {
        chosen.data[first + Math.round(x.data[row * features + i]) * features + i] = 1;
      }
    }
    return neg(sum(mul(logProbabilities, chosen), { axes: 1 }));
  }

  /** The mean of the numbers 0 to values - 1. */
  override mean(output: Tensor): Tensor {
    const numbers = Tensor.empty([this.outputs, 1], output.dtype);
    for (let k = 0; k < this.outputs; k++) numbers.data[k] = k;
    return sum(mul(softmax(this.blocks(output), { axes: 1 }), numbers), { axes: 1 });
  }

  override sample(output: Tensor, stream: RandomStream): Tensor {
    const { data, shape } = noGrad(() => softmax(this.blocks(output), { axes: 1 }));
    const [batch, values, features] = shape;
    const draws = uniform([batch, features], stream, { dtype: output.dtype });
    for (let at = 0; at < draws.size; at++) {
      const first = Math.floor(at / features) * values * features + (at % features);
      let left = draws.data[at];
      let k = 0;
      while (k < values - 1 && left >= data[first + k * features]) left -= data[first + k++ * features];
      draws.data[at] = k;
    }
    return draws;
  }
}
