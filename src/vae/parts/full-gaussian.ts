import {
  add,
  concat,
  exp,
  expResidual,
  gather,
  log,
  mul,
  neg,
  reshape,
  solveTriangular,
  square,
  sub,
  sum,
  where,
} from '../../autograd/index.js';
import { Dense } from '../../nn/dense.js';
import { HALF_LOG_TWO_PI } from '../../nn/losses.js';
import { integer, type Values } from '../../nn/schema/index.js';
import { ones } from '../../tensor/create.js';
import { Tensor } from '../../tensor/tensor.js';
import { initialize } from '../shared-settings.js';
import { softBound } from '../soft-bound.js';
import { definePosterior, type Posterior, type PosteriorContext, PosteriorFamily } from './posterior.js';

/** N(mean, L L^T). */
export interface FullPosterior extends Posterior {
  /** L, lower triangular: [batch, latent, latent]. */
  readonly scale: Tensor;
  /** Logarithms of the squared diagonal of L, [batch, latent]: of the variances given the dimensions before. */
  readonly logDiagonal: Tensor;
}

const settings = {
  /** Dimensions of z. */
  latent: integer({ min: 1, help: 'dimensions of z' }),
  initialize,
};

/** Where element (i, j) of L stands beside others: the diagonal first, then row after row of what is below it. */
const placesIn = (latent: number): number[] =>
  Array.from({ length: latent * latent }, (_, at) => {
    const [i, j] = [Math.floor(at / latent), at % latent];
    return i === j ? i : i > j ? latent + (i * (i - 1)) / 2 + j : 0;
  });

/**
 * A Gaussian of any covariance, by its Cholesky factor (Kingma & Welling, "An introduction to variational autoencoders", 2019, section 2.5.1):
 * L = diag(sigma) T, where T has ones on its diagonal. Mean, log sigma^2 and what T has below its diagonal are linear in what
 * the encoder puts out.
 */
export class FullGaussian extends PosteriorFamily<FullPosterior> {
  override readonly name = 'full-gaussian';
  override readonly diagonal = false;
  readonly mean: Dense;
  readonly logvar: Dense;
  /** Null where there is one dimension. */
  readonly below: Dense | null;
  readonly #places: readonly number[];
  /** 1 on the diagonal of L and below it, and below it alone. */
  readonly #isLower: Tensor;
  readonly #isBelow: Tensor;

  constructor({ latent, initialize }: Values<typeof settings>, { inputs, stream, dtype }: PosteriorContext) {
    super(latent);
    const head = (outputs: number, start: typeof initialize | 'zeros' = initialize): Dense =>
      new Dense({ inputs, outputs, initialize: start, stream, dtype });
    this.mean = head(latent);
    this.logvar = head(latent);
    // It begins as a diagonal one, whose draws are not mixed up before anything is learned.
    this.below = latent > 1 ? head((latent * (latent - 1)) / 2, 'zeros') : null;
    this.#places = placesIn(latent);
    const triangle = (most: number): Tensor => {
      const mask = Tensor.persistent([latent, latent], dtype);
      for (let i = 0; i < latent; i++) mask.data.fill(1, i * latent, i * latent + i + most);
      return mask;
    };
    this.#isLower = triangle(1);
    this.#isBelow = triangle(0);
  }

  override forward(features: Tensor): FullPosterior {
    const { latent } = this;
    const mean = this.mean.forward(features).named('mean');
    const logDiagonal = softBound(this.logvar.forward(features));
    const diagonal = exp(mul(logDiagonal, 0.5));
    // In units of sigma: what is learned of a correlation holds as the variances fall.
    const one = ones(diagonal.shape, { dtype: diagonal.dtype });
    const all = this.below === null ? one : concat([one, this.below.forward(features)], { axis: -1 });
    const placed = gather(all, { indices: this.#places, axis: -1 });
    const [batch] = mean.shape;
    const unit = where(this.#isLower, reshape(placed, { shape: [batch, latent, latent] }), 0);
    const scale = mul(unit, reshape(diagonal, { shape: [batch, latent, 1] }));
    const logvar = log(sum(square(scale), { axes: -1 })).named('logvar');
    return { mean, logvar, scale, logDiagonal };
  }

  override sample({ mean, scale }: FullPosterior, epsilon: Tensor): Tensor {
    const [latent] = epsilon.shape.slice(-1);
    const columns = reshape(epsilon, { shape: [...epsilon.shape.slice(0, -1), 1, latent] });
    return add(mean, sum(mul(scale, columns), { axes: -1 })).named('z');
  }

  override logDensity({ mean, scale, logDiagonal }: FullPosterior, z: Tensor): Tensor {
    const epsilon = solveTriangular(scale, sub(z, mean));
    const terms = add(mul(add(square(epsilon), logDiagonal), 0.5), HALF_LOG_TWO_PI);
    return neg(sum(terms, { axes: -1, keepDims: true }));
  }

  /** By the chain rule, of each dimension given those before it. */
  override standardKl({ mean, scale, logDiagonal }: FullPosterior): Tensor {
    const below = where(this.#isBelow, scale, 0);
    const before = sum(square(below), { axes: -1 });
    return mul(0.5, add(add(square(mean), before), expResidual(logDiagonal)));
  }
}

/** The specification of a Gaussian posterior of any covariance over `latent` dimensions. */
export const fullGaussianPosterior = definePosterior({
  name: 'full-gaussian',
  doc: 'A Gaussian of any covariance, by its Cholesky factor.',
  settings,
  build: (values, context) => new FullGaussian(values, context),
  examples: (latent) => [{ latent }],
  minParameters: ({ latent }) => 2 * latent,
});
