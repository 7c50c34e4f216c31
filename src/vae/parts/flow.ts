import { add, exp, mul, neg, square, sub, sum, tanh } from '../../autograd/index.js';
import { Dense } from '../../nn/dense.js';
import { HALF_LOG_TWO_PI } from '../../nn/losses.js';
import { Module } from '../../nn/module.js';
import { integer, type Values } from '../../nn/schema/index.js';
import { Tensor } from '../../tensor/tensor.js';
import { reparameterize } from '../reparameterize.js';
import { initialize } from '../shared-settings.js';
import { softBound } from '../soft-bound.js';
import { definePosterior, type Posterior, type PosteriorContext, PosteriorFamily } from './posterior.js';

/**
 * The distribution of what a chain of invertible functions makes of a Gaussian. `mean` is what they make of its mean, and `logvar` is
 * the Gaussian's: the marginal variances of z have no formula.
 */
export interface FlowPosterior extends Posterior {
  /** The mean of the Gaussian, [batch, latent]. */
  readonly start: Tensor;
  /** What each function is told of the example, [batch, width]. */
  readonly contexts: readonly Tensor[];
}

const settings = {
  /** Dimensions of z. */
  latent: integer({ min: 1, help: 'dimensions of z' }),
  /** Coupling layers, which move the even and the odd dimensions in turn. Defaults to 4. */
  layers: integer({ min: 1, default: 4, help: 'coupling layers' }),
  /** Hidden units of each. Defaults to 32. */
  width: integer({ min: 1, default: 32, help: 'hidden units of a coupling layer' }),
  initialize,
};

/** z -> z exp(logScale) + shift in every other dimension, where both depend on the example and on the dimensions that stay. */
export class Coupling extends Module {
  readonly hidden: Dense;
  readonly context: Dense;
  readonly logScale: Dense;
  readonly shift: Dense;
  /** 1 where a dimension stays, and where it moves. */
  readonly #stays: Tensor;
  readonly #moves: Tensor;

  constructor(
    { latent, width, initialize }: Values<typeof settings>,
    { inputs, stream, dtype }: PosteriorContext,
    index: number,
  ) {
    super();
    const dense = (inputs: number, outputs: number): Dense =>
      new Dense({ inputs, outputs, initialize, stream, dtype });
    this.hidden = dense(latent, width);
    this.context = dense(inputs, width);
    this.logScale = dense(width, latent);
    this.shift = dense(width, latent);
    const mask = (value: (stays: boolean) => boolean): Tensor => {
      const values = Tensor.persistent([latent], dtype);
      // A single dimension has none to depend on, and always moves.
      values.data.set(
        Array.from({ length: latent }, (_, j) => Number(value(latent > 1 && (index + j) % 2 === 0))),
      );
      return values;
    };
    this.#stays = mask((stays) => stays);
    this.#moves = mask((stays) => !stays);
  }

  /** The same before and after the layer; both are 0 where a dimension stays. The scale is within 1/e and e. */
  at(z: Tensor, context: Tensor): { readonly logScale: Tensor; readonly shift: Tensor } {
    const hidden = tanh(add(this.hidden.forward(mul(z, this.#stays)), context));
    return {
      logScale: mul(tanh(this.logScale.forward(hidden)), this.#moves),
      shift: mul(this.shift.forward(hidden), this.#moves),
    };
  }
}

/**
 * A Gaussian carried through coupling layers that see the example (Rezende & Mohamed, "Variational inference with normalizing flows",
 * 2015; the layers are those of Dinh et al., "Density estimation using real NVP", 2017). They are inverted exactly, so that the
 * density is known at every z, not at own samples alone.
 */
export class Flow extends PosteriorFamily<FlowPosterior> {
  override readonly name = 'flow';
  override readonly diagonal = false;
  readonly mean: Dense;
  readonly logvar: Dense;
  readonly layers: readonly Coupling[];

  constructor(values: Values<typeof settings>, context: PosteriorContext) {
    const { latent, layers, initialize } = values;
    super(latent);
    const { inputs, stream, dtype } = context;
    const head = (): Dense => new Dense({ inputs, outputs: latent, initialize, stream, dtype });
    this.mean = head();
    this.logvar = head();
    this.layers = Array.from({ length: layers }, (_, i) => new Coupling(values, context, i));
  }

  override forward(features: Tensor): FlowPosterior {
    const start = this.mean.forward(features);
    const contexts = this.layers.map(({ context }) => context.forward(features));
    return {
      mean: this.#through(start, contexts).named('mean'),
      logvar: softBound(this.logvar.forward(features)).named('logvar'),
      start,
      contexts,
    };
  }

  #through(z: Tensor, contexts: readonly Tensor[]): Tensor {
    return this.layers.reduce((z, layer, i) => {
      const { logScale, shift } = layer.at(z, contexts[i]);
      return add(mul(z, exp(logScale)), shift);
    }, z);
  }

  override sample({ start, logvar, contexts }: FlowPosterior, epsilon: Tensor): Tensor {
    return this.#through(reparameterize(start, logvar, epsilon), contexts).named('z');
  }

  /** By the change of variables: log N(z0) of what is carried to z, less the logarithms of the scales on its way. */
  override logDensity({ start, logvar, contexts }: FlowPosterior, z: Tensor): Tensor {
    let volume = mul(logvar, 0.5);
    let from = z;
    for (const [i, layer] of [...this.layers.entries()].reverse()) {
      const { logScale, shift } = layer.at(from, contexts[i]);
      from = mul(sub(from, shift), exp(neg(logScale)));
      volume = add(volume, logScale);
    }
    const epsilon = mul(sub(from, start), exp(mul(logvar, -0.5)));
    const terms = add(add(mul(square(epsilon), 0.5), HALF_LOG_TWO_PI), volume);
    return neg(sum(terms, { axes: -1, keepDims: true }));
  }
}

/** The specification of a posterior that is a Gaussian carried through coupling layers, over `latent` dimensions. */
export const flowPosterior = definePosterior({
  name: 'flow',
  doc: 'A Gaussian carried through invertible layers, whose samples are no ellipse.',
  settings,
  build: (values, context) => new Flow(values, context),
  examples: (latent) => [
    { latent, layers: 1, width: 3 },
    { latent, layers: 2, width: 2 },
  ],
  minParameters: ({ latent, layers, width }) => 2 * latent + layers * width * latent,
});
