import { imageDataset, type LabeledDataset } from '../../data/dataset.js';
import { describeImage, imageSize, type LabeledImages } from '../../data/images.js';
import type { Checkpoint } from '../../vae/index.js';
import { identify } from '../../vae/training/identity.js';
import { Failure } from '../errors.js';
import { loadData } from './data.js';
import { RunFolder } from './folder.js';

/** A run with its model and what it is tested on. */
export interface OpenedRun {
  readonly run: RunFolder;
  readonly vae: Checkpoint['vae'];
  readonly images: LabeledImages;
  readonly test: LabeledDataset;
}

/**
 * Opens a run, and loads its test images.
 * @throws Failure when there is no run, or the images are not what the model was made for; DataError when they are not there.
 */
export async function openRun(path: string, offline: boolean): Promise<OpenedRun> {
  const run = await RunFolder.open(path);
  const { config, checkpoint } = await run.load();
  const { vae } = checkpoint;
  const { data } = config;
  // Glyphs are drawn one by one, so the training set need not be complete.
  const spec = data.source === 'glyphs' || data.source === 'glyphs-color' ? { ...data, train: 1 } : data;
  const { test: images } = await loadData(spec, { offline });
  if (imageSize(images) !== vae.features) {
    throw new Failure(
      `the images are ${describeImage(images)}, but the model of ${run.path} takes ${vae.features} pixels; ` +
        'the data has changed since the run',
    );
  }
  const test = imageDataset(images);
  const before = checkpoint.data.test?.hash;
  if (typeof before === 'string' && identify(test, vae.dtype).hash !== before) {
    throw new Failure(
      `the test images of ${run.path} are not those that it was tested on; the data has changed since the run`,
    );
  }
  return { run, vae, images, test };
}
