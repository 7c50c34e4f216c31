import { describeImage, type ImageShape, imageShape, imageSize } from '../../data/images.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Canvas, type Color } from './canvas.js';

export interface TileOptions {
  readonly rows: number;
  readonly columns: number;
  /** One image, in its own pixels. */
  readonly image: ImageShape;
  /** Each pixel is drawn as a square of this side. Defaults to 3; large images are enlarged less. */
  readonly scale?: number;
  /** Pixels between images and around them. Defaults to 4. */
  readonly gap?: number;
  /** How many rows belong together, with a wider gap after them; without it there is none. */
  readonly together?: number;
}

/** Gray of the gaps, slightly lighter than the background of the digits. */
const BETWEEN: Color = [42, 42, 42];

/** Additional gaps between rows that do not belong together. */
const APART = 3;

/** No side of an image is enlarged beyond this many pixels. */
const MAX_SIDE = 256;

/** How the cells of a grid lie. */
interface Grid {
  /** The side of a square that stands for a pixel. */
  readonly scale: number;
  readonly gap: number;
  readonly width: number;
  readonly height: number;
  /** Pixels above a row. */
  readonly topOf: (row: number) => number;
}

function gridOf({
  rows,
  columns,
  image,
  scale: largest = 3,
  gap = 4,
  together = Infinity,
}: TileOptions): Grid {
  const scale = Math.max(1, Math.min(largest, Math.floor(MAX_SIDE / Math.max(image.rows, image.columns))));
  const topOf = (row: number): number =>
    gap + row * (image.rows * scale + gap) + APART * gap * Math.floor(row / together);
  const width = gap + columns * (image.columns * scale + gap);
  return { scale, gap, width, height: topOf(rows - 1) + image.rows * scale + gap, topOf };
}

/** Width and height of the picture of {@link tiles}. */
export function tilesSize(options: TileOptions): { width: number; height: number } {
  const { width, height } = gridOf(options);
  return { width, height };
}

/**
 * Images in a grid, pixels enlarged but not smoothed. Missing images leave the last
 * cells empty.
 * @param images [n, channels * rows * columns], 0 (black) to 1 (full); other values are clamped
 * @throws RangeError when an image has another size than `image` says, is neither gray nor in colour, or has a NaN
 */
export function tiles(images: Tensor, options: TileOptions): Canvas {
  const { rows, columns, image } = options;
  const [channels, high, wide] = imageShape(image);
  const [count, features] = images.shape;
  const size = imageSize(image);
  if (features !== size) {
    throw new RangeError(`tiles: images of ${describeImage(image)} have ${size} pixels, but got ${features}`);
  }
  if (channels !== 1 && channels !== 3) {
    throw new RangeError(`tiles: got ${channels} channels; a picture is gray (1) or in colour (3)`);
  }
  const { scale, gap, width, height, topOf } = gridOf(options);
  const canvas = new Canvas(width, height, BETWEEN);
  const byte = (i: number, p: number): number => {
    const value = images.data[i * size + p];
    if (Number.isNaN(value)) {
      throw new RangeError(
        `tiles: pixel ${p} of image ${i} is NaN; the numbers of the model are too large to compute with`,
      );
    }
    return Math.round(255 * Math.max(0, Math.min(1, value)));
  };
  const plane = high * wide;
  const [green, blue] = channels === 3 ? [plane, 2 * plane] : [0, 0];
  for (let i = 0; i < Math.min(count, rows * columns); i++) {
    const left = gap + (i % columns) * (wide * scale + gap);
    const top = topOf(Math.floor(i / columns));
    for (let p = 0; p < plane; p++) {
      const x = left + (p % wide) * scale;
      const y = top + Math.floor(p / wide) * scale;
      canvas.rectangle(x, y, scale, scale, [byte(i, p), byte(i, green + p), byte(i, blue + p)]);
    }
  }
  return canvas;
}

/** Rows and columns of a grid for `count` images, a little wider than high. */
export function squareGrid(count: number): { rows: number; columns: number } {
  const columns = Math.ceil(Math.sqrt(count));
  return { rows: Math.ceil(count / columns), columns };
}
