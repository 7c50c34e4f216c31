import { logsumexp, noGrad, reshape, sub } from '../../autograd/index.js';
import { normal } from '../../tensor/create.js';
import { checkOptions } from '../../tensor/known-options.js';
import { scope } from '../../tensor/memory/scope.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import type { Tensor } from '../../tensor/tensor.js';
import { reparameterize } from '../../vae/reparameterize.js';
import { repeatedRows } from '../../vae/samples.js';
import { logNormal, logStandardNormal } from '../estimators/index.js';
import type { LinearGaussianVae } from './linear-gaussian.js';

/** The bound with K samples, mean over the batch, in nats per example. */
export interface ImportanceBound {
  readonly samples: number;
  readonly bound: number;
  /** Its standard error. */
  readonly error: number;
}

/** log p(x, z) - log q(z | x) for `draws` draws of each example, [draws, batch]. */
function logWeights(model: LinearGaussianVae, x: Tensor, draws: number, stream: RandomStream): Tensor {
  const [batch] = x.shape;
  const { mean, logvar } = model.encode(x);
  const [m, l] = [repeatedRows(mean, draws), repeatedRows(logvar, draws)];
  const z = reparameterize(m, l, normal([draws * batch, model.latent], stream, { dtype: 'float64' }));
  const joint = sub(logStandardNormal(z), model.reconstruction(z, repeatedRows(x, draws)));
  return reshape(sub(joint, logNormal(z, m, l)), { shape: [draws, batch] });
}

/**
 * E log (1/K sum_k p(x, z_k) / q(z_k | x)), estimated from `draws` draws for each example: the ELBO at K = 1, and nearer to log p(x) with
 * every K (Burda, Grosse & Salakhutdinov 2016, theorem 1).
 * @param options `samples`: the K to look at; each must divide `draws`
 * @throws RangeError when one does not.
 */
export function importanceBounds(
  model: LinearGaussianVae,
  x: Tensor,
  stream: RandomStream,
  options: { readonly samples?: readonly number[]; readonly draws?: number } = {},
): ImportanceBound[] {
  checkOptions(options, ['samples', 'draws'], 'importanceBounds');
  const { samples = [1, 4, 16, 64, 256], draws = 4096 } = options;
  const [batch] = x.shape;
  for (const k of samples) {
    if (Number.isSafeInteger(k) && k >= 1 && draws % k === 0 && draws / k >= 2) continue;
    throw new RangeError(
      `importanceBounds: K is ${k}; it must divide the ${draws} draws, at least twice, so that its error can be estimated`,
    );
  }
  return scope(() => {
    const weights = noGrad(() => logWeights(model, x, draws, stream));
    return samples.map((k) => {
      const groups = draws / k;
      const inGroups = reshape(weights, { shape: [groups, k, batch] });
      const each = noGrad(() => sub(logsumexp(inGroups, { axes: 1 }), Math.log(k)));
      // The examples are given, the draws are not: the error is that of the batch's mean over draws.
      const means = Array.from({ length: groups }, (_, g) =>
        Array.from(each.data.subarray(g * batch, (g + 1) * batch)).reduce(
          (sum, nats) => sum + nats / batch,
          0,
        ),
      );
      const bound = means.reduce((sum, value) => sum + value / groups, 0);
      const squares = means.reduce((sum, value) => sum + (value - bound) ** 2, 0);
      return { samples: k, bound, error: Math.sqrt(squares / (groups * (groups - 1))) };
    });
  });
}
