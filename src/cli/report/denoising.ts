import { corruptions } from '../../data/corrupt.js';
import type { RunConfig } from '../../vae/run/config.js';
import { corruptionOf } from '../../vae/shared-settings.js';
import { DENOISING_COLUMNS, denoisingNote } from '../denoising.js';
import type { RunPictures } from '../train/pictures.js';
import { escapeHtml, figure, htmlTable } from './html.js';

/** What became of noise on the input, as HTML; nothing where the training had none. */
export function denoisingSection(
  { training }: Pick<RunConfig, 'training'>,
  { denoised }: Pick<RunPictures, 'denoised'>,
  testImages: number,
): string {
  const corruption = corruptionOf(training);
  if (corruption === null || denoised === null) return '';
  const { png, errors } = denoised;
  const { noise, level } = corruption;
  const what = noise === 'gaussian' ? `of standard deviation ${level}` : `on a share ${level} of the pixels`;
  const drawn = figure({
    title: 'Denoised',
    caption: `Test examples; with ${corruptions[noise]} noise ${what}; and what the model makes of that.`,
    alt: 'Three rows: clean test images, the same with noise, and their reconstructions from the noisy ones',
    png,
  });
  return `<h2>Denoising</h2>
<p class="note">The encoder sees each example with ${corruptions[noise]} noise, drawn anew at every step; the loss compares with the clean one.</p>
<div class="single">${drawn}</div>
<div class="card">${htmlTable(errors, DENOISING_COLUMNS)}<p class="note">${escapeHtml(denoisingNote(testImages))}</p></div>
`;
}
