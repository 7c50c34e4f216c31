import {
  add,
  concat,
  exp,
  linear,
  logSoftmax,
  logsumexp,
  mul,
  neg,
  sigmoid,
  square,
  sum,
} from '../../autograd/index.js';
import { variable } from '../../autograd/variable.js';
import { HALF_LOG_TWO_PI } from '../../nn/losses.js';
import { integer, type Values } from '../../nn/schema/index.js';
import { full } from '../../tensor/create.js';
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
  override logDensity(z: Tensor): Tensor {
    const { mean, logvar, logWeight } = this.components();
    const precision = exp(neg(logvar));
    const constants = sum(add(mul(square(mean), precision), add(logvar, 2 * HALF_LOG_TWO_PI)), { axes: -1 });
    const weights = concat([mul(precision, -0.5), mul(mean, precision)], { axis: -1 });
    const powers = concat([square(z), z], { axis: -1 });
    const each = linear(powers, weights, add(logWeight, mul(constants, -0.5)));
    return logsumexp(each, { axes: -1, keepDims: true });
  }

  override sample(count: number, stream: RandomStream): Tensor {
    const { mean, logvar, logWeight } = this.components();
    const [components, latent] = mean.shape;
    const total = Array.from(logWeight.data, Math.exp);
    for (let k = 1; k < components; k++) total[k] += total[k - 1];
    const chosen = Array.from(stream.uniform(new Float64Array(count), 0, 1), (u) =>
      Math.min(
        components - 1,
        Math.max(
          0,
          total.findIndex((sum) => u < sum),
        ),
      ),
    );
    const z = Tensor.uninitialized([count, latent], this.#dtype);
    stream.normal(z.data);
    for (let i = 0; i < z.size; i++) {
      const at = chosen[Math.floor(i / latent)] * latent + (i % latent);
      z.data[i] = mean.data[at] + Math.exp(logvar.data[at] / 2) * z.data[i];
    }
    return z;
  }
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
    this.mean = parameter([components, latent], (data) => stream.normal(data), context);
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
 * examples would have, cut short (Tomczak & Welling, "VAE with a VampPrior", 2018, equation 9).
 */
export class VampPrior extends Mixture {
  override readonly name = 'vamp';
  /** Before they are brought into the range of the data: [components, features]. */
  readonly inputs: Tensor;
  readonly #context: PriorContext;

  /** @throws TypeError for a conditional model, whose encoder needs labels, or a posterior whose dimensions are not independent. */
  constructor({ components }: Values<typeof settings>, context: PriorContext) {
    super(context);
    const { features, isConditional, isDiagonal, stream } = context;
    if (isConditional || !isDiagonal) {
      const why = isConditional ? 'and this model is conditioned on labels' : 'of independent dimensions';
      throw new TypeError(
        `VAE: the vamp prior is made of the encoder's posteriors ${why}; take another ${isConditional ? 'prior' : 'posterior'}`,
      );
    }
    this.#context = context;
    this.inputs = parameter([components, features], (data) => stream.normal(data), context);
  }

  /** The made-up examples, [components, features]. */
  examples(): Tensor {
    const { low, high } = this.#context.range;
    const isBounded = Number.isFinite(low) && Number.isFinite(high);
    return isBounded ? add(mul(sigmoid(this.inputs), high - low), low) : this.inputs;
  }

  protected override components(): MixtureComponents {
    const { mean, logvar } = this.#context.encode(this.examples());
    const [count] = mean.shape;
    return { mean, logvar, logWeight: full([count], -Math.log(count), { dtype: mean.dtype }) };
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
});

/** The specification of a VampPrior: the posteriors of made-up examples, trained with the model. */
export const vampPrior = definePrior({
  name: 'vamp',
  doc: 'The posteriors of made-up examples, which are trained (VampPrior).',
  settings: { components: { ...settings.components, default: 500 } },
  fits: ({ posterior, isConditional }) => posterior === 'gaussian' && !isConditional,
  build: (values, context) => new VampPrior(values, context),
  examples,
});
