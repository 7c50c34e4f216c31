import type { TensorData } from '../tensor/dtype.js';
import type { RandomStream } from '../tensor/random/stream.js';
import { Tensor } from '../tensor/tensor.js';
import type { ValueRange } from './range.js';

/** What {@link corrupt} can do to data, by name, in words. */
export const corruptions = {
  gaussian: 'Gaussian',
  'salt-pepper': 'salt and pepper',
  masking: 'masking',
} as const;

/** How data is corrupted. */
export type CorruptionKind = keyof typeof corruptions;

/** A kind of noise, and how much of it. */
export interface Corruption {
  /** 'gaussian' is added; 'salt-pepper' sets values to the ends of the range, 'masking' to its low end. */
  readonly noise: CorruptionKind;
  /** The standard deviation of what is added, or the share of values that are set. */
  readonly level: number;
}

/** @throws RangeError where values are to be set to an end that their range has not, or more than all of them. */
export function checkCorruption({ noise, level }: Corruption, { low, high }: ValueRange, who: string): void {
  const isSet = level <= 1 && Number.isFinite(low) && (noise === 'masking' || Number.isFinite(high));
  if (noise === 'gaussian' || isSet) return;
  throw new RangeError(
    `${who}: the level of ${corruptions[noise]} noise is ${level}; it must be a share, at most 1, of values that have ends`,
  );
}

/** Fills `out` with the random numbers that this kind of noise is made of, one for each value. */
export function drawNoise(noise: CorruptionKind, stream: RandomStream, out: TensorData): void {
  if (noise === 'gaussian') stream.normal(out);
  else stream.uniform(out);
}

/**
 * Data with noise, made of given random numbers; what was within the range stays within it.
 * @param x any shape
 * @param draws of {@link drawNoise}, in the shape of x
 */
export function corruptBy(
  x: Tensor,
  draws: Tensor,
  { noise, level }: Corruption,
  { low, high }: ValueRange,
): Tensor {
  const out = Tensor.uninitialized(x.shape, x.dtype);
  const from = x.data;
  const by = draws.data;
  const to = out.data;
  if (noise === 'gaussian') {
    for (let i = 0; i < to.length; i++) to[i] = Math.min(high, Math.max(low, from[i] + level * by[i]));
  } else {
    // Below half the level: pepper; below the level: salt. Masking has pepper alone.
    const pepper = noise === 'masking' ? level : level / 2;
    for (let i = 0; i < to.length; i++) to[i] = by[i] < pepper ? low : by[i] < level ? high : from[i];
  }
  return out;
}

/**
 * Data with noise: Gaussian noise added and cut off at the ends of the range, values set to either end (salt and pepper), or
 * to the low end (masking). The kinds are those of Vincent et al., "Stacked denoising autoencoders", 2010, section 3.3.
 * @param x any shape
 * @param range of the values. Defaults to 0 to 1
 * @throws RangeError where the level or the range does not go with the kind.
 */
export function corrupt(
  x: Tensor,
  stream: RandomStream,
  corruption: Corruption,
  range: ValueRange = { low: 0, high: 1 },
): Tensor {
  checkCorruption(corruption, range, 'corrupt');
  const draws = Tensor.uninitialized(x.shape, x.dtype);
  drawNoise(corruption.noise, stream, draws.data);
  return corruptBy(x, draws, corruption, range);
}
