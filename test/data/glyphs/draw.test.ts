import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SKELETONS } from '../../../src/data/glyphs/skeletons.js';
import {
  drawGlyph,
  FACTORS,
  type FactorName,
  type GlyphFactors,
  glyphFactors,
} from '../../../src/data/index.js';
import { centreOf, distance2, inkOf, slantOf } from './measures.js';

const anyGlyph = fc
  .record({ seed: fc.nat(), index: fc.nat(1_000_000) })
  .map(({ seed, index }) => glyphFactors(seed, index));

const within = (name: FactorName) =>
  fc.double({ min: FACTORS[name].range[0], max: FACTORS[name].range[1], noNaN: true });

describe('drawGlyph', () => {
  it('gives the same bytes for the same factors', () => {
    fc.assert(
      fc.property(anyGlyph, anyGlyph, (factors, other) => {
        const image = drawGlyph(factors);
        drawGlyph(other);
        expect(drawGlyph({ ...factors })).toEqual(image);
      }),
    );
  });

  it('puts ink in the middle of a black frame, with a core as white as can be', () => {
    fc.assert(
      fc.property(anyGlyph, (factors) => {
        const image = drawGlyph(factors);
        expect(image).toHaveLength(784);
        expect(Math.max(...image)).toBeGreaterThan(200);
        expect([0, 27, 27 * 28, 783].map((corner) => image[corner])).toEqual([0, 0, 0, 0]);
        expect(image.filter((pixel) => pixel === 0).length).toBeGreaterThan(784 / 2);
      }),
    );
  });

  it('has more ink with a broader pen', () => {
    fc.assert(
      fc.property(
        anyGlyph,
        within('strokeWidth'),
        fc.double({ min: 0.3, max: 1, noNaN: true }),
        (factors, width, more) => {
          const thin = inkOf(drawGlyph({ ...factors, strokeWidth: width }));
          expect(inkOf(drawGlyph({ ...factors, strokeWidth: width + more }))).toBeGreaterThan(thin);
        },
      ),
    );
  });

  /** How far the centre of mass is from where a shift should bring it, in pixels. */
  function strayed(factors: GlyphFactors, shiftX: number, shiftY: number): number {
    const centre = centreOf(drawGlyph({ ...factors, shiftX: 0, shiftY: 0 }));
    const moved = centreOf(drawGlyph({ ...factors, shiftX, shiftY }));
    return Math.max(Math.abs(moved.x - centre.x - shiftX), Math.abs(moved.y - centre.y - shiftY));
  }

  it('moves the centre of mass by the shift', () => {
    // A shift of part of a pixel changes what each pixel covers, and ink at the border is cut off.
    fc.assert(
      fc.property(anyGlyph, within('shiftX'), within('shiftY'), (factors, shiftX, shiftY) => {
        expect(strayed(factors, shiftX, shiftY)).toBeLessThan(0.5);
      }),
    );
    const all = Array.from({ length: 400 }, (_, i) => {
      const factors = glyphFactors(1, i);
      return strayed({ ...factors, shiftX: 0, shiftY: 0 }, factors.shiftX, factors.shiftY);
    });
    expect(all.filter((pixels) => pixels < 0.15).length).toBeGreaterThanOrEqual(0.98 * all.length);
  });

  it('has its centre of mass near the middle', () => {
    fc.assert(
      fc.property(anyGlyph, (factors) => {
        const { x, y } = centreOf(drawGlyph({ ...factors, shiftX: 0, shiftY: 0 }));
        expect(Math.max(Math.abs(x - 14), Math.abs(y - 14))).toBeLessThan(1.5);
      }),
    );
  });

  it('leans as its slant says', () => {
    const straight: GlyphFactors = {
      ...glyphFactors(1, 0),
      rotation: 0,
      wobble: 0,
      pressure: 0,
      aspect: 1,
      scale: 1,
      strokeWidth: 1.5,
    };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), within('slant'), (digit, slant) => {
        const at = (lean: number) => slantOf(drawGlyph({ ...straight, digit, variant: 0, slant: lean }));
        const measured = at(slant) - at(0);
        // Near, not equal: the round pen does not lean, and leaning strokes are longer.
        expect(Math.abs(measured - slant)).toBeLessThan(0.04 + 0.2 * Math.abs(slant));
        expect(at(slant + 0.1)).toBeGreaterThan(at(slant) + 0.04);
      }),
    );
  });

  it('turns to the left with its rotation', () => {
    const upright = { ...glyphFactors(1, 0), digit: 1, variant: 0, slant: 0, wobble: 0, strokeWidth: 2 };
    for (const rotation of [-0.2, -0.1, 0, 0.1, 0.2]) {
      expect(slantOf(drawGlyph({ ...upright, rotation }))).toBeCloseTo(-rotation, 1);
    }
  });

  it('is as tall as its scale says, and as broad as its aspect says', () => {
    const sides = (factors: GlyphFactors) => {
      const inked = [...drawGlyph(factors)].flatMap((pixel, i) => (pixel > 127 ? [i] : []));
      const span = (values: number[]) => Math.max(...values) - Math.min(...values) + 1;
      return { width: span(inked.map((i) => i % 28)), height: span(inked.map((i) => Math.floor(i / 28))) };
    };
    const zero = {
      ...glyphFactors(1, 0),
      digit: 0,
      variant: 0,
      slant: 0,
      rotation: 0,
      wobble: 0,
      pressure: 0,
    };
    const narrow = sides({ ...zero, scale: 1, aspect: 0.7 });
    const broad = sides({ ...zero, scale: 1, aspect: 1.3 });
    const small = sides({ ...zero, scale: 0.7, aspect: 0.7 });
    expect(Math.abs(narrow.height - 19)).toBeLessThanOrEqual(1);
    expect(broad.width - narrow.width).toBeGreaterThanOrEqual(4);
    expect(Math.abs(small.height - 0.7 * narrow.height)).toBeLessThanOrEqual(1);
  });

  it('changes little when a factor changes little, so that traversals are smooth', () => {
    const numeric = [
      'slant',
      'rotation',
      'strokeWidth',
      'scale',
      'aspect',
      'shiftX',
      'wobble',
      'pressure',
    ] as const;
    fc.assert(
      fc.property(anyGlyph, fc.constantFrom(...numeric), (factors, name) => {
        const [low, high] = FACTORS[name].range;
        const image = drawGlyph(factors);
        const near = drawGlyph({ ...factors, [name]: factors[name] + (high - low) / 1000 });
        expect(Math.sqrt(distance2(image, near) / 784)).toBeLessThan(4);
      }),
    );
  });

  it('draws every way of writing every digit, each another', () => {
    const images = SKELETONS.flatMap((ways, digit) =>
      ways.map((_, variant) => drawGlyph({ ...glyphFactors(3, 3), digit, variant })),
    );
    images.forEach((image, i) => {
      for (const other of images.slice(0, i)) expect(distance2(image, other)).toBeGreaterThan(784 * 100);
    });
  });

  it.each<[Partial<Record<FactorName, number>>, string]>([
    [{ digit: 10 }, 'digit is 10'],
    [{ digit: 1, variant: 3 }, 'variant is 3; it needs to be a whole number, 0 to 2'],
    [{ wobbleKey: 0.5 }, 'wobbleKey is 0.5'],
    [{ slant: Number.NaN }, 'slant is NaN'],
    [{ shiftX: Number.POSITIVE_INFINITY }, 'shiftX is Infinity'],
    [{ strokeWidth: -1 }, 'strokeWidth is -1'],
    [{ scale: 0 }, 'scale is 0'],
    [{ aspect: -1 }, 'aspect is -1'],
  ])('refuses %j', (change, message) => {
    expect(() => drawGlyph({ ...glyphFactors(1, 0), ...change })).toThrow(RangeError);
    expect(() => drawGlyph({ ...glyphFactors(1, 0), ...change })).toThrow(message);
  });
});
