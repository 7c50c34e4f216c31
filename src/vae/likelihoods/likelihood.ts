import { add, mean as meanOf, neg, reshape, slice } from '../../autograd/index.js';
import { checkValues, type ValueRange } from '../../data/range.js';
import { sumPerExample } from '../../nn/losses.js';
import { Module } from '../../nn/module.js';
import type { DType } from '../../tensor/dtype.js';
import { ShapeError } from '../../tensor/errors.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import { formatShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { type DefinePart, Registry } from '../parts/registry.js';
import { repeatedRows } from '../samples.js';

/** p(x | z), given what the decoder puts out. All terms are in nats per example: summed over dimensions, mean over the batch. */
export abstract class Likelihood extends Module {
  /** For configurations, errors and reports: 'bernoulli'. */
  abstract readonly name: string;
  /** What `reconstruction` shows a person: 'cross-entropy', 'squared error', ... */
  abstract readonly term: string;
  /** The data that it takes. */
  abstract readonly range: ValueRange;
  /** How to mend data outside of `range`, as the end of a sentence. */
  abstract readonly mend: string;
  /**
   * Numbers that the decoder puts out for each value of the data. With K of them its output, of shape
   * [batch, K * features], is K blocks, each with one number for every value.
   */
  readonly outputs: number = 1;

  /** -log p(x | z) of each value, without {@link constant}: [batch, features], for x in `range`. */
  protected abstract nll(output: Tensor, x: Tensor): Tensor;

  /** E[x | z], [batch, features]: what a picture shows. */
  abstract mean(output: Tensor): Tensor;

  /** A draw of x given z, [batch, features]; plain data. */
  abstract sample(output: Tensor, stream: RandomStream): Tensor;

  /**
   * The part of -log p(x | z) that depends on the parameters, of each example in nats: [batch]. {@link constant} is the rest.
   * @param output [batch, outputs * features], what the decoder puts out
   * @param x [batch, features]
   * @throws ShapeError when the shapes do not fit; RangeError naming the first value outside of `range`.
   */
  perExample(output: Tensor, x: Tensor): Tensor {
    this.check(output, x);
    return sumPerExample(this.nll(output, x));
  }

  /** The mean of {@link perExample} over the batch: a scalar, in nats per example. */
  reconstruction(output: Tensor, x: Tensor): Tensor {
    return meanOf(this.perExample(output, x));
  }

  /**
   * log p(x | z) of each row of the output, in nats, with every constant: [samples * batch].
   * @param output [samples * batch, outputs * features], what the decoder puts out for the batch, `samples` times over
   * @param x [batch, features]
   * @throws ShapeError when the shapes do not fit; RangeError naming the first value outside of `range`.
   */
  logDensity(output: Tensor, x: Tensor): Tensor {
    const [batch, features] = x.shape;
    const samples = output.shape[0] / batch;
    const rows = samples > 1 && Number.isInteger(samples) ? repeatedRows(x, samples) : x;
    return neg(add(this.perExample(output, rows), this.constant(features)));
  }

  /** What `reconstruction` leaves out of -log p(x | z): a number that no parameter changes, in nats per example. */
  constant(_features: number): number {
    return 0;
  }

  /** @throws RangeError naming the first value outside of `range`, by example and element. */
  checkData(x: Tensor, who: string, first = 0): void {
    checkValues(x, this.range, `${who}: the ${this.name} likelihood`, this.mend, first);
  }

  protected check(output: Tensor, x: Tensor): void {
    const fits = x.rank === 2 && output.rank === 2 && output.shape[0] === x.shape[0];
    if (!fits || output.shape[1] !== this.outputs * x.shape[1]) {
      const wanted =
        this.outputs === 1
          ? 'must both be [batch, features]'
          : `must be [batch, ${this.outputs} * features] and [batch, features]`;
      throw new ShapeError(
        `${this.name} likelihood: the decoder's output ${formatShape(output.shape)} and the data ${formatShape(x.shape)} ${wanted}`,
      );
    }
    this.checkData(x, 'reconstruction');
  }

  /** The blocks of the output as [batch, outputs, features]. */
  protected blocks(output: Tensor): Tensor {
    const [batch, width] = output.shape;
    if (width % this.outputs !== 0) {
      throw new ShapeError(
        `${this.name} likelihood: the decoder's output ${formatShape(output.shape)} must be [batch, ${this.outputs} * features]`,
      );
    }
    return reshape(output, { shape: [batch, this.outputs, width / this.outputs] });
  }

  /** Block `k` of the output, [batch, features]. */
  protected block(output: Tensor, k: number): Tensor {
    const [batch, width] = output.shape;
    const features = width / this.outputs;
    return slice(output, { start: [0, k * features], stop: [batch, (k + 1) * features] });
  }
}

/** What the rest of the model asks of a likelihood. */
export interface LikelihoodContext {
  readonly dtype: DType;
}

export const likelihoods = new Registry<LikelihoodContext, Likelihood>('likelihood', 'defineLikelihood');

/** Registers a likelihood, which specifications and checkpoints can then name. @throws Error when its name is taken. */
// @__NO_SIDE_EFFECTS__
export const defineLikelihood: DefinePart<LikelihoodContext, Likelihood> = (definition) =>
  likelihoods.add(definition);
