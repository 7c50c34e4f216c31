import { backward, sum, variable } from '../../autograd/index.js';
import { normal, zeros } from '../../tensor/create.js';
import { scope } from '../../tensor/memory/scope.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import type { Estimator } from './estimators.js';
import type { EstimatorPoint } from './point.js';

/** The cost of one draw's gradient by mean and logvar. The encoder's passes are extra, once for any number of draws. */
export interface EstimatorCost {
  /** Passes of the batch through the decoder. */
  readonly forward: number;
  /** Backward passes through the decoder to z, without the gradient of its parameters, which is the same for all. */
  readonly backward: number;
  /** Measured for one of several draws made together. */
  readonly seconds: number;
}

/**
 * Measures an estimator run on its own, including the decoder.
 * @param draws made together, as one batch
 * @param clock in milliseconds
 */
export function measureCost(
  point: EstimatorPoint,
  { surrogate, differentiatesDecoder }: Estimator,
  stream: RandomStream,
  {
    draws = 8,
    repeats = 5,
    beta = 1,
    clock = () => performance.now(),
  }: {
    readonly draws?: number;
    readonly repeats?: number;
    readonly beta?: number;
    readonly clock?: () => number;
  } = {},
): EstimatorCost {
  const { batch, latent, dtype } = point;
  const rows = draws * batch;
  const spread = (values: ArrayLike<number>) => {
    const t = zeros([rows, latent], { dtype });
    for (let k = 0; k < draws; k++) t.data.set(values, k * batch * latent);
    return variable(t);
  };
  let min = Number.POSITIVE_INFINITY;
  // The first run warms up; the minimum is the least disturbed.
  for (let run = 0; run <= repeats; run++) {
    const from = clock();
    scope(() => {
      const loss = surrogate({
        mean: spread(point.mean.data),
        logvar: spread(point.logvar.data),
        epsilon: normal([rows, latent], stream, { dtype }),
        beta,
        reconstruction: point.reconstruction,
        baseline: zeros([rows], { dtype }),
      });
      backward(sum(loss));
    });
    min = Math.min(min, clock() - from);
  }
  return { forward: 1, backward: differentiatesDecoder ? 1 : 0, seconds: min / 1000 / draws };
}
