import type { Tensor } from '../../tensor/tensor.js';
import { Canvas, type Color } from './canvas.js';

export interface TileOptions {
  readonly rows: number;
  readonly columns: number;
  /** Height and width of one image in its own pixels. */
  readonly image: { readonly rows: number; readonly columns: number };
  /** Each pixel is drawn as a square of this side. Defaults to 3. */
  readonly scale?: number;
  /** Pixels between images and around them. Defaults to 4. */
  readonly gap?: number;
  /** Rows come in pairs, with a wider gap after each. */
  readonly pairs?: boolean;
}

/** Gray of the gaps, slightly lighter than the background of the digits. */
const BETWEEN: Color = [42, 42, 42];

/** Additional gaps between pairs of rows. */
const APART = 3;

/** Pixels above row `row`. */
function topOf(row: number, { image, scale = 3, gap = 4, pairs = false }: TileOptions): number {
  return gap + row * (image.rows * scale + gap) + (pairs ? APART * gap * Math.floor(row / 2) : 0);
}

/** Width and height of the picture of {@link tiles}. */
export function tilesSize(options: TileOptions): { width: number; height: number } {
  const { rows, columns, image, scale = 3, gap = 4 } = options;
  return {
    width: gap + columns * (image.columns * scale + gap),
    height: topOf(rows - 1, options) + image.rows * scale + gap,
  };
}

/**
 * Images in a grid, pixels enlarged but not smoothed. Missing images leave the last
 * cells empty.
 * @param images [n, rows * columns], 0 (black) to 1 (white); other values are clamped
 * @throws RangeError when an image has another number of pixels than `image` says, or a pixel is NaN
 */
export function tiles(images: Tensor, options: TileOptions): Canvas {
  const { rows, columns, image, scale = 3, gap = 4 } = options;
  const pixels = image.rows * image.columns;
  const [count, features] = images.shape;
  if (features !== pixels) {
    throw new RangeError(
      `tiles: images of ${image.rows} x ${image.columns} have ${pixels} pixels, but got ${features}`,
    );
  }
  const { width, height } = tilesSize(options);
  const canvas = new Canvas(width, height, BETWEEN);
  for (let i = 0; i < Math.min(count, rows * columns); i++) {
    const left = gap + (i % columns) * (image.columns * scale + gap);
    const top = topOf(Math.floor(i / columns), options);
    for (let p = 0; p < pixels; p++) {
      if (Number.isNaN(images.data[i * pixels + p])) {
        throw new RangeError(
          `tiles: pixel ${p} of image ${i} is NaN; the numbers of the model are too large to compute with`,
        );
      }
      const gray = Math.round(255 * Math.max(0, Math.min(1, images.data[i * pixels + p])));
      const x = left + (p % image.columns) * scale;
      const y = top + Math.floor(p / image.columns) * scale;
      canvas.rectangle(x, y, scale, scale, [gray, gray, gray]);
    }
  }
  return canvas;
}

/** Rows and columns of a grid for `count` images, a little wider than high. */
export function squareGrid(count: number): { rows: number; columns: number } {
  const columns = Math.ceil(Math.sqrt(count));
  return { rows: Math.ceil(count / columns), columns };
}
