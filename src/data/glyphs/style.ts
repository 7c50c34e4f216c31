import type { ImageShape } from '../images.js';
import {
  COLOR_FACTORS,
  COLOR_GLYPH,
  type ColorFactorName,
  type ColorGlyphFactors,
  colorSampler,
  createColorPainter,
} from './color.js';
import { createPainter, type GlyphPainter } from './draw.js';
import { FACTOR_NAMES, type FactorName, type GlyphFactors } from './factors.js';
import { GLYPH_SIDE } from './raster.js';
import { type FactorSampler, factorSampler } from './sample.js';

/** A way of drawing glyphs: what each is made of, and what comes of it. */
export interface GlyphStyle<
  Name extends string,
  Factors extends GlyphFactors & Readonly<Record<Name, number>>,
> {
  readonly image: ImageShape;
  readonly names: readonly Name[];
  sampler(seed: number | bigint, classes?: readonly number[]): FactorSampler<Factors>;
  painter(): GlyphPainter<Factors>;
}

/** White on black. */
export const GRAY_STYLE: GlyphStyle<FactorName, GlyphFactors> = {
  image: { channels: 1, rows: GLYPH_SIDE, columns: GLYPH_SIDE },
  names: FACTOR_NAMES,
  sampler: factorSampler,
  painter: createPainter,
};

/** Light ink on a dark ground, each of any hue. */
export const COLOR_STYLE: GlyphStyle<FactorName | ColorFactorName, ColorGlyphFactors> = {
  image: COLOR_GLYPH,
  // Without a spread: a bundler keeps one, and with it all of colour.
  names: /* @__PURE__ */ (FACTOR_NAMES as readonly (FactorName | ColorFactorName)[]).concat(
    /* @__PURE__ */ Object.keys(COLOR_FACTORS) as ColorFactorName[],
  ),
  sampler: colorSampler,
  painter: createColorPainter,
};
