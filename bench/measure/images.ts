import { readFileSync } from 'node:fs';
import { imageDataset, type LabeledDataset } from '../../src/data/index.js';

/** Images as all subjects of a suite read them: a file of one byte a pixel, image after image. */
export interface ImageFile {
  readonly path: string;
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
}

export const readImages = ({ path, ...size }: ImageFile): LabeledDataset =>
  imageDataset({ ...size, pixels: readFileSync(path), labels: new Uint8Array(size.count) });
