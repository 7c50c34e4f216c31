export {
  COLOR_FACTORS,
  type ColorFactorName,
  type ColorGlyphFactors,
  colorGlyphFactors,
  drawColorGlyph,
} from './color.js';
export { drawGlyph } from './draw.js';
export { FACTOR_NAMES, FACTORS, type FactorName, type FactorSpec, type GlyphFactors } from './factors.js';
export { type GlyphsOnDemand, glyphsOnDemand } from './on-demand.js';
export { glyphFactors } from './sample.js';
export { type ColorGlyphSet, drawColorGlyphs, drawGlyphs, type GlyphOptions, type GlyphSet } from './set.js';
export { GLYPH_VARIANTS } from './skeletons.js';
