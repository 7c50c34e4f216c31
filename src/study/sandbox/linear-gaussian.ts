import {
  add,
  broadcastTo,
  exp,
  linear,
  mean,
  mul,
  square,
  sub,
  sum,
  variable,
} from '../../autograd/index.js';
import { HALF_LOG_TWO_PI } from '../../nn/losses.js';
import { Module } from '../../nn/module.js';
import { full, normal } from '../../tensor/create.js';
import { ShapeError } from '../../tensor/errors.js';
import { checkOptions } from '../../tensor/known-options.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import { formatShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { gaussianKl } from '../../vae/kl.js';
import type { Posterior } from '../../vae/parts/posterior.js';
import { reparameterize } from '../../vae/reparameterize.js';

const float64 = { dtype: 'float64' } as const;

/** Sizes of a {@link LinearGaussianVae}, and its noise. */
export interface LinearGaussianOptions {
  readonly features: number;
  readonly latent: number;
  /** Standard deviation of the noise on x. Defaults to 0.5. */
  readonly sigma?: number;
  /** Make the columns of W orthogonal, so that the true posterior has a diagonal covariance. Defaults to false. */
  readonly orthogonal?: boolean;
  /** For the initial values. */
  readonly stream: RandomStream;
}

/** Makes columns orthogonal (Gram-Schmidt), keeping lengths. */
function makeOrthogonal(w: Tensor): void {
  const [rows, columns] = w.shape;
  const { data } = w;
  const inner = (j: number, k: number): number => {
    let total = 0;
    for (let i = 0; i < rows; i++) total += data[i * columns + j] * data[i * columns + k];
    return total;
  };
  for (let j = 1; j < columns; j++) {
    // Twice is enough for full accuracy.
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < j; k++) {
        const share = inner(j, k) / inner(k, k);
        for (let i = 0; i < rows; i++) data[i * columns + j] -= share * data[i * columns + k];
      }
    }
  }
}

/**
 * A VAE with everything in closed form: p(z) = N(0, I), p(x | z) = N(W z + b, sigma^2 I), q(z | x) = N(V x + c, e^logvar)
 * (probabilistic PCA, Tipping & Bishop 1999, with an encoder of its own). In float64.
 */
export class LinearGaussianVae extends Module {
  readonly features: number;
  readonly latent: number;
  /** W, [features, latent]. */
  readonly weight: Tensor;
  /** b, [features]. */
  readonly bias: Tensor;
  /** log sigma, a scalar. */
  readonly logsigma: Tensor;
  /** V, [latent, features]. */
  readonly encoderWeight: Tensor;
  /** c, [latent]. */
  readonly encoderBias: Tensor;
  /** Of q, the same for every x: [latent]. */
  readonly logvar: Tensor;

  /** @throws RangeError when sigma is not a positive number, or more orthogonal columns are asked for than there are rows. */
  constructor(options: LinearGaussianOptions) {
    super();
    checkOptions(options, ['features', 'latent', 'sigma', 'orthogonal', 'stream'], 'LinearGaussianVae');
    const { features, latent, sigma = 0.5, orthogonal = false, stream } = options;
    if (!(sigma > 0 && Number.isFinite(sigma))) {
      throw new RangeError(`LinearGaussianVae: sigma is ${sigma}; it must be a finite number above 0`);
    }
    if (orthogonal && latent > features) {
      throw new RangeError(
        `LinearGaussianVae: ${latent} columns of ${features} numbers cannot be orthogonal; use fewer latent dimensions`,
      );
    }
    const draw = (shape: readonly number[], std: number): Tensor =>
      normal(shape, stream, { ...float64, std });
    const w = draw([features, latent], 1 / Math.sqrt(latent));
    if (orthogonal) makeOrthogonal(w);
    this.features = features;
    this.latent = latent;
    this.weight = variable(w, 'weight');
    this.bias = variable(draw([features], 0.5), 'bias');
    this.logsigma = variable(full([], Math.log(sigma), float64), 'logsigma');
    this.encoderWeight = variable(draw([latent, features], 1 / features), 'encoderWeight');
    this.encoderBias = variable(draw([latent], 0.1), 'encoderBias');
    this.logvar = variable(draw([latent], 0.3), 'logvar');
  }

  /** `count` examples of the model, [count, features]. */
  sample(count: number, stream: RandomStream): Tensor {
    const z = normal([count, this.latent], stream, float64);
    const noise = normal([count, this.features], stream, { ...float64, std: Math.exp(this.logsigma.item()) });
    return add(linear(z, this.weight, this.bias), noise)
      .detach()
      .clone();
  }

  /** q(z | x) of each example: mean and logvar, [batch, latent]. */
  encode(x: Tensor): Posterior {
    if (x.rank !== 2 || x.shape[1] !== this.features) {
      throw new ShapeError(
        `LinearGaussianVae: x is ${formatShape(x.shape)}; it must be [batch, ${this.features}]`,
      );
    }
    const m = linear(x, this.encoderWeight, this.encoderBias);
    return { mean: m, logvar: broadcastTo(this.logvar, { shape: m.shape }) };
  }

  /** -log p(x | z) of each row with its constant: [rows] from z [rows, latent] and x [rows, features]. */
  reconstruction(z: Tensor, x: Tensor): Tensor {
    const squares = sum(square(sub(x, linear(z, this.weight, this.bias))), { axes: 1 });
    return this.nllOf(squares);
  }

  private nllOf(squares: Tensor): Tensor {
    const precision = exp(mul(this.logsigma, -2));
    return add(mul(mul(squares, precision), 0.5), mul(add(this.logsigma, HALF_LOG_TWO_PI), this.features));
  }

  /** The negative ELBO in nats per example with one sample of z each: the trick, with the closed-form KL. */
  negativeElboAt(x: Tensor, epsilon: Tensor): Tensor {
    const { mean: m, logvar } = this.encode(x);
    const kl = sum(gaussianKl(m, logvar), { axes: 1 });
    return mean(add(this.reconstruction(reparameterize(m, logvar, epsilon), x), kl));
  }

  /**
   * The negative ELBO in nats per example, without sampling: E |x - W z - b|^2 = |x - W m - b|^2 + sum_j |w_j|^2 e^logvar_j.
   */
  negativeElbo(x: Tensor): Tensor {
    const { mean: m, logvar } = this.encode(x);
    const kl = sum(gaussianKl(m, logvar), { axes: 1 });
    const residual = sum(square(sub(x, linear(m, this.weight, this.bias))), { axes: 1 });
    const spread = sum(mul(sum(square(this.weight), { axes: 0 }), exp(this.logvar)));
    return mean(add(this.nllOf(add(residual, spread)), kl));
  }
}
