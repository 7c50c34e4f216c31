import { Random } from '../../autograd/ops/random.js';
import type { ImageShape } from '../images.js';
import { createPainter, type GlyphPainter } from './draw.js';
import { checkNumber, type FactorSpec, type GlyphFactors } from './factors.js';
import { GLYPH_PIXELS, GLYPH_SIDE } from './raster.js';
import { type FactorSampler, factorSampler } from './sample.js';

/** What a glyph in colour is made of beside {@link FACTORS}. */
export const COLOR_FACTORS: Readonly<Record<'inkHue' | 'groundHue', FactorSpec>> = {
  inkHue: { doc: 'hue of the ink, in turns from red', range: [0, 1], centre: 0.5, deviation: 0 },
  groundHue: { doc: 'hue of the ground, in turns from red', range: [0, 1], centre: 0.5, deviation: 0 },
};

/** The name of a factor of colour. */
export type ColorFactorName = keyof typeof COLOR_FACTORS;
/** The factors of one glyph in colour. */
export type ColorGlyphFactors = GlyphFactors & Readonly<Record<ColorFactorName, number>>;

/** 32 x 32 pixels in red, green and blue. */
export const COLOR_GLYPH = { channels: 3, rows: 32, columns: 32 } as const satisfies ImageShape;
const SIDE = COLOR_GLYPH.rows;
const PLANE = SIDE * SIDE;
/** Ground on each side of the 28 x 28 pixels with ink. */
const MARGIN = (SIDE - GLYPH_SIDE) / 2;

/** The ink is light and the ground is dark, so that any two hues can be told apart. */
const INK = { value: 1, saturation: 0.55 } as const;
const GROUND = { value: 0.45, saturation: 0.8 } as const;

/** Red, green and blue of a hue, 0 to 1 each, by HSV's formula: additions and products only, so equal bits everywhere. */
function colorOf(hue: number, { value, saturation }: typeof INK | typeof GROUND): number[] {
  return [5, 3, 1].map((n) => {
    const turns = (n + 6 * (hue - Math.floor(hue))) % 6;
    return value * (1 - saturation * Math.max(0, Math.min(turns, 4 - turns, 1)));
  });
}

/** Makes a painter of glyphs in colour, with its own buffers: three planes of 32 x 32 bytes each. */
export function createColorPainter(): GlyphPainter<ColorGlyphFactors> {
  const paint = createPainter();
  const gray = new Uint8Array(GLYPH_PIXELS);
  return (factors, out, offset) => {
    for (const name of ['inkHue', 'groundHue'] as const) checkNumber(name, factors[name]);
    paint(factors, gray, 0);
    const ink = colorOf(factors.inkHue, INK);
    const ground = colorOf(factors.groundHue, GROUND);
    for (let c = 0; c < 3; c++) {
      const first = offset + c * PLANE;
      out.fill(Math.floor(255 * ground[c] + 0.5), first, first + PLANE);
      for (let i = 0; i < GLYPH_PIXELS; i++) {
        const at = first + (MARGIN + Math.floor(i / GLYPH_SIDE)) * SIDE + MARGIN + (i % GLYPH_SIDE);
        out[at] = Math.floor(255 * ground[c] + gray[i] * (ink[c] - ground[c]) + 0.5);
      }
    }
  };
}

/** As {@link factorSampler}, with hues from a stream of their own: the other factors are those of the gray glyphs. */
export function colorSampler(
  seed: number | bigint,
  classes?: readonly number[],
): FactorSampler<ColorGlyphFactors> {
  const sample = factorSampler(seed, classes);
  const stream = new Random(seed).stream('data').split('hues');
  const hues = new Float64Array(2);
  return (index) => {
    const factors = sample(index);
    stream.seek(index);
    stream.uniform(hues);
    return { ...factors, inkHue: Math.fround(hues[0]), groundHue: Math.fround(hues[1]) };
  };
}

/**
 * The factors of one image of a seed in colour: those of `glyphFactors`, and two hues, all alike likely.
 *
 * @param seed as in `Random`
 * @param index which image, from 0
 * @throws RangeError when the seed or the index is not valid
 */
export const colorGlyphFactors = (seed: number | bigint, index: number): ColorGlyphFactors =>
  colorSampler(seed)(index);

/**
 * Draws one glyph in colour: that of `drawGlyph` with 2 pixels of ground around it, light ink on a dark ground. The picture is a
 * function of the factors alone, the same bytes on every machine.
 *
 * @returns 3 x 32 x 32 bytes: the planes of red, green and blue, each row after row
 * @throws RangeError when a factor is one from which nothing can be drawn
 */
export function drawColorGlyph(factors: ColorGlyphFactors): Uint8Array {
  const image = new Uint8Array(3 * PLANE);
  createColorPainter()(factors, image, 0);
  return image;
}
