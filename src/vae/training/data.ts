import { batches } from '../../data/batches.js';
import type { Dataset } from '../../data/dataset.js';
import { BITS, checkValues, covers, describeRange } from '../../data/range.js';
import { ShapeError } from '../../tensor/errors.js';
import type { Likelihood } from '../likelihoods/index.js';
import type { DataIdentity } from './progress.js';

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

/** Examples looked at together. */
const CHUNK = 1000;

/**
 * Refuses data that the likelihood does not take, before it is trained on: all of it is looked at, unless the data set's own
 * range says enough.
 * @param binarize whether values are drawn as 0 or 1, themselves being the probabilities
 * @throws RangeError naming the first such value by example and element.
 */
export function checkRange(likelihood: Likelihood, dataset: Dataset, binarize: boolean, who: string): void {
  const { range, mend, name } = likelihood;
  if (binarize && !covers(range, BITS)) {
    throw new RangeError(
      `${who}: binarize draws 0 and 1, but the ${name} likelihood takes ${describeRange(range)}; leave binarize out`,
    );
  }
  const taken = binarize ? { low: 0, high: 1 } : range;
  if (dataset.range !== undefined && covers(taken, dataset.range)) return;
  const subject = `${who}: ${binarize ? 'binarize' : `the ${name} likelihood`}`;
  let first = 0;
  for (const batch of batches(dataset, { size: CHUNK })) {
    checkValues(batch.x, taken, subject, binarize ? 'values are probabilities of 1' : mend, first);
    first += CHUNK;
  }
}
