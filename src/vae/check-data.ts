import { batches } from '../data/batches.js';
import type { Dataset } from '../data/dataset.js';
import { BITS, checkValues, covers, describeRange } from '../data/range.js';
import { ShapeError } from '../tensor/errors.js';
import type { Likelihood } from './likelihoods/index.js';
import type { LatentVariableModel } from './model.js';

/** @throws RangeError for an empty data set. */
export function checkNotEmpty({ size }: Dataset, who: string): void {
  if (Number.isSafeInteger(size) && size >= 1) return;
  throw new RangeError(`${who}: the data set has ${size} examples; at least 1 is needed`);
}

/** @throws RangeError for an empty data set; ShapeError when its examples do not fit the model. */
export function checkDataset(
  vae: Pick<LatentVariableModel, 'features' | 'condition'>,
  dataset: Dataset,
  who: string,
): void {
  checkNotEmpty(dataset, who);
  if (dataset.features !== vae.features) {
    throw new ShapeError(
      `${who}: an example has ${dataset.features} numbers, but the VAE takes ${vae.features}; ` +
        `make the VAE with features: ${dataset.features}, or give it the data it was made for`,
    );
  }
  if (vae.condition !== null && dataset.labels === undefined) {
    throw new TypeError(
      `${who}: the VAE is conditioned (${vae.condition.name}), but the data set has no labels; give it some`,
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
