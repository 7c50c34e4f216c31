import { add, backward, mul, noGrad, stopGradient, sub, sum, variable } from '../../autograd/index.js';
import { zeros } from '../../tensor/create.js';
import { scope } from '../../tensor/memory/scope.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import { Tensor } from '../../tensor/tensor.js';
import { reparameterize } from '../../vae/reparameterize.js';
import { repeatedRows } from '../../vae/samples.js';
import type { Estimator } from './estimators.js';
import type { EstimatorPoint } from './point.js';

/** The estimates from several draws of epsilon. */
export interface Draws {
  /** By the estimator's name, for each draw: the gradient by mean and logvar, 2 * batch * latent numbers. */
  readonly gradients: ReadonlyMap<string, readonly Float64Array[]>;
  /** For each draw: -log p(x | z) of each example, [batch]. */
  readonly losses: readonly Float64Array[];
}

export interface DrawOptions {
  readonly beta: number;
  /** [batch]: the baseline of the score function. */
  readonly baseline: Float64Array;
}

/** Each draw begins at a fresh block of the stream, so that the grouping of draws does not matter. */
function drawEpsilon({ batch, latent, dtype }: EstimatorPoint, stream: RandomStream, n: number): Tensor {
  const epsilon = Tensor.empty([n * batch, latent], dtype);
  const size = batch * latent;
  for (let k = 0; k < n; k++) stream.normal(epsilon.data.subarray(k * size, (k + 1) * size));
  return epsilon;
}

/** The rows of each draw divided by the batch size, as the loss is the batch's mean. */
function vectorsOf(point: EstimatorPoint, byMean: Tensor, byLogvar: Tensor, n: number): Float64Array[] {
  const { batch, latent } = point;
  const size = batch * latent;
  return Array.from({ length: n }, (_, k) => {
    const vector = new Float64Array(2 * size);
    vector.set(byMean.data.subarray(k * size, (k + 1) * size));
    vector.set(byLogvar.data.subarray(k * size, (k + 1) * size), size);
    return vector.map((g) => g / batch);
  });
}

/**
 * The estimates from `n` draws of epsilon, the same for every estimator. The decoder runs once for all of them:
 * estimators see a function with the same value and gradient at z in its place.
 */
export function drawGradients(
  point: EstimatorPoint,
  estimators: readonly Estimator[],
  stream: RandomStream,
  n: number,
  { beta, baseline }: DrawOptions,
): Draws {
  return scope(() => {
    const { batch, dtype } = point;
    const epsilon = drawEpsilon(point, stream, n);
    const [mean, logvar] = [repeatedRows(point.mean, n), repeatedRows(point.logvar, n)];
    const z = variable(noGrad(() => reparameterize(mean, logvar, epsilon)));
    const output = point.reconstruction(z);
    const slope = backward(sum(output)).get(z);
    const value = output.detach();
    const reconstruction = (at: Tensor): Tensor =>
      add(value, sum(mul(sub(at, stopGradient(at)), slope), { axes: 1 }));
    const perExample = Tensor.empty([batch], dtype);
    perExample.data.set(baseline);
    const repeatedBaseline = repeatedRows(perExample, n);

    const gradients = new Map<string, Float64Array[]>();
    for (const { name, surrogate } of estimators) {
      const at = { mean: variable(mean), logvar: variable(logvar) };
      const loss = surrogate({ ...at, epsilon, beta, reconstruction, baseline: repeatedBaseline });
      const found = backward(sum(loss));
      const by = (t: Tensor): Tensor => found.find(t) ?? zeros(t.shape, { dtype });
      gradients.set(name, vectorsOf(point, by(at.mean), by(at.logvar), n));
    }
    const losses = Array.from({ length: n }, (_, k) =>
      Float64Array.from(value.data.subarray(k * batch, (k + 1) * batch)),
    );
    return { gradients, losses };
  });
}
