import {
  add,
  concat,
  exp,
  gather,
  linear,
  logSoftmax,
  logsumexp,
  mul,
  neg,
  reshape,
  sigmoid,
  square,
  sub,
  sum,
} from '../../autograd/index.js';
import { variable } from '../../autograd/variable.js';
import { HALF_LOG_TWO_PI } from '../../nn/losses.js';
import { integer, type Values } from '../../nn/schema/index.js';
import { full, normal } from '../../tensor/create.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import { Tensor } from '../../tensor/tensor.js';
import { softBound } from '../soft-bound.js';
import { definePrior, Prior, type PriorContext } from './prior.js';

/** Gaussians with independent dimensions, and what each counts. */
export interface MixtureComponents {
  /** [components, latent] */
  readonly mean: Tensor;
  /** [components, latent] */
  readonly logvar: Tensor;
  /** Logarithms of their weights, [components], which sum to 1. */
  readonly logWeight: Tensor;
}

/** A mixture of Gaussians. */
abstract class Mixture extends Prior {
  readonly #dtype: PriorContext['dtype'];

  constructor({ dtype }: PriorContext) {
    super();
    this.#dtype = dtype;
  }

  protected abstract components(): MixtureComponents;

  /**
   * The squared distances to all components at once, by one product of matrices: (z - m)^2 is taken apart, which in float32
   * costs about 1e-7 of z^2 / variance.
   */
  override fixedLogDensity(): (z: Tensor) => Tensor {
    const { mean, logvar, logWeight } = this.components();
    const precision = exp(neg(logvar));
    const constants = sum(add(mul(square(mean), precision), add(logvar, 2 * HALF_LOG_TWO_PI)), { axes: -1 });
    const weights = concat([mul(precision, -0.5), mul(mean, precision)], { axis: -1 });
    const bias = add(logWeight, mul(constants, -0.5));
    return (z) =>
      logsumexp(linear(concat([square(z), z], { axis: -1 }), weights, bias), { axes: -1, keepDims: true });
  }

  override logDensity(z: Tensor): Tensor {
    return this.fixedLogDensity()(z);
  }

  override sample(count: number, stream: RandomStream): Tensor {
    const { mean, logvar, logWeight } = this.components();
    const [, latent] = mean.shape;
    const chosen = choose(count, Array.from(logWeight.data, Math.exp), stream);
    const z = Tensor.uninitialized([count, latent], this.#dtype);
    stream.normal(z.data);
    for (let i = 0; i < z.size; i++) {
      const at = chosen[Math.floor(i / latent)] * latent + (i % latent);
      z.data[i] = mean.data[at] + Math.exp(logvar.data[at] / 2) * z.data[i];
    }
    return z;
  }
}

/** `count` components, each as often as its weight says. */
function choose(count: number, weights: readonly number[], stream: RandomStream): number[] {
  const last = weights.length - 1;
  const draws = stream.uniform(new Float64Array(count), 0, 1);
  return Array.from(draws, (u) => {
    let k = 0;
    for (let total = weights[0]; k < last && u >= total; total += weights[k]) k++;
    return k;
  });
}

/** A parameter of random starting values. */
function parameter(
  shape: readonly number[],
  fill: (data: Tensor['data']) => void,
  { dtype }: PriorContext,
): Tensor {
  const values = Tensor.persistent([...shape], dtype);
  fill(values.data);
  return variable(values);
}

/** A mixture of Gaussians whose means, variances and weights are trained. */
export class GaussianMixture extends Mixture {
  override readonly name = 'mixture';
  readonly mean: Tensor;
  readonly logvar: Tensor;
  readonly logits: Tensor;

  constructor({ components }: Values<typeof settings>, context: PriorContext) {
    super(context);
    const { latent, stream } = context;
    // Close to each other, so that it begins near the standard normal.
    this.mean = parameter([components, latent], (data) => stream.normal(data, 0, 0.3), context);
    this.logvar = parameter([components, latent], (data) => stream.normal(data, 0, 0.1), context);
    this.logits = parameter([components], (data) => data.fill(0), context);
  }

  protected override components(): MixtureComponents {
    const { mean, logvar, logits } = this;
    return { mean, logvar: softBound(logvar), logWeight: logSoftmax(logits) };
  }
}

/**
 * The posteriors of made-up examples, which are trained, with equal weights: the prior that a model of infinitely many
 * examples would have, cut short (Tomczak & Welling, "VAE with a VampPrior", 2018, equation 9). In a conditional model the labels
 * go round.
 */
export class VampPrior extends Mixture {
  override readonly name = 'vamp';
  /** Before they are brought into the range of the data: [components, features]. */
  readonly inputs: Tensor;
  readonly #context: PriorContext;

  readonly #labels: readonly number[] | undefined;

  constructor({ components }: Values<typeof settings>, context: PriorContext) {
    super(context);
    const { features, condition, stream } = context;
    this.#context = context;
    this.#labels = condition ? Array.from({ length: components }, (_, k) => k % condition.width) : undefined;
    this.inputs = parameter([components, features], (data) => stream.normal(data), context);
  }

  /** The made-up examples, [components, features]. */
  examples(): Tensor {
    const { low, high } = this.#context.range;
    const isBounded = Number.isFinite(low) && Number.isFinite(high);
    return isBounded ? add(mul(sigmoid(this.inputs), high - low), low) : this.inputs;
  }

  protected override components(): MixtureComponents {
    const { mean, logvar } = this.#context.encode(this.examples(), this.#labels);
    const [count] = mean.shape;
    return { mean, logvar, logWeight: full([count], -Math.log(count), { dtype: mean.dtype }) };
  }

  override fixedLogDensity(): (z: Tensor) => Tensor {
    const { posterior, encode } = this.#context;
    if (posterior.diagonal) return super.fixedLogDensity();
    const q = encode(this.examples(), this.#labels);
    const [count] = this.inputs.shape;
    return (z) => {
      // Each code beside every component: [..., batch, components].
      const beside = reshape(z, { shape: [...z.shape.slice(0, -1), 1, posterior.latent] });
      const each = sum(posterior.logDensity(q, beside), { axes: -1 });
      return sub(logsumexp(each, { axes: -1, keepDims: true }), Math.log(count));
    };
  }

  override sample(count: number, stream: RandomStream): Tensor {
    const { posterior, encode, dtype } = this.#context;
    if (posterior.diagonal) return super.sample(count, stream);
    const [components] = this.inputs.shape;
    const labels = this.#labels;
    const chosen = choose(count, Array(components).fill(1 / components), stream);
    const q = encode(gather(this.examples(), { indices: chosen }), labels && chosen.map((k) => labels[k]));
    return posterior.sample(q, normal([count, posterior.noise], stream, { dtype }), false);
  }
}

const settings = {
  /** How many components there are. Defaults to 10. */
  components: integer({ min: 1, default: 10, help: 'how many components' }),
};

const examples = () => [{ components: 1 }, { components: 3 }];

/** The specification of a mixture of Gaussians as the prior. */
export const mixturePrior = definePrior({
  name: 'mixture',
  doc: 'A mixture of Gaussians, trained with the model.',
  settings,
  build: (values, context) => new GaussianMixture(values, context),
  examples,
  minParameters: ({ components }) => components,
});

/** The specification of a VampPrior: the posteriors of made-up examples, trained with the model. */
export const vampPrior = definePrior({
  name: 'vamp',
  doc: 'The posteriors of made-up examples, which are trained (VampPrior).',
  settings: { components: { ...settings.components, default: 500 } },
  build: (values, context) => new VampPrior(values, context),
  examples,
  minParameters: ({ components }) => components,
});
