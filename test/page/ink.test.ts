import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInk, parseInk, withPoint } from '../../src/page/shared/ink.js';
import { inkPixels } from '../../src/page/worker/ink.js';

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const anyStroke = fc
  .array(fc.tuple(unit, unit), { minLength: 1, maxLength: 8 })
  .map((points) => points.flat());
const anyDrawing = fc.array(anyStroke, { minLength: 1, maxLength: 4 });

describe('a drawing', () => {
  it('is read back from its text to half a step of the grid, and from then on exactly', () => {
    fc.assert(
      fc.property(anyDrawing, (strokes) => {
        const text = formatInk(strokes);
        const read = parseInk(text);
        expect(read?.map((stroke) => stroke.length)).toEqual(strokes.map((stroke) => stroke.length));
        read?.flat().forEach((x, i) => {
          expect(Math.abs(x - strokes.flat()[i])).toBeLessThanOrEqual(0.5 / 255 + 1e-12);
        });
        expect(formatInk(read ?? [])).toBe(text);
      }),
    );
  });

  it('is none where the text is something else', () => {
    for (const text of ['', '-', 'abc', '0102-', '010203', 'zz00', '01 2', '0'.repeat(4004)]) {
      expect(parseInk(text), text).toBeNull();
    }
    expect(() => inkPixels('zz')).toThrow('draw it again');
  });

  it('is coarser, not lost, where it is too long for an address', () => {
    const long = fc.array(fc.array(unit, { minLength: 2, maxLength: 1200 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(long, (drawn) => {
        const strokes = drawn.map((stroke) => stroke.slice(0, 2 * Math.floor(stroke.length / 2)));
        const read = parseInk(formatInk(strokes));
        expect(read?.length).toBe(strokes.length);
        read?.forEach((stroke, i) => {
          for (const end of [0, 1, -2, -1]) expect(stroke.at(end)).toBeCloseTo(strokes[i].at(end) ?? 0, 2);
        });
      }),
      { numRuns: 20 },
    );
    const dots = Array.from({ length: 5000 }, () => [0.5, 0.5]);
    expect(parseInk(formatInk(dots))?.length).toBeGreaterThan(500);
  });

  it('takes no point where the pen is already', () => {
    expect(withPoint([0.5, 0.5], 0.505, 0.5)).toEqual([0.5, 0.5]);
    expect(withPoint([0.5, 0.5], 0.55, 0.5)).toEqual([0.5, 0.5, 0.55, 0.5]);
  });
});

describe('its image', () => {
  const centreOf = (pixels: Uint8Array): [number, number] => {
    let [ink, x, y] = [0, 0, 0];
    pixels.forEach((value, i) => {
      ink += value;
      x += value * ((i % 28) + 0.5);
      y += value * (Math.floor(i / 28) + 0.5);
    });
    return [x / ink, y / ink];
  };

  it('has ink around its middle, wherever it was drawn and however small', () => {
    fc.assert(
      fc.property(anyDrawing, (strokes) => {
        const pixels = inkPixels(formatInk(strokes));
        expect(Math.max(...pixels)).toBeGreaterThan(200);
        const [x, y] = centreOf(pixels);
        // Centred by the length of its lines: where they cross, ink counts once. A dot of no length is less exact.
        expect(Math.abs(x - 14)).toBeLessThan(7);
        expect(Math.abs(y - 14)).toBeLessThan(7);
      }),
    );
  });

  it('does not depend on where it was drawn', () => {
    const line = (dx: number, dy: number) => inkPixels(formatInk([[0.2 + dx, 0.2 + dy, 0.2 + dx, 0.6 + dy]]));
    const there = line(0, 0);
    expect(line(0.4, 0.2)).toEqual(there);
    expect(inkPixels(formatInk([[0.2, 0.2, 0.6, 0.2]]))).not.toEqual(there);
  });

  it('fills the box of a digit, but for a dot', () => {
    const rows = (pixels: Uint8Array): number =>
      Array.from({ length: 28 }, (_, row) => Math.max(...pixels.subarray(28 * row, 28 * row + 28))).filter(
        (value) => value > 127,
      ).length;
    expect(Math.abs(rows(inkPixels(formatInk([[0.5, 0.1, 0.5, 0.9]]))) - 19.2)).toBeLessThan(1.5);
    expect(rows(inkPixels(formatInk([[0.5, 0.5]])))).toBeLessThan(6);
  });
});
