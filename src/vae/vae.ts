import { reshape } from '../autograd/index.js';
import { Random } from '../autograd/ops/random.js';
import { Module } from '../nn/module.js';
import type { DType } from '../tensor/dtype.js';
import { ShapeError } from '../tensor/errors.js';
import { checkOptions } from '../tensor/known-options.js';
import type { RandomStream } from '../tensor/random/stream.js';
import { formatShape, type Shape, sameShape, sizeOf } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { completeConfig, type GivenConfig, type VAEConfig } from './config.js';
import { type Likelihood, likelihoods } from './likelihoods/likelihood.js';
import type { ForwardOptions, LatentVariableModel, VAEOutput } from './model.js';
import { type Body, bodies } from './parts/body.js';
import { type Condition, conditions, type Labels } from './parts/condition.js';
import { DiagonalGaussian } from './parts/diagonal-gaussian.js';
import { type Posterior, type PosteriorFamily, posteriors } from './parts/posterior.js';
import { type Prior, priors } from './parts/prior.js';
import { repeatedLabels, repeatedPosterior } from './samples.js';
import { checkParts, isParts, specOf, type VAEParts, type VAESpec } from './spec.js';

/** Where a {@link VAE} starts from. */
export interface VAEOptions {
  /** Where starting weights come from: `new Random(seed).stream('init')`. */
  readonly stream: RandomStream;
  /** Defaults to float32; float64 is for checking gradients. */
  readonly dtype?: DType;
}

/** x in another shape of as many numbers: in the graph where x is, as it is where it has that shape. */
function shaped(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape) || x.size !== sizeOf(shape)) return x;
  return x.origin === null ? x.view(shape) : reshape(x, { shape });
}

/**
 * A variational autoencoder (Kingma & Welling 2014) of parts: x -> encoder -> posterior, from which z is drawn; z -> decoder
 * -> what the likelihood takes. A condition, if there is one, goes into encoder and decoder.
 *
 * Parameters carry PyTorch's names: encoder.0.weight, ..., mean.weight, logvar.weight (of the posterior, where it is the
 * diagonal Gaussian), decoder.0.weight, ...
 *
 * @example
 * new VAE({ features: 784, hidden: [400], latent: 20 }, { stream })      // the presets' form, which stands for:
 * new VAE({
 *   encoder: mlp(784, [400]),
 *   posterior: gaussianPosterior({ latent: 20 }),
 *   decoder: mlp(20, [400]),
 *   likelihood: bernoulliLikelihood(),
 * }, { stream })
 */
export class VAE extends Module implements LatentVariableModel {
  readonly encoder: Body;
  readonly posterior: PosteriorFamily;
  readonly decoder: Body;
  readonly prior: Prior;
  readonly likelihood: Likelihood;
  readonly condition: Condition | null;
  readonly features: number;
  readonly latent: number;
  readonly dtype: DType;
  /** The stream that its starting weights came from. */
  readonly start: Pick<RandomStream, 'seed' | 'name'>;
  readonly #config: VAEConfig | null;
  readonly #specs: { readonly [Role in keyof VAESpec]: () => VAESpec[Role] };

  /**
   * @param given parts, or the presets' form
   * @throws RangeError or TypeError when a setting is out of range or does not exist, or no such part is registered;
   * ShapeError when parts do not fit each other.
   */
  constructor(given: GivenConfig | VAEParts, options: VAEOptions) {
    super();
    checkOptions(options, ['stream', 'dtype'], 'VAE');
    const { stream, dtype = 'float32' } = options;
    this.#config = isParts(given) ? null : completeConfig(given);
    const parts = this.#config === null ? given : specOf(this.#config);
    checkParts(parts);
    const common = { stream, dtype };
    const condition = parts.condition ? conditions.resolve(parts.condition, common, 'VAE') : null;
    const width = condition?.part.width ?? 0;
    const encoder = bodies.resolve(parts.encoder, { ...common, condition: width }, 'VAE, encoder');
    const posterior = posteriors.resolve(parts.posterior, { ...common, inputs: encoder.part.outputs }, 'VAE');
    const { latent } = posterior.part;
    const likelihood = likelihoods.resolve(parts.likelihood, { dtype }, 'VAE');
    const features = sizeOf(encoder.part.takes);
    const outputs = features * likelihood.part.outputs;
    const decoder = bodies.resolve(parts.decoder, { ...common, condition: width, outputs }, 'VAE, decoder');
    const prior = priors.resolve(
      parts.prior ?? 'standard-normal',
      {
        ...common,
        latent,
        features,
        range: likelihood.part.range,
        condition: condition?.part ?? null,
        posterior: posterior.part,
        encode: (x, labels) => this.encode(x, labels),
      },
      'VAE',
    );
    if (sizeOf(decoder.part.takes) !== latent) {
      throw new ShapeError(
        `VAE: the decoder takes ${formatShape(decoder.part.takes)}, but z has ${latent} dimensions; make them agree`,
      );
    }
    if (decoder.part.outputs !== outputs) {
      throw new ShapeError(
        `VAE: the decoder puts out ${decoder.part.outputs} numbers for each example, but the ${likelihood.part.name} ` +
          `likelihood takes ${outputs}: ${likelihood.part.outputs} for each of ${features} values`,
      );
    }
    this.#specs = {
      encoder: encoder.spec,
      decoder: decoder.spec,
      posterior: posterior.spec,
      prior: prior.spec,
      likelihood: likelihood.spec,
      condition: condition?.spec ?? (() => null),
    };
    this.encoder = encoder.part;
    this.posterior = posterior.part;
    this.decoder = decoder.part;
    this.prior = prior.part;
    this.likelihood = likelihood.part;
    this.condition = condition?.part ?? null;
    this.features = features;
    this.latent = latent;
    this.dtype = dtype;
    this.start = { seed: stream.seed, name: stream.name };
    for (const [name, parameter] of this.namedParameters()) parameter.named(name);
  }

  protected override contents(): object {
    const { encoder, posterior, decoder, likelihood, prior, condition } = this;
    // The heads of the usual posterior keep the names that they have in other programs.
    const { mean, logvar } = posterior instanceof DiagonalGaussian ? posterior : {};
    const heads = mean === undefined ? { posterior } : { mean, logvar };
    return { encoder, ...heads, decoder, likelihood, prior, condition };
  }

  /**
   * The presets' form, complete.
   * @throws TypeError when the model was not made from it.
   */
  get config(): VAEConfig {
    if (this.#config !== null) return this.#config;
    throw new TypeError('VAE: the model was made of parts, not from a configuration; look at `spec`');
  }

  /**
   * What the same model is made from, as plain JSON: `new VAE(vae.spec, ...)`.
   * @throws TypeError when a part is not registered.
   */
  get spec(): VAEConfig | VAESpec {
    if (this.#config !== null) return this.#config;
    const { encoder, decoder, posterior, prior, likelihood, condition } = this.#specs;
    return {
      encoder: encoder(),
      decoder: decoder(),
      posterior: posterior(),
      prior: prior(),
      likelihood: likelihood(),
      condition: condition(),
    };
  }

  /** @throws TypeError when a part is not registered. */
  copy(dtype: DType = this.dtype): VAE {
    const { seed, name } = this.start;
    const copy = new VAE(this.spec, { stream: new Random(seed).stream(name), dtype });
    copy.loadStateDict(this.stateDict());
    const streams = copy.namedStreams();
    for (const [name, { position }] of this.namedStreams()) streams.get(name)?.seek(position);
    return copy.train(this.training);
  }

  /** Data as rows, [batch, features]. */
  rows(x: Tensor): Tensor {
    return x.rank === 2 ? x : shaped(x, [x.shape[0] ?? 0, this.features]);
  }

  /** What is known of examples, as encoder and decoder take it. */
  #conditionOf(labels: Labels | undefined): Tensor | undefined {
    if (this.condition !== null && labels !== undefined) return this.condition.forward(labels, this.dtype);
    if ((this.condition === null) === (labels === undefined)) return undefined;
    throw new TypeError(
      labels === undefined
        ? `VAE: the model is conditioned (${this.condition?.name}); give the labels of the examples`
        : 'VAE: labels are given, but the model has no condition; leave them out, or make it with condition: label(...)',
    );
  }

  /**
   * The posterior of each example.
   * @param x [batch, ...], `features` numbers for each example
   * @param labels one for each example, of a conditional model
   */
  encode(x: Tensor, labels?: Labels): Posterior {
    const { takes } = this.encoder;
    const examples = x.rank === takes.length + 1 ? x : shaped(x, [x.shape[0] ?? 0, ...takes]);
    return this.posterior.forward(this.encoder.forward(examples, this.#conditionOf(labels)));
  }

  /**
   * What the decoder puts out for z of shape [batch, latent]: [batch, likelihood.outputs * features].
   * @param labels one for each code, of a conditional model
   */
  decode(z: Tensor, labels?: Labels): Tensor {
    const { takes } = this.decoder;
    const codes = takes.length === 1 ? z : shaped(z, [...z.shape.slice(0, -1), ...takes]);
    const output = this.decoder.forward(codes, this.#conditionOf(labels));
    return shaped(output, [...z.shape.slice(0, -1), this.decoder.outputs]).named('output');
  }

  /**
   * One pass with given noise.
   * @param x [batch, ...], `features` numbers for each example
   * @param epsilon [batch, posterior.noise], standard normal draws; held fixed, the result is a deterministic function.
   * [samples, batch, posterior.noise] gives several samples of z for each example
   * @param options `composed`: take the trick apart; `labels`: one for each example of a conditional model; `through`: what z
   * goes through before it is decoded
   * @throws ShapeError when epsilon has another shape: noise broadcast over the batch would be the same for every example;
   * TypeError when labels are missing or of no use.
   */
  forward(x: Tensor, epsilon: Tensor, options: ForwardOptions = {}): VAEOutput {
    checkOptions(options, ['composed', 'labels', 'through'], 'VAE.forward');
    const { composed = false, labels, through = (z) => z } = options;
    const posterior = this.encode(x, labels);
    const { mean, logvar } = posterior;
    const noise = [mean.shape[0], this.posterior.noise];
    if (epsilon.rank > 3 || !sameShape(epsilon.shape.slice(-2), noise)) {
      throw new ShapeError(
        `VAE: epsilon is ${formatShape(epsilon.shape)}; it must be ${formatShape(noise)}, [batch, latent], ` +
          'with the number of samples before it where there are several',
      );
    }
    const samples = epsilon.rank === 3 ? epsilon.shape[0] : 1;
    const each = repeatedPosterior(posterior, samples);
    const draws = shaped(epsilon, [samples * noise[0], noise[1]]);
    const z = through(this.posterior.sample(each, draws, composed));
    return { posterior, mean, logvar, z, output: this.decode(z, repeatedLabels(labels, samples)) };
  }
}
