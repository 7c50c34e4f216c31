import { Random } from '../../autograd/ops/random.js';
import { FACTOR_NAMES, FACTORS, type FactorName, type GlyphFactors } from './factors.js';
import { SKELETONS } from './skeletons.js';

/** The digits, in order: the classes unless others are asked for. */
export const ALL_DIGITS: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

/** The factors that are spread about their centre. */
const BELL_FACTORS = FACTOR_NAMES.filter((name) => FACTORS[name].deviation > 0);
/** A bell-shaped value is the sum of this many uniform ones: additions only, so equal bits everywhere. */
const SUMMANDS = 4;
/** Two choices (variant, wobbleKey), then the bell-shaped factors. */
const UNIFORMS = 2 + BELL_FACTORS.length * SUMMANDS;
/** Blocks of the stream per image: four values each. */
const BLOCKS = Math.ceil(UNIFORMS / 4);
/** Blocks of the stream per shuffling of the classes: far more than it takes. */
const SHUFFLE_BLOCKS = 8;

/** Draws the factors of a seed's images, in any order. */
export type FactorSampler<Factors = GlyphFactors> = (index: number) => Factors;

function checkClasses(classes: readonly number[]): void {
  const valid = classes.every((digit) => Number.isInteger(digit) && digit >= 0 && digit <= 9);
  if (!valid || classes.length === 0 || new Set(classes).size < classes.length) {
    throw new RangeError(
      `glyphs: the classes are [${classes.join(', ')}]; needs one digit or more from 0 to 9, none of them twice`,
    );
  }
}

/**
 * Makes the function that draws the factors of image `index`. It depends on the seed, the classes and the index
 * alone. Every `classes.length` images in a row, from a multiple of that, hold each class once, shuffled.
 *
 * @param seed as in `Random`
 * @param classes the digits wanted, each once
 * @throws RangeError when the seed or the classes are not valid
 */
export function factorSampler(seed: number | bigint, classes: readonly number[] = ALL_DIGITS): FactorSampler {
  checkClasses(classes);
  const random = new Random(seed).stream('data');
  const values = random.split('factors');
  const shuffles = random.split('classes');
  const uniforms = new Float64Array(UNIFORMS);
  const digitOf = (index: number) => {
    const round = Math.floor(index / classes.length);
    shuffles.seek(round * SHUFFLE_BLOCKS);
    return classes[shuffles.permutation(classes.length)[index % classes.length]];
  };
  return (index) => {
    if (!Number.isInteger(index) || index < 0 || index > 2 ** 40) {
      throw new RangeError(`glyphs: the index is ${index}; needs a whole number from 0 to 2^40`);
    }
    const digit = digitOf(index);
    values.seek(index * BLOCKS);
    values.uniform(uniforms);
    const bell = (name: FactorName) => {
      const { range, centre, deviation } = FACTORS[name];
      const at = 2 + BELL_FACTORS.indexOf(name) * SUMMANDS;
      let sum = 0;
      for (let i = 0; i < SUMMANDS; i++) sum += uniforms[at + i];
      // The sum has mean SUMMANDS / 2 and variance SUMMANDS / 12. Kept as float32, in which sets hold factors.
      const value = centre + deviation * (sum - SUMMANDS / 2) * Math.sqrt(12 / SUMMANDS);
      return Math.fround(Math.min(range[1], Math.max(range[0], value)));
    };
    return {
      digit,
      variant: variantOf(digit, uniforms[0]),
      slant: bell('slant'),
      rotation: bell('rotation'),
      strokeWidth: bell('strokeWidth'),
      scale: bell('scale'),
      aspect: bell('aspect'),
      shiftX: bell('shiftX'),
      shiftY: bell('shiftY'),
      wobble: bell('wobble'),
      wobbleKey: Math.floor(uniforms[1] * 2 ** 24),
      pressure: bell('pressure'),
    };
  };
}

function variantOf(digit: number, uniform: number): number {
  const ways = SKELETONS[digit];
  let below = 0;
  for (let variant = 0; variant < ways.length - 1; variant++) {
    below += ways[variant].share;
    if (uniform < below) return variant;
  }
  return ways.length - 1;
}

/**
 * The factors of one image of a seed.
 *
 * @param seed as in `Random`
 * @param index which image, from 0
 * @throws RangeError when the seed or the index is not valid
 */
export function glyphFactors(seed: number | bigint, index: number): GlyphFactors {
  return factorSampler(seed)(index);
}
