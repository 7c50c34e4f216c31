import type { Corruption } from '../data/corrupt.js';
import type { LabeledDataset } from '../data/dataset.js';
import type { ImageShape } from '../data/images.js';
import { firstExamples, labelsFor } from '../study/first-rows.js';
import type { Column } from '../study/reports/report.js';
import { Random } from '../tensor/random/stream.js';
import { type DenoisingError, denoisingErrors, type LatentVariableModel } from '../vae/index.js';

/** Images that errors are averaged over. */
const IMAGES = 500;

const decimals = (value: number): string => value.toFixed(4);

/** A table of errors. */
export const DENOISING_COLUMNS: readonly Column<DenoisingError>[] = [
  { title: 'level', align: 'right', cell: ({ level }) => String(level) },
  { title: 'noisy', align: 'right', cell: ({ noisy }) => decimals(noisy) },
  { title: '3x3 median', align: 'right', cell: ({ median }) => decimals(median) },
  { title: 'model', align: 'right', cell: ({ model }) => decimals(model) },
];

/** What the table has, in a sentence. */
export const denoisingNote = (count: number): string =>
  `Mean squared error per pixel to the clean image, of ${Math.min(count, IMAGES)} test images: of the noisy image, of its 3x3 median filter, and of E[x | z] at ` +
  'the posterior mean of the noisy image.';

/** Errors at half the level, the level and beyond, up to all pixels. */
export function denoisingTable(
  vae: LatentVariableModel,
  test: LabeledDataset,
  image: ImageShape,
  { noise, level }: Corruption,
  seed: number,
): DenoisingError[] {
  const steps = [0, 0.5, 1, 1.5, 2].map((factor) => Number((factor * level).toPrecision(6)));
  const levels = [...new Set(steps.map((one) => (noise === 'gaussian' ? one : Math.min(1, one))))];
  const x = firstExamples(test, IMAGES);
  const labels = labelsFor(vae, test, x.shape[0]);
  return denoisingErrors(vae, x, image, new Random(seed), { noise, levels, labels });
}
