import { drawGlyphs, normal, Random } from '../../src/index.js';
import type { Suite } from '../suite.js';

const DRAWS = 100_000;
const GLYPHS = 100;

/** What feeds a training run: noise and glyphs. */
export const dataSuite: Suite = {
  name: 'data',
  doc: 'normal draws in float32, and glyphs drawn',
  add: (bench) => {
    const stream = new Random(0).stream('epsilon');
    bench.add('normal draws', () => {
      normal([DRAWS], stream);
    });
    bench.add('glyphs', () => {
      drawGlyphs({ count: GLYPHS, seed: 0 });
    });
    return [
      { name: 'normal draws', work: DRAWS, unit: 'elements' },
      { name: 'glyphs', work: GLYPHS, unit: 'images' },
    ];
  },
};
