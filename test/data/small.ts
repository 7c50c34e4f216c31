import { encodeImages, encodeLabels } from '../../src/data/idx.js';

function pixels(count: number): Uint8Array {
  return Uint8Array.from({ length: count * 6 }, (_, i) => (37 * i) % 256);
}

/** A data set of four small IDX files, uncompressed: 5 and 2 images of 2 x 3. */
export const SMALL = {
  trainImages: encodeImages({ count: 5, rows: 2, columns: 3, pixels: pixels(5) }),
  trainLabels: encodeLabels(Uint8Array.of(5, 0, 4, 1, 9)),
  testImages: encodeImages({ count: 2, rows: 2, columns: 3, pixels: pixels(2) }),
  testLabels: encodeLabels(Uint8Array.of(7, 2)),
} as const;
