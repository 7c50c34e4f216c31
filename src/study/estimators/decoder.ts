import { backward } from '../../autograd/index.js';
import { Random } from '../../autograd/ops/random.js';
import { normal } from '../../tensor/create.js';
import { checkOptions } from '../../tensor/known-options.js';
import { scope } from '../../tensor/memory/scope.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { LatentVariableModel } from '../../vae/model.js';

/** The gradient by the decoder's parameters: the same for every estimator, as z is just an input of the decoder. */
export interface DecoderNoise {
  readonly samples: number;
  /** Size of the gradient. */
  readonly size: number;
  /** Norm of the mean gradient, corrected for noise. */
  readonly length: number;
  /** Total variance of a single draw's estimate. */
  readonly variance: number;
}

/**
 * Draws the decoder's gradient of the reconstruction, with one backward pass for each draw.
 * @param x [batch, features]
 * @throws RangeError for fewer than 2 draws.
 */
export function decoderNoise(
  vae: LatentVariableModel,
  x: Tensor,
  options: { readonly seed?: number; readonly samples?: number } = {},
): DecoderNoise {
  checkOptions(options, ['seed', 'samples'], 'decoderNoise');
  const { seed = 0, samples = 64 } = options;
  if (!(Number.isSafeInteger(samples) && samples >= 2)) {
    throw new RangeError(`decoderNoise: samples is ${samples}; it must be a whole number of 2 or more`);
  }
  const epsilon = new Random(seed).stream('estimators').split('epsilon');
  const parameters = [...vae.decoder.namedParameters(), ...vae.likelihood.namedParameters()].map(
    ([, t]) => t,
  );
  const totals = parameters.map(({ size }) => new Float64Array(size));
  let squares = 0;
  for (let k = 0; k < samples; k++) {
    scope(() => {
      const noise = normal([x.shape[0], vae.latent], epsilon, { dtype: vae.dtype });
      const gradients = backward(vae.likelihood.reconstruction(vae.forward(x, noise).output, x));
      parameters.forEach((parameter, p) => {
        const total = totals[p];
        gradients.get(parameter).data.forEach((g, i) => {
          total[i] += g;
          squares += g * g;
        });
      });
    });
  }
  const size = totals.reduce((count, total) => count + total.length, 0);
  const square = totals.reduce((all, total) => total.reduce((a, g) => a + (g / samples) ** 2, all), 0);
  const variance = Math.max(0, squares - samples * square) / (samples - 1);
  return { samples, size, length: Math.sqrt(Math.max(0, square - variance / samples)), variance };
}
