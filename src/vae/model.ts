import type { Module } from '../nn/module.js';
import type { DType } from '../tensor/dtype.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Likelihood } from './likelihoods/likelihood.js';
import type { Body } from './parts/body.js';
import type { Condition, Labels } from './parts/condition.js';
import type { Posterior, PosteriorFamily } from './parts/posterior.js';
import type { Prior } from './parts/prior.js';

/** What a model that has layers such as `Dropout` can do: `Module.evaluating`. */
interface Evaluating {
  /** Runs `f` in evaluation mode, and restores the mode. */
  evaluating<T>(f: () => T): T;
}

/** What turns data into distributions over codes. */
export interface Encoder extends Evaluating {
  readonly dtype: DType;
  /** Dimensions of z. */
  readonly latent: number;
  /** @param x [batch, ...], as many numbers for each example as the model takes */
  encode(x: Tensor, labels?: Labels): Posterior;
}

/** What turns codes into distributions over data. */
export interface Decoder extends Evaluating {
  readonly dtype: DType;
  /** Dimensions of z. */
  readonly latent: number;
  readonly likelihood: Likelihood;
  readonly prior: Prior;
  /** What the likelihood takes, [batch, likelihood.outputs * features], for z of shape [batch, latent]. */
  decode(z: Tensor, labels?: Labels): Tensor;
}

/** Everything one pass through a model computes on the way. */
export interface VAEOutput extends Posterior {
  /** q(z | x) as its family has it. Defaults to `mean` and `logvar`. */
  readonly posterior?: Posterior;
  /** The sample, [batch, latent]; of several for each example, [samples * batch, latent], the batch `samples` times over. */
  readonly z: Tensor;
  /** What the decoder puts out, [as many rows as z, likelihood.outputs * features]. */
  readonly output: Tensor;
}

/** How one pass through a model is made. */
export interface ForwardOptions {
  /** Take the trick apart into mul, exp and add, to see every inner value and gradient. Defaults to false. */
  readonly composed?: boolean | undefined;
  /** One for each example: needed by a conditional model, refused by another. */
  readonly labels?: Labels | undefined;
  /** What z goes through before it is decoded: other gradients, the same value. */
  readonly through?: ((z: Tensor) => Tensor) | undefined;
}

/** A model that has an objective: encoder, posterior, prior, decoder and likelihood, with named parameters. */
export interface LatentVariableModel extends Module, Encoder, Decoder {
  /** Numbers per example. */
  readonly features: number;
  readonly encoder: Body;
  readonly posterior: PosteriorFamily;
  readonly decoder: Body;
  readonly condition: Condition | null;
  /** Data as rows, [batch, features]. */
  rows(x: Tensor): Tensor;
  forward(x: Tensor, epsilon: Tensor, options?: ForwardOptions): VAEOutput;
  /**
   * The same model at its current values, sharing nothing with this one.
   * @param dtype float64 to check what a float32 model does. Defaults to that of the model.
   */
  copy(dtype?: DType): LatentVariableModel;
}
