import { logSoftmax, mul, neg, noGrad, reshape, softmax, sum, takeAlongAxis } from '../../autograd/index.js';
import { complete, type Given, integer } from '../../nn/schema/index.js';
import { uniform } from '../../tensor/create.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import { Tensor } from '../../tensor/tensor.js';
import { defineLikelihood, Likelihood } from './likelihood.js';

const settings = {
  /** How many values there are: whole numbers from 0. */
  values: integer({ min: 2, help: 'how many values there are' }),
};

/** A categorical distribution for each value, one of the whole numbers 0 to values - 1, from as many logits. */
export class Categorical extends Likelihood {
  override readonly name = 'categorical';
  override readonly term = 'cross-entropy';
  override readonly range;
  override readonly mend = 'number the categories from 0, or raise values';
  override readonly outputs: number;

  /** @throws RangeError when there are fewer than 2 values; TypeError for an unknown setting. */
  constructor(given: Given<typeof settings>) {
    super();
    const { values } = complete(settings, given, 'Categorical');
    this.outputs = values;
    this.range = { low: 0, high: values - 1, step: 1 };
  }

  /** -log softmax(logits)[x]. */
  protected override nll(output: Tensor, x: Tensor): Tensor {
    const [batch, features] = x.shape;
    const chosen = new Tensor(x.data.map(Math.round), [batch, 1, features]);
    const logProbabilities = takeAlongAxis(logSoftmax(this.blocks(output), { axes: 1 }), chosen, { axis: 1 });
    return reshape(neg(logProbabilities), { shape: [batch, features] });
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

/** The specification of a categorical likelihood, for whole numbers from 0 to values - 1. */
export const categoricalLikelihood = defineLikelihood({
  name: 'categorical',
  doc: 'A categorical distribution for each value, from as many logits as there are values.',
  settings,
  build: (given) => new Categorical(given),
  examples: () => [{ values: 2 }, { values: 5 }],
});
