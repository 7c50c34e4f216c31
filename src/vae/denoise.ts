import type { Corruption } from '../data/corrupt.js';
import { corrupt } from '../data/corrupt.js';
import type { ImageShape } from '../data/images.js';
import { medianFilter } from '../data/median.js';
import { checkOptions } from '../tensor/known-options.js';
import type { Random } from '../tensor/random/stream.js';
import type { Tensor } from '../tensor/tensor.js';
import { reconstruct } from './explore.js';
import type { LatentVariableModel } from './model.js';
import type { Labels } from './parts/condition.js';

/** Images before and after. */
export interface Denoised {
  /** With noise; each has the shape of the clean images. */
  readonly noisy: Tensor;
  /** E[x | z] at the posterior mean of the noisy image. */
  readonly model: Tensor;
  /** The 3 x 3 median filter of the noisy image. */
  readonly median: Tensor;
}

/** Mean squared error per value to the clean images, at one level of noise. */
export interface DenoisingError extends Record<keyof Denoised, number> {
  readonly level: number;
}

/** The noise, and the labels of the images where the model is conditional. */
export interface DenoiseOptions extends Corruption {
  readonly labels?: Labels | undefined;
}

/**
 * Adds noise to images, and takes it away again. The noise is the same at every call with the same seed.
 * @param x [count, features]
 * @throws RangeError where the noise does not go with the data of the model.
 */
export function denoise(
  vae: LatentVariableModel,
  x: Tensor,
  image: ImageShape,
  random: Random,
  options: DenoiseOptions,
): Denoised {
  checkOptions(options, ['noise', 'level', 'labels'], 'denoise');
  const { labels, ...corruption } = options;
  const stream = random.stream('noise').split('denoise').at();
  const noisy = corrupt(x, stream, corruption, vae.likelihood.range);
  return { noisy, model: reconstruct(vae, noisy, labels), median: medianFilter(noisy, image) };
}

const meanSquaredError = (a: Tensor, b: Tensor): number => {
  let total = 0;
  for (let i = 0; i < a.size; i++) total += (a.data[i] - b.data[i]) ** 2;
  return total / a.size;
};

/** How far noisy images, the model's and the median filter's are from the clean ones, at several levels of noise. */
export function denoisingErrors(
  vae: LatentVariableModel,
  x: Tensor,
  image: ImageShape,
  random: Random,
  options: Omit<DenoiseOptions, 'level'> & { readonly levels: readonly number[] },
): DenoisingError[] {
  checkOptions(options, ['noise', 'levels', 'labels'], 'denoisingErrors');
  const { levels, ...others } = options;
  return levels.map((level) => {
    const { noisy, model, median } = denoise(vae, x, image, random, { ...others, level });
    return {
      level,
      noisy: meanSquaredError(noisy, x),
      median: meanSquaredError(median, x),
      model: meanSquaredError(model, x),
    };
  });
}
