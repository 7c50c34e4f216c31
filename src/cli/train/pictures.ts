import { Random } from '../../autograd/ops/random.js';
import type { Corruption } from '../../data/corrupt.js';
import { imageDataset, type LabeledDataset } from '../../data/dataset.js';
import type { ImageShape, LabeledImages } from '../../data/images.js';
import { firstExamples, labelsFor } from '../../study/first-rows.js';
import { Tensor } from '../../tensor/tensor.js';
import {
  type DenoisingError,
  decode,
  denoise,
  encode,
  generate,
  type Labels,
  type LatentVariableModel,
  reconstruct,
  styles,
} from '../../vae/index.js';
import { manifoldCodes } from '../../vae/manifold.js';
import { corruptionOf } from '../../vae/shared-settings.js';
import type { TrainingSettings } from '../../vae/training/index.js';
import { denoisingTable } from '../denoising.js';
import { type ScatterPoints, scatter } from '../pictures/scatter.js';
import { tiles } from '../pictures/tiles.js';

/** Images in a row. */
const COLUMNS = 12;
const SAMPLE_ROWS = 6;
const PAIR_ROWS = 3;
const MANIFOLD_SIDE = 20;
const STYLE_ROWS = 10;
const ENCODED_AT_ONCE = 500;

/** The pictures of a run, as PNG files. */
export interface RunPictures {
  readonly samples: Uint8Array;
  readonly reconstructions: Uint8Array;
  readonly latent: Uint8Array;
  /** The same on a dark background, for the report. */
  readonly latentDark: Uint8Array;
  /** Only when z has two dimensions, and they alone decide the picture. */
  readonly manifold: Uint8Array | null;
  /** One style a row with every label, of a conditional model alone. */
  readonly styles: Uint8Array | null;
  /** Clean, with noise, and denoised, with the errors at several levels, where the training had noise. */
  readonly denoised: { readonly png: Uint8Array; readonly errors: readonly DenoisingError[] } | null;
  /** The dimensions of z shown by `latent`, from 1: two, or one if z has only one. */
  readonly shown: readonly number[];
  /** Variance of the posterior mean over the test examples, for each dimension of z. */
  readonly variances: readonly number[];
}

/** Posterior means of all images, [count, latent]. */
export function posteriorMeans(vae: LatentVariableModel, images: LabeledImages): Tensor {
  const dataset = imageDataset(images);
  const means = Tensor.empty([images.count, vae.latent], vae.dtype);
  for (let start = 0; start < images.count; start += ENCODED_AT_ONCE) {
    const count = Math.min(ENCODED_AT_ONCE, images.count - start);
    const batch = dataset.batch(
      Int32Array.from({ length: count }, (_, i) => start + i),
      vae.dtype,
    );
    const labels = labelsFor(vae, dataset, count, start);
    means.data.set(encode(vae, batch, labels).mean.data, start * vae.latent);
  }
  return means;
}

/** One column of a matrix. */
const column = (t: Tensor, k: number): number[] =>
  Array.from({ length: t.shape[0] }, (_, i) => t.data[i * t.shape[1] + k]);

function variance(values: readonly number[]): number {
  const mean = values.reduce((total, v) => total + v, 0) / values.length;
  return values.reduce((total, v) => total + (v - mean) ** 2, 0) / values.length;
}

/** The dimensions with the largest variances, at most two, in order of their numbers. */
export function mostActive(variances: readonly number[]): number[] {
  return variances
    .map((_, k) => k)
    .sort((a, b) => variances[b] - variances[a] || a - b)
    .slice(0, 2)
    .sort((a, b) => a - b);
}

function scatterPoints(means: Tensor, shown: readonly number[], classes: Uint8Array): ScatterPoints {
  const x = column(means, shown[0]);
  const axes = [String(shown[0] + 1), shown.length > 1 ? String(shown[1] + 1) : ''] as const;
  // With one dimension, a row for each class, with some scatter to separate points.
  const y =
    shown.length > 1 ? column(means, shown[1]) : Array.from(classes, (c, i) => c + ((i % 11) - 5) / 18);
  return { x, y, classes, axes };
}

/** Images in rows of a picture, those of the second list below those of the first, and so on: row by row. */
export function interleaved(lists: readonly Tensor[], columns: number): Tensor {
  const [count, features] = lists[0].shape;
  const rows = Math.ceil(count / columns);
  const all = Tensor.empty([lists.length * rows * columns, features], lists[0].dtype);
  lists.forEach(({ data }, k) => {
    for (let row = 0; row < rows; row++) {
      const own = data.subarray(row * columns * features, (row + 1) * columns * features);
      all.data.set(own, (lists.length * row + k) * columns * features);
    }
  });
  return all;
}

/** Originals, each with its reconstruction (from the posterior mean) below it. */
export const reconstructionPairs = (
  vae: LatentVariableModel,
  x: Tensor,
  columns: number,
  labels?: Labels,
): Tensor => interleaved([x, reconstruct(vae, x, labels)], columns);

/** Originals, with noise, and what the model makes of that, below each other. */
export function denoisedRows(
  vae: LatentVariableModel,
  dataset: LabeledDataset,
  image: ImageShape,
  {
    corruption,
    seed,
    columns,
    count,
  }: { corruption: Corruption; seed: number; columns: number; count: number },
): Tensor {
  const x = firstExamples(dataset, count);
  const labels = labelsFor(vae, dataset, x.shape[0]);
  const { noisy, model } = denoise(vae, x, image, new Random(seed), { ...corruption, labels });
  return interleaved([x, noisy, model], columns);
}

/** The classes in turn, of a conditional model. */
export const labelsInTurn = (
  { condition }: Pick<LatentVariableModel, 'condition'>,
  count: number,
): number[] | undefined =>
  condition === null ? undefined : Array.from({ length: count }, (_, i) => i % condition.width);

/** Draws all pictures of a trained model. */
export function drawPictures(
  vae: LatentVariableModel,
  test: LabeledImages,
  settings: Pick<TrainingSettings, 'seed' | 'noise' | 'noiseLevel'>,
): RunPictures {
  const { seed } = settings;
  const corruption = corruptionOf(settings);
  const { condition } = vae;
  const count = COLUMNS * SAMPLE_ROWS;
  const samples = generate(vae, count, new Random(seed).stream('samples'), labelsInTurn(vae, count));
  const columns = Math.min(COLUMNS, test.count);
  const dataset = imageDataset(test);
  const originals = firstExamples(dataset, columns * PAIR_ROWS);
  const labels = labelsFor(vae, dataset, columns * PAIR_ROWS);
  const pairs = reconstructionPairs(vae, originals, columns, labels);
  const means = posteriorMeans(vae, test);
  const variances = Array.from({ length: vae.latent }, (_, k) => variance(column(means, k)));
  const shown = mostActive(variances);
  const points = scatterPoints(means, shown, test.labels);
  const side = MANIFOLD_SIDE;
  return {
    samples: tiles(samples, { rows: SAMPLE_ROWS, columns: COLUMNS, image: test }).png(),
    reconstructions: tiles(pairs, {
      rows: pairs.shape[0] / columns,
      columns,
      image: test,
      together: 2,
    }).png(),
    latent: scatter(points).png(),
    latentDark: scatter(points, 'dark').png(),
    manifold:
      vae.latent === 2 && condition === null
        ? tiles(decode(vae, manifoldCodes(side)), {
            rows: side,
            columns: side,
            image: test,
            scale: 2,
            gap: 0,
          }).png()
        : null,
    styles:
      condition === null
        ? null
        : tiles(styles(vae, STYLE_ROWS, new Random(seed).stream('styles')), {
            rows: STYLE_ROWS,
            columns: condition.width,
            image: test,
          }).png(),
    denoised: corruption && {
      png: tiles(denoisedRows(vae, dataset, test, { corruption, seed, columns, count: columns }), {
        rows: 3,
        columns,
        image: test,
      }).png(),
      errors: denoisingTable(vae, dataset, test, corruption, seed),
    },
    shown: shown.map((k) => k + 1),
    variances,
  };
}
