import { drawGlyphs, imageDataset } from '../../src/data/index.js';
import { normal, Random } from '../../src/index.js';
import { scoped } from '../engine.js';
import type { Reading } from '../protocol.js';
import { sample } from './sample.js';

export interface DataSettings {
  readonly seconds: number;
}

const DRAWS = 100_000;
const GLYPHS = 100;
const BATCH = 128;

/** What feeds a training run: noise, glyphs, batches. */
export function measure({ seconds }: DataSettings): Reading[] {
  const stream = new Random(0).stream('epsilon');
  const glyphs = imageDataset(drawGlyphs({ count: 1000, seed: 0 }));
  const indices = stream.permutation(glyphs.size).subarray(0, BATCH);
  const time = (row: string, work: number, call: () => void): Reading => {
    const each = sample(() => scoped(call), seconds);
    return { row, values: { seconds: each, rate: work / each } };
  };
  return [
    time('normal draws', DRAWS, () => {
      normal([DRAWS], stream);
    }),
    time('glyphs', GLYPHS, () => {
      drawGlyphs({ count: GLYPHS, seed: 0 });
    }),
    time(`examples, in batches of ${BATCH}`, BATCH, () => {
      glyphs.batch(indices, 'float32');
    }),
  ];
}
