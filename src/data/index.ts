/**
 * Data for training: handwritten-looking digits drawn from known factors, IDX files in memory, datasets and their batches.
 * Files and downloads are in `pathwise/node`.
 * @packageDocumentation
 */
export { type Batch, type BatchesOptions, batches } from './batches.js';
export { CIFAR10_CLASSES, parseCifar10 } from './cifar10/parse.js';
export { type Corruption, type CorruptionKind, corrupt, corruptions } from './corrupt.js';
export {
  binarized,
  type Dataset,
  imageDataset,
  type LabeledDataset,
  type TensorDatasetOptions,
  take,
  tensorDataset,
} from './dataset.js';
export { DataError } from './errors.js';
export {
  COLOR_FACTORS,
  type ColorFactorName,
  type ColorGlyphFactors,
  type ColorGlyphSet,
  colorGlyphFactors,
  drawColorGlyph,
  drawColorGlyphs,
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
export {
  type DataSplit,
  type ImageShape,
  type Images,
  type LabeledImages,
  pairImagesAndLabels,
} from './images.js';
export { medianFilter } from './median.js';
export type { ValueRange } from './range.js';
