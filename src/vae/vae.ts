import { activation } from '../nn/activations.js';
import { Dense } from '../nn/dense.js';
import type { Layer } from '../nn/module.js';
import { Module } from '../nn/module.js';
import { Sequential } from '../nn/sequential.js';
import type { DType } from '../tensor/dtype.js';
import { ShapeError } from '../tensor/errors.js';
import { checkOptions } from '../tensor/known-options.js';
import type { RandomStream } from '../tensor/random/stream.js';
import { formatShape, sameShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { completeConfig, type GivenConfig, type VAEConfig } from './config.js';
import { Bernoulli, Gaussian, type Likelihood } from './likelihoods/index.js';
import { reparameterize, reparameterizeComposed } from './reparameterize.js';
import { softBound } from './soft-bound.js';

/** q(z | x) = N(mean, exp(logvar)), both [batch, latent]. */
export interface Posterior {
  readonly mean: Tensor;
  readonly logvar: Tensor;
}

/** Everything one pass through the model computes on the way. */
export interface VAEOutput extends Posterior {
  /** The sample, [batch, latent]. */
  readonly z: Tensor;
  /** What the decoder puts out, [batch, features]: logits, for either likelihood. */
  readonly output: Tensor;
}

/** Where a {@link VAE} starts from. */
export interface VAEOptions {
  /** Where starting weights come from: `new Random(seed).stream('init')`. */
  readonly stream: RandomStream;
  /** Defaults to float32; float64 is for checking gradients. */
  readonly dtype?: DType;
}

/**
 * A variational autoencoder (Kingma & Welling 2014) of dense layers: x -> encoder -> mean, logvar; z = mean +
 * exp(logvar / 2) epsilon; z -> decoder -> the parameters of p(x | z). Parameters carry PyTorch's names:
 * encoder.0.weight, ..., mean.weight, logvar.weight, decoder.0.weight, ...
 */
export class VAE extends Module {
  readonly encoder: Sequential;
  readonly mean: Dense;
  readonly logvar: Dense;
  readonly decoder: Sequential;
  readonly likelihood: Likelihood;
  readonly config: VAEConfig;
  readonly dtype: DType;

  /** @throws RangeError when the configuration is out of range; TypeError for an option that does not exist. */
  constructor(given: GivenConfig, options: VAEOptions) {
    super();
    checkOptions(options, ['stream', 'dtype'], 'VAE');
    const { stream, dtype = 'float32' } = options;
    const config = completeConfig(given);
    const dense = (inputs: number, outputs: number): Dense => new Dense({ inputs, outputs, stream, dtype });
    const chain = (sizes: readonly number[]): Layer[] =>
      sizes.slice(1).flatMap((n, i) => [dense(sizes[i], n), activation(config.activation)]);
    const widths = [config.features, ...config.hidden];
    const top = widths[widths.length - 1];
    const back = [config.latent, ...config.hidden.toReversed()];

    this.config = config;
    this.dtype = dtype;
    this.encoder = new Sequential(...chain(widths));
    this.mean = dense(top, config.latent);
    this.logvar = dense(top, config.latent);
    this.decoder = new Sequential(...chain(back), dense(back[back.length - 1], config.features));
    this.likelihood =
      config.likelihood === 'bernoulli'
        ? new Bernoulli()
        : new Gaussian({ sigma: config.sigma, scale: config.learnSigma ? 'learned' : 'fixed', dtype });
    for (const [name, parameter] of this.namedParameters()) parameter.named(name);
  }

  /**
   * The posterior of each example; logvar is softly bounded ({@link softBound}).
   * @param x [batch, features]
   */
  encode(x: Tensor): Posterior {
    const h = this.encoder.forward(x);
    return {
      mean: this.mean.forward(h).named('mean'),
      logvar: softBound(this.logvar.forward(h)).named('logvar'),
    };
  }

  /** What the decoder puts out for z of shape [batch, latent]: logits, [batch, features]. */
  decode(z: Tensor): Tensor {
    return this.decoder.forward(z).named('output');
  }

  /**
   * One pass with given noise.
   * @param x [batch, features]
   * @param epsilon [batch, latent], standard normal draws; held fixed, the result is a deterministic function
   * @param options `composed`: take the trick apart into mul, exp and add, to see every inner value and gradient
   * @throws ShapeError when epsilon has not the shape of the posterior (leading dimensions before it are samples):
   * noise broadcast over the batch would be the same for every example.
   */
  forward(x: Tensor, epsilon: Tensor, options: { readonly composed?: boolean } = {}): VAEOutput {
    checkOptions(options, ['composed'], 'VAE.forward');
    const { composed = false } = options;
    const { mean, logvar } = this.encode(x);
    if (!sameShape(epsilon.shape.slice(-2), mean.shape)) {
      throw new ShapeError(
        `VAE: epsilon is ${formatShape(epsilon.shape)}; it must be ${formatShape(mean.shape)}, [batch, latent]`,
      );
    }
    const z = composed
      ? reparameterizeComposed(mean, logvar, epsilon)
      : reparameterize(mean, logvar, epsilon).named('z');
    return { mean, logvar, z, output: this.decode(z) };
  }

  protected override settings(): string {
    const { likelihood, sigma, learnSigma } = this.config;
    return `likelihood=${likelihood}${likelihood === 'gaussian' ? `, sigma=${learnSigma ? 'learned' : sigma}` : ''}`;
  }
}
