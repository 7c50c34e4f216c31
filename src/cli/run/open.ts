import { imageDataset, type LabeledDataset } from '../../data/dataset.js';
import { type DataSplit, describeImage, imageSize, type LabeledImages } from '../../data/images.js';
import type { Checkpoint } from '../../vae/index.js';
import { identify } from '../../vae/training/identity.js';
import { Failure } from '../errors.js';
import { loadData } from './data.js';
import { type LoadedRun, RunFolder } from './folder.js';

/** A run with its model and what it is tested on. */
export interface OpenedRun {
  readonly run: RunFolder;
  readonly vae: Checkpoint['vae'];
  readonly images: LabeledImages;
  readonly test: LabeledDataset;
}

/** The images of a run, those that it was trained on where they are asked for. */
type RunImages = Pick<DataSplit, 'test'> & Partial<Pick<DataSplit, 'train'>>;

/**
 * Loads the images of a run.
 * @param withTrain whether those that it was trained on are needed
 * @throws Failure when the images are not what the model was made for; DataError when they are not there.
 */
export async function runImages(
  { path }: RunFolder,
  { config: { data }, checkpoint }: LoadedRun,
  { offline, withTrain }: { readonly offline: boolean; readonly withTrain: boolean },
): Promise<RunImages> {
  const { vae } = checkpoint;
  const isDrawn = data.source === 'glyphs' || data.source === 'glyphs-color';
  // Glyphs are drawn one by one, so the training set need not be complete.
  const split = await loadData(isDrawn && !withTrain ? { ...data, train: 1 } : data, { offline });
  if (imageSize(split.test) !== vae.features) {
    throw new Failure(
      `the images are ${describeImage(split.test)}, but the model of ${path} takes ${vae.features} pixels; ` +
        'the data has changed since the run',
    );
  }
  for (const [part, words] of [
    ['test', 'tested on'],
    ['train', 'trained on'],
  ] as const) {
    const before = checkpoint.data[part]?.hash;
    if ((part === 'train' && !withTrain) || typeof before !== 'string') continue;
    if (identify(imageDataset(split[part]), vae.dtype).hash === before) continue;
    throw new Failure(
      `the ${part === 'test' ? 'test' : 'training'} images of ${path} are not those that it was ${words}; the data has changed since the run`,
    );
  }
  return withTrain ? split : { test: split.test };
}

/**
 * Opens a run, and loads its test images.
 * @throws Failure when there is no run, or the images are not what the model was made for; DataError when they are not there.
 */
export async function openRun(path: string, offline: boolean): Promise<OpenedRun> {
  const run = await RunFolder.open(path);
  const loaded = await run.load();
  const { test: images } = await runImages(run, loaded, { offline, withTrain: false });
  return { run, vae: loaded.checkpoint.vae, images, test: imageDataset(images) };
}
