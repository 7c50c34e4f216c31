import { backward, noGrad } from '../../autograd/index.js';
import { withParameters } from '../../nn/with-parameters.js';
import { normal } from '../../tensor/create.js';
import { scope } from '../../tensor/memory/scope.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import { Tensor } from '../../tensor/tensor.js';
import type { LinearGaussianVae } from './linear-gaussian.js';
import { elboGradients } from './truth.js';

/** The gradient of the negative ELBO by one parameter, computed in four ways. */
export interface GradientComparison {
  readonly parameter: string;
  /** Numbers in it. */
  readonly size: number;
  /** Length of the closed form. */
  readonly length: number;
  /** Largest difference from the closed form: autodiff of the ELBO without sampling. */
  readonly autodiff: number;
  /** The same for central differences of that ELBO. */
  readonly finiteDifference: number;
  /** Largest difference in standard errors of the mean over the draws: autodiff through the sample. */
  readonly monteCarloInErrors: number;
  /** The largest of those standard errors. */
  readonly monteCarloError: number;
}

const STEP = 1e-5;

/** (f(p + h) - f(p - h)) / 2h for every number of a parameter. */
function centralDifferences(
  model: LinearGaussianVae,
  x: Tensor,
  name: string,
  parameter: Tensor,
): Float64Array {
  const at = (values: Float64Array): number => {
    const replaced = new Map([[name, new Tensor(values, parameter.shape)]]);
    return noGrad(() => withParameters(model, replaced, () => model.negativeElbo(x).item()));
  };
  return Float64Array.from(parameter.data, (value, i) => {
    const moved = (by: number): Float64Array => {
      const values = Float64Array.from(parameter.data);
      values[i] = value + by;
      return values;
    };
    return (at(moved(STEP)) - at(moved(-STEP))) / (2 * STEP);
  });
}

/** Mean and standard error of each number over draws of epsilon. */
function monteCarlo(
  model: LinearGaussianVae,
  x: Tensor,
  draws: number,
  stream: RandomStream,
): Map<string, { mean: Float64Array; error: Float64Array }> {
  const parameters = model.namedParameters();
  const sums = new Map(
    [...parameters].map(([name, { size }]) => [
      name,
      { mean: new Float64Array(size), error: new Float64Array(size) },
    ]),
  );
  for (let k = 1; k <= draws; k++) {
    scope(() => {
      const epsilon = normal([x.shape[0], model.latent], stream, { dtype: 'float64' });
      const gradients = backward(model.negativeElboAt(x, epsilon));
      for (const [name, { mean, error }] of sums) {
        const parameter = parameters.get(name);
        const g = parameter && gradients.find(parameter)?.data;
        for (let i = 0; g !== undefined && i < g.length; i++) {
          const off = g[i] - mean[i];
          mean[i] += off / k;
          error[i] += off * (g[i] - mean[i]);
        }
      }
    });
  }
  for (const { error } of sums.values()) {
    for (let i = 0; i < error.length; i++) error[i] = Math.sqrt(error[i] / (draws - 1) / draws);
  }
  return sums;
}

/**
 * The closed-form gradients against autodiff, central differences and the pathwise estimator.
 * @param x [batch, features]
 * @param draws of epsilon, 2 or more
 * @throws RangeError for fewer draws.
 */
export function compareWithTruth(
  model: LinearGaussianVae,
  x: Tensor,
  stream: RandomStream,
  draws = 1000,
): GradientComparison[] {
  if (!(Number.isSafeInteger(draws) && draws >= 2)) {
    throw new RangeError(`compareWithTruth: draws is ${draws}; it must be a whole number of 2 or more`);
  }
  const closed = elboGradients(model, x);
  const found = backward(model.negativeElbo(x));
  const sampled = monteCarlo(model, x, draws, stream);
  return [...model.namedParameters()].map(([name, parameter]) => {
    const truth = closed.get(name) ?? new Float64Array(parameter.size);
    const worst = (values: ArrayLike<number>, unit: (i: number) => number): number =>
      truth.reduce((max, g, i) => Math.max(max, Math.abs(values[i] - g) / unit(i)), 0);
    const { mean, error } = sampled.get(name) ?? { mean: truth, error: truth };
    return {
      parameter: name,
      size: parameter.size,
      length: Math.hypot(...truth),
      autodiff: worst(found.get(parameter).data, () => 1),
      finiteDifference: worst(centralDifferences(model, x, name, parameter), () => 1),
      // A number that does not depend on the sample has only rounding errors.
      monteCarloInErrors: worst(mean, (i) => Math.max(error[i], 1e-12)),
      monteCarloError: Math.max(...error),
    };
  });
}
