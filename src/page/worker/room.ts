import type { Settings } from '../shared/settings.js';

/** The engine's memory, in MiB: half of its default, since a page has less than a process of its own. */
export const MEMORY = 512;

/** What may be planned for: the rest is for what views ask. */
const SHARE = 0.95;
/** Bytes for each parameter: itself, its gradient and two moments of Adam. */
const PARAMETER = 16;
/** Bytes for each pixel of a batch: the batch, its reconstruction and what the loss keeps. */
const PIXEL = 36;

/** The side of the largest square images that a model of the settings can be trained on in the engine's memory. */
export function largestSide({ hidden, latent, batchSize }: Settings): number {
  const widths = [...hidden, latent];
  const inner = widths.slice(1).reduce((sum, width, i) => sum + 2 * width * widths[i], 0);
  const left = SHARE * MEMORY * 2 ** 20 - PARAMETER * inner;
  return Math.floor(Math.sqrt(Math.max(0, left) / (2 * PARAMETER * widths[0] + PIXEL * batchSize)));
}
