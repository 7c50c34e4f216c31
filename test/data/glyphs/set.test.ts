import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SKELETONS } from '../../../src/data/glyphs/skeletons.js';
import { drawGlyph, drawGlyphs, FACTOR_NAMES, FACTORS, glyphFactors } from '../../../src/data/index.js';
import { distance2, imageAt } from './measures.js';

const many = drawGlyphs({ count: 10_000, seed: 11 });

describe('drawGlyphs', () => {
  it('draws the same bytes on every machine', () => {
    const { pixels, labels } = drawGlyphs({ count: 100, seed: 1 });
    const sum = createHash('sha256').update(pixels).update(labels).digest('hex');
    expect(sum).toBe('170ad9b93f4729758cfe3a6247a7d3911f0cc094ae24f2bcb1316a9af26c309b');
  });

  it('uses only arithmetic that every machine rounds alike', () => {
    const folder = new URL('../../../src/data/glyphs/', import.meta.url);
    const used = readdirSync(folder).flatMap((file) => [
      ...readFileSync(new URL(file, folder), 'utf8').matchAll(/Math\.(\w+)/g),
    ]);
    const exact = ['abs', 'ceil', 'floor', 'fround', 'max', 'min', 'sqrt'];
    expect([...new Set(used.map((match) => match[1]))].filter((name) => !exact.includes(name))).toEqual([]);
    expect(used.length).toBeGreaterThan(10);
  });

  it('draws image i from the seed and i alone, as its factors say', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(100_000), fc.integer({ min: 1, max: 12 }), (seed, start, count) => {
        const set = drawGlyphs({ count, seed, start });
        for (let i = 0; i < count; i++) {
          const factors = glyphFactors(seed, start + i);
          expect(set.labels[i]).toBe(factors.digit);
          for (const name of FACTOR_NAMES) expect(set.factors[name][i]).toBe(factors[name]);
          expect(imageAt(set, i)).toEqual(drawGlyph(factors));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('draws others for another seed', () => {
    const [one, other] = [drawGlyphs({ count: 50, seed: 1 }), drawGlyphs({ count: 50, seed: 2 })];
    expect(one.labels).not.toEqual(other.labels);
    expect(one.factors.slant).not.toEqual(other.factors.slant);
  });

  it('balances and shuffles the classes', () => {
    for (const digit of SKELETONS.keys()) {
      expect(many.labels.filter((label) => label === digit)).toHaveLength(1000);
    }
    const same = many.labels.filter((label, i) => i >= 10 && label === many.labels[i - 10]).length;
    expect(same / (many.count - 10)).toBeGreaterThan(0.08);
    expect(same / (many.count - 10)).toBeLessThan(0.12);
  });

  it('draws the classes asked for', () => {
    const { labels } = drawGlyphs({ count: 30, seed: 5, classes: [7, 3, 1] });
    for (const digit of [1, 3, 7]) expect(labels.filter((label) => label === digit)).toHaveLength(10);
  });

  it('writes each digit in each of its ways, as often as they are common', () => {
    SKELETONS.forEach((ways, digit) => {
      expect(ways.reduce((sum, way) => sum + way.share, 0)).toBeCloseTo(1, 12);
      ways.forEach((way, variant) => {
        const drawn = many.labels.filter(
          (label, i) => label === digit && many.factors.variant[i] === variant,
        );
        expect(Math.abs(drawn.length / 1000 - way.share)).toBeLessThan(0.06);
      });
    });
  });

  it('spreads the factors as FACTORS says', () => {
    for (const name of FACTOR_NAMES) {
      const { range, centre, deviation } = FACTORS[name];
      const values = many.factors[name];
      expect(values.every((value) => value >= Math.fround(range[0]) && value <= Math.fround(range[1]))).toBe(
        true,
      );
      if (deviation === 0) continue;
      const mean = values.reduce((sum, value) => sum + value, 0) / many.count;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / many.count;
      expect(Math.abs(mean - centre)).toBeLessThan(0.1 * deviation);
      expect(Math.sqrt(variance) / deviation).toBeGreaterThan(0.9);
      expect(Math.sqrt(variance) / deviation).toBeLessThan(1.05);
    }
  });

  it('has the statistics of MNIST: mean 33.3, deviation 78.6, 81 % zeros, 7.4 % of nearly white', () => {
    const size = many.pixels.length;
    const mean = many.pixels.reduce((sum, pixel) => sum + pixel, 0) / size;
    const variance = many.pixels.reduce((sum, pixel) => sum + (pixel - mean) ** 2, 0) / size;
    expect(mean).toBeGreaterThan(32);
    expect(mean).toBeLessThan(35);
    expect(Math.abs(Math.sqrt(variance) - 78.6)).toBeLessThan(2);
    expect(Math.abs(many.pixels.filter((pixel) => pixel === 0).length / size - 0.809)).toBeLessThan(0.015);
    expect(Math.abs(many.pixels.filter((pixel) => pixel >= 250).length / size - 0.074)).toBeLessThan(0.01);
  });

  it('cuts hardly any ink off at the border', () => {
    const border = Array.from({ length: 784 }, (_, i) => i).filter(
      (i) => i < 28 || i >= 756 || i % 28 === 0 || i % 28 === 27,
    );
    let cut = 0;
    for (let i = 0; i < many.count; i++) {
      const image = imageAt(many, i);
      if (border.some((at) => image[at] > 127)) cut++;
    }
    expect(cut / many.count).toBeLessThan(0.01);
  });

  it('draws digits that can be told apart: the nearest of 2,000 is right for most of 500 others', () => {
    const test = drawGlyphs({ count: 500, seed: 11, start: 20_000 });
    let right = 0;
    for (let i = 0; i < test.count; i++) {
      const image = imageAt(test, i);
      let [best, label] = [Number.POSITIVE_INFINITY, -1];
      for (let k = 0; k < 2000; k++) {
        const distance = distance2(image, imageAt(many, k));
        if (distance < best) [best, label] = [distance, many.labels[k]];
      }
      if (label === test.labels[i]) right++;
    }
    expect(right / test.count).toBeGreaterThan(0.93);
  });

  it('refuses options that cannot be', () => {
    expect(() => drawGlyphs({ count: 0, seed: 1 })).toThrow('count is 0');
    expect(() => drawGlyphs({ count: 2.5, seed: 1 })).toThrow(RangeError);
    expect(() => drawGlyphs({ count: 3_000_000, seed: 1 })).toThrow(RangeError);
    expect(() => drawGlyphs({ count: 1, seed: -1 })).toThrow(RangeError);
    expect(() => drawGlyphs({ count: 1, seed: 1, start: -1 })).toThrow('start is -1');
    expect(() => drawGlyphs({ count: 1, seed: 1, classes: [] })).toThrow('the classes are []');
    expect(() => drawGlyphs({ count: 1, seed: 1, classes: [1, 1] })).toThrow('none of them twice');
    expect(() => drawGlyphs({ count: 1, seed: 1, classes: [11] })).toThrow(RangeError);
    expect(() => glyphFactors(1, -1)).toThrow('the index is -1');
  });
});
