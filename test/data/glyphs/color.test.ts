import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  COLOR_FACTORS,
  type ColorFactorName,
  colorGlyphFactors,
  drawColorGlyph,
  drawColorGlyphs,
  drawGlyph,
  FACTOR_NAMES,
  glyphFactors,
} from '../../../src/data/index.js';

const PLANE = 32 * 32;
const HUES = Object.keys(COLOR_FACTORS) as ColorFactorName[];

/** Red, green and blue of a pixel. */
const pixel = (image: Uint8Array, row: number, column: number): number[] =>
  [0, 1, 2].map((c) => image[c * PLANE + row * 32 + column]);

describe('glyphs in colour', () => {
  it('are the gray glyphs between two colours, with a margin of ground', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(100_000), (seed, index) => {
        const factors = colorGlyphFactors(seed, index);
        const { inkHue: _, groundHue: __, ...gray } = factors;
        expect(gray).toEqual(glyphFactors(seed, index));
        const [image, ink] = [drawColorGlyph(factors), drawGlyph(gray)];
        const ground = pixel(image, 0, 0);
        const full = pixel(drawColorGlyph({ ...factors, strokeWidth: 60 }), 16, 16);
        for (let row = 0; row < 32; row++) {
          for (let column = 0; column < 32; column++) {
            const isInside = row >= 2 && row < 30 && column >= 2 && column < 30;
            const share = isInside ? ink[(row - 2) * 28 + column - 2] / 255 : 0;
            pixel(image, row, column).forEach((value, c) => {
              expect(Math.abs(value - (ground[c] + share * (full[c] - ground[c])))).toBeLessThanOrEqual(1);
            });
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  it('have the hues of their factors: ink light, ground dark', () => {
    const factors = { ...colorGlyphFactors(1, 0), strokeWidth: 60 };
    const colours = (inkHue: number, groundHue: number): number[][] => {
      const image = drawColorGlyph({ ...factors, inkHue, groundHue });
      return [pixel(image, 16, 16), pixel(image, 0, 0)];
    };
    expect(colours(0, 1 / 3)).toEqual([
      [255, 115, 115],
      [23, 115, 23],
    ]);
    expect(colours(2 / 3, 1 / 6)).toEqual([
      [115, 115, 255],
      [115, 115, 23],
    ]);
    // The circle closes, in both directions.
    expect(colours(1, -0.25)).toEqual(colours(0, 0.75));
    expect(() => drawColorGlyph({ ...factors, groundHue: Number.NaN })).toThrow(
      'drawGlyph: groundHue is NaN; it needs to be a number, -100 to 100',
    );
  });

  it('come in sets with every factor, by number alone', () => {
    const set = drawColorGlyphs({ count: 6, seed: 4, start: 10 });
    expect(set).toMatchObject({ count: 6, channels: 3, rows: 32, columns: 32 });
    for (let i = 0; i < 6; i++) {
      const factors = colorGlyphFactors(4, 10 + i);
      expect(set.labels[i]).toBe(factors.digit);
      for (const name of [...FACTOR_NAMES, ...HUES]) expect(set.factors[name][i]).toBe(factors[name]);
      const image = set.pixels.subarray(3 * PLANE * i, 3 * PLANE * (i + 1));
      expect(Buffer.from(image)).toEqual(Buffer.from(drawColorGlyph(factors)));
    }
  });

  it('have hues that are spread evenly and do not go together', () => {
    const { factors } = drawColorGlyphs({ count: 2000, seed: 7 });
    for (const name of HUES) {
      const quarters = [0, 0, 0, 0];
      for (const hue of factors[name]) quarters[Math.floor(4 * hue)]++;
      for (const count of quarters) expect(Math.abs(count - 500)).toBeLessThan(80);
    }
    const centred = HUES.map((name) => Array.from(factors[name], (hue) => hue - 0.5));
    const covariance = centred[0].reduce((sum, a, i) => sum + a * centred[1][i], 0) / 2000;
    expect(Math.abs(covariance) * 12).toBeLessThan(0.08);
  });

  it('are the same bytes on every machine', () => {
    const { pixels } = drawColorGlyphs({ count: 50, seed: 3 });
    expect(createHash('sha256').update(pixels).digest('hex')).toBe(
      'c40d5d49a3b0b23afb210132a6187f4bae885b4cbb6aa705603de0650f2cdf16',
    );
  });
});
