import type { Dataset } from '../../data/dataset.js';
import type { JsonReader } from '../../nn/schema/json.js';
import { ShapeError } from '../../tensor/errors.js';

/** What tells one data set from another. */
export interface DataIdentity {
  readonly size: number;
  readonly features: number;
  /** A hash of some of its examples. */
  readonly hash: number;
}

export const readIdentity = (json: JsonReader): DataIdentity => ({
  size: json.at('size').count(),
  features: json.at('features').count(),
  hash: json.at('hash').count(0xffff_ffff),
});

/** How many examples, evenly spaced, enter the hash. */
const SAMPLED = 32;

/** Size, features, and a 32-bit FNV-1a hash over some examples as float32. */
export function identify(dataset: Dataset): DataIdentity {
  const { size, features } = dataset;
  const count = Math.min(SAMPLED, size);
  const indices = Array.from({ length: count }, (_, i) => Math.floor((i * size) / count));
  const words = new Uint32Array(Float32Array.from(dataset.batch(indices, 'float32').data).buffer);
  let hash = 0x811c9dc5;
  for (const word of words) {
    for (let shift = 0; shift < 32; shift += 8) {
      hash = Math.imul(hash ^ ((word >>> shift) & 0xff), 0x01000193);
    }
  }
  return { size, features, hash: hash >>> 0 };
}

const describe = ({ size, features }: DataIdentity): string => `${size} examples of ${features} numbers`;

/**
 * @throws ShapeError, RangeError or TypeError unless `given` is the data set that `expected` was taken from
 * (as far as its size and a sample of it show); null stands for none.
 */
export function checkSameData(
  part: 'train' | 'test',
  expected: DataIdentity | null,
  given: DataIdentity | null,
): void {
  const who = `Trainer.resume: the ${part} data`;
  if (expected === null || given === null) {
    if (expected === given) return;
    throw new TypeError(
      expected === null
        ? `${who} is given, but the checkpoint's training had none; leave it out`
        : `${who} is missing; the checkpoint's training had ${describe(expected)}`,
    );
  }
  if (given.features !== expected.features || given.size !== expected.size) {
    const Kind = given.features === expected.features ? RangeError : ShapeError;
    throw new Kind(
      `${who} has ${describe(given)}, but the checkpoint's had ${describe(expected)}; give the same data, ` +
        'with the same limit and source',
    );
  }
  if (given.hash !== expected.hash) {
    throw new RangeError(
      `${who} has as many examples as the checkpoint's, but other ones; give the same data, ` +
        'with the same source, seed and binarization, or start a new Trainer with the model',
    );
  }
}
