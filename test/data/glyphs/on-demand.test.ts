import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { imageDataset } from '../../../src/data/dataset.js';
import { drawGlyphs } from '../../../src/data/glyphs/index.js';
import { glyphsOnDemand } from '../../../src/data/glyphs/on-demand.js';

describe('glyphsOnDemand', () => {
  it('gives the batches of drawGlyphs, in whatever order they are asked for', () => {
    const count = 12;
    const options = fc.record({
      seed: fc.nat(),
      start: fc.nat(1000),
      batches: fc.array(fc.array(fc.nat(count - 1), { minLength: 1, maxLength: 5 }), { maxLength: 4 }),
    });
    fc.assert(
      fc.property(options, ({ seed, start, batches }) => {
        const whole = drawGlyphs({ count, seed, start });
        const expected = imageDataset(whole);
        const lazy = glyphsOnDemand({ count, seed, start });
        expect(lazy.labels).toEqual(whole.labels);
        for (const indices of batches) {
          expect(lazy.batch(indices, 'float32').data).toEqual(expected.batch(indices, 'float32').data);
        }
        expect(lazy.images().pixels).toEqual(whole.pixels);
      }),
      { numRuns: 30 },
    );
  });

  it('draws an image when it is asked for, and once', () => {
    const lazy = glyphsOnDemand({ count: 3, seed: 1, classes: [4, 7] });
    expect([...new Set(lazy.labels)].sort()).toEqual([4, 7]);
    expect(lazy.drawn()).toBe(0);
    lazy.batch([1, 1], 'float32');
    expect(lazy.drawn()).toBe(1);
    lazy.images();
    expect(lazy.drawn()).toBe(3);
  });

  it('refuses what cannot be', () => {
    expect(() => glyphsOnDemand({ count: 0, seed: 1 })).toThrow('count is 0');
    expect(() => glyphsOnDemand({ count: 3, seed: 1 }).batch([3], 'float32')).toThrow(
      'there is no example 3; there are 3',
    );
    expect(() => glyphsOnDemand({ count: 3, seed: 1, classes: [] })).toThrow('the classes are []');
  });
});
