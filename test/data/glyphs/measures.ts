import type { Images } from '../../../src/data/images.js';

/** Sum of the ink, in fully inked pixels, of 28 x 28 pixels. */
export function inkOf(image: Uint8Array): number {
  return image.reduce((sum, pixel) => sum + pixel, 0) / 255;
}

/** Centre of mass in pixels from the top left corner. */
export function centreOf(image: Uint8Array): { x: number; y: number } {
  let [x, y] = [0, 0];
  image.forEach((pixel, i) => {
    x += (pixel / 255) * ((i % 28) + 0.5);
    y += (pixel / 255) * (Math.floor(i / 28) + 0.5);
  });
  const ink = inkOf(image);
  return { x: x / ink, y: y / ink };
}

/** Lean to the right: how far the ink moves to the left per pixel downwards (least squares). */
export function slantOf(image: Uint8Array): number {
  const centre = centreOf(image);
  let [xy, yy] = [0, 0];
  image.forEach((pixel, i) => {
    const y = Math.floor(i / 28) + 0.5 - centre.y;
    xy += pixel * y * ((i % 28) + 0.5 - centre.x);
    yy += pixel * y * y;
  });
  return -xy / yy;
}

/** Image i of a set, as a view. */
export function imageAt(images: Images, i: number): Uint8Array {
  const size = images.rows * images.columns;
  return images.pixels.subarray(i * size, (i + 1) * size);
}

/** Squared distance of two images. */
export function distance2(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return sum;
}
