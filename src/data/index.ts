export { binarized, imageDataset, type LabeledDataset, take, tensorDataset } from './dataset.js';
export { DataError } from './errors.js';
export {
  drawGlyph,
  drawGlyphs,
  FACTOR_NAMES,
  FACTORS,
  type FactorName,
  type FactorSpec,
  GLYPH_VARIANTS,
  type GlyphFactors,
  type GlyphOptions,
  type GlyphSet,
  glyphFactors,
} from './glyphs/index.js';
export { encodeImages, encodeLabels, parseImages, parseLabels } from './idx.js';
export { type DataSplit, type Images, type LabeledImages, pairImagesAndLabels } from './images.js';
