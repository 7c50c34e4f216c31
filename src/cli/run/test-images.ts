import type { LabeledImages } from '../../data/images.js';
import type { LatentVariableModel } from '../../vae/index.js';
import { Failure } from '../errors.js';
import { loadData } from './data.js';
import type { RunFolder } from './folder.js';

/**
 * The test images of a run.
 * @throws DataError when they are not there; Failure when they are not what the model was made for.
 */
export async function loadTestImages(
  run: RunFolder,
  vae: Pick<LatentVariableModel, 'features'>,
  offline: boolean,
): Promise<LabeledImages> {
  const { data } = await run.readConfig();
  // Glyphs are drawn one by one, so the training set need not be complete.
  const spec = data.source === 'glyphs' ? { ...data, train: 1 } : data;
  const { test } = await loadData(spec, { offline, onNotice: (message) => console.error(message) });
  const features = test.rows * test.columns;
  if (features !== vae.features) {
    throw new Failure(
      `the images are ${test.rows} x ${test.columns}, but the model of ${run.path} takes ${vae.features} pixels; ` +
        'the data has changed since the run',
    );
  }
  return test;
}
