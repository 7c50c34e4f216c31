import { backward } from '../../autograd/index.js';
import { Random } from '../../autograd/ops/random.js';
import { complete, integer } from '../../nn/schema/index.js';
import { normal } from '../../tensor/create.js';
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

const decoderSchema = {
  seed: integer({ min: 0, default: 0, help: 'decides the noise' }),
  samples: integer({ min: 2, default: 64, help: 'draws' }),
};

/**
 * Draws the decoder's gradient of the reconstruction, with one backward pass for each draw.
 * @param x [batch, features]
 * @param options the seed of the noise, 0 by default, and the number of draws, 64 by default
 * @throws RangeError for fewer than 2 draws.
 */
export function decoderNoise(
  vae: LatentVariableModel,
  x: Tensor,
  options: { readonly seed?: number; readonly samples?: number } = {},
): DecoderNoise {
  const { seed, samples } = complete(decoderSchema, options, 'decoderNoise');
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
