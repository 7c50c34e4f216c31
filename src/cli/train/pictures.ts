import { Random } from '../../autograd/ops/random.js';
import { imageDataset } from '../../data/dataset.js';
import type { LabeledImages } from '../../data/images.js';
import { firstExamples } from '../../study/first-rows.js';
import { Tensor } from '../../tensor/tensor.js';
import { type Decoder, decode, type Encoder, encode, generate, reconstruct } from '../../vae/index.js';
import { manifoldCodes } from '../../vae/manifold.js';
import { type ScatterPoints, scatter } from '../pictures/scatter.js';
import { tiles } from '../pictures/tiles.js';

/** Images in a row. */
const COLUMNS = 12;
const SAMPLE_ROWS = 6;
const PAIR_ROWS = 3;
const MANIFOLD_SIDE = 20;
const ENCODED_AT_ONCE = 500;

/** The pictures of a run, as PNG files. */
export interface RunPictures {
  readonly samples: Uint8Array;
  readonly reconstructions: Uint8Array;
  readonly latent: Uint8Array;
  /** The same on a dark background, for the report. */
  readonly latentDark: Uint8Array;
  /** Only when z has two dimensions. */
  readonly manifold: Uint8Array | null;
  /** The dimensions of z shown by `latent`, from 1: two, or one if z has only one. */
  readonly shown: readonly number[];
  /** Variance of the posterior mean over the test examples, for each dimension of z. */
  readonly variances: readonly number[];
}

/** Posterior means of all images, [count, latent]. */
export function posteriorMeans(vae: Encoder, images: LabeledImages): Tensor {
  const dataset = imageDataset(images);
  const means = Tensor.empty([images.count, vae.latent], vae.dtype);
  for (let start = 0; start < images.count; start += ENCODED_AT_ONCE) {
    const count = Math.min(ENCODED_AT_ONCE, images.count - start);
    const batch = dataset.batch(
      Int32Array.from({ length: count }, (_, i) => start + i),
      vae.dtype,
    );
    means.data.set(encode(vae, batch).mean.data, start * vae.latent);
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

/** Originals in odd rows, each with its reconstruction (from the posterior mean) below it. */
export function reconstructionPairs(vae: Encoder & Decoder, x: Tensor, columns: number): Tensor {
  const again = reconstruct(vae, x);
  const [count, features] = x.shape;
  const rows = Math.ceil(count / columns);
  const pairs = Tensor.empty([2 * rows * columns, features], x.dtype);
  for (let i = 0; i < count; i++) {
    const at = (2 * Math.floor(i / columns) * columns + (i % columns)) * features;
    pairs.data.set(x.data.subarray(i * features, (i + 1) * features), at);
    pairs.data.set(again.data.subarray(i * features, (i + 1) * features), at + columns * features);
  }
  return pairs;
}

/** Draws all pictures of a trained model. */
export function drawPictures(vae: Encoder & Decoder, test: LabeledImages, seed: number): RunPictures {
  const count = COLUMNS * SAMPLE_ROWS;
  const samples = generate(vae, count, new Random(seed).stream('samples'));
  const columns = Math.min(COLUMNS, test.count);
  const originals = firstExamples(imageDataset(test), columns * PAIR_ROWS);
  const pairs = reconstructionPairs(vae, originals, columns);
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
      pairs: true,
    }).png(),
    latent: scatter(points).png(),
    latentDark: scatter(points, 'dark').png(),
    manifold:
      vae.latent === 2
        ? tiles(decode(vae, manifoldCodes(side)), {
            rows: side,
            columns: side,
            image: test,
            scale: 2,
            gap: 0,
          }).png()
        : null,
    shown: shown.map((k) => k + 1),
    variances,
  };
}
