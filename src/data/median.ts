import { Tensor } from '../tensor/tensor.js';
import { type ImageShape, imageShape } from './images.js';

/** Where the middle of 9 sorted values stands. */
const MIDDLE = 4;

/**
 * The median of the 3 x 3 pixels around each, channel by channel; beyond an edge its pixels are repeated. It takes away single wrong
 * pixels and keeps edges: what a denoiser that has learned nothing does.
 * @param x [count, channels * rows * columns]
 */
export function medianFilter(x: Tensor, image: ImageShape): Tensor {
  const [, rows, columns] = imageShape(image);
  const out = Tensor.uninitialized(x.shape, x.dtype);
  const around = new Float64Array(9);
  const inside = (at: number, size: number): number => Math.min(size - 1, Math.max(0, at));
  const plane = rows * columns;
  for (let start = 0; start < x.size; start += plane) {
    for (let i = 0; i < plane; i++) {
      const [row, column] = [Math.floor(i / columns), i % columns];
      let k = 0;
      for (let r = -1; r <= 1; r++) {
        const line = start + inside(row + r, rows) * columns;
        for (let c = -1; c <= 1; c++) around[k++] = x.data[line + inside(column + c, columns)];
      }
      out.data[start + i] = around.sort()[MIDDLE];
    }
  }
  return out;
}
