import { integer, type Values } from '../../nn/schema/index.js';
import { firstExamples, labelsFor } from '../../study/first-rows.js';
import { corruptionOf, noiseSchema } from '../../vae/shared-settings.js';
import { defineCommand, offline, RUN } from '../command.js';
import { DENOISING_COLUMNS, denoisingNote, denoisingTable } from '../denoising.js';
import { EXIT } from '../errors.js';
import { tiles } from '../pictures/tiles.js';
import { pictureFlags, writePicture } from '../pictures/write.js';
import { openRun } from '../run/open.js';
import { formatRows } from '../table.js';
import { denoisedRows, reconstructionPairs } from '../train/pictures.js';

const EXAMPLES = `
Examples:
  pathwise reconstruct runs/glyphs-latent2-1
  pathwise reconstruct runs/mnist-latent20-1 --count 60 --out pairs.png
  pathwise reconstruct runs/mnist-latent20-1 --noise salt-pepper --noise-level 0.2`;

const MAX_COLUMNS = 12;

const FLAGS = {
  count: integer({ min: 1, max: 10_000, default: 36, help: 'number of examples' }),
  ...noiseSchema,
  seed: integer({ min: 0, default: 0, help: 'seed of the noise' }),
  offline,
  ...pictureFlags('reconstructions.png'),
};

async function reconstruct(path: string, flags: Values<typeof FLAGS>): Promise<number> {
  const { vae, images, test } = await openRun(path, flags.offline);
  const { seed } = flags;
  const count = Math.min(flags.count, test.size);
  const columns = Math.min(MAX_COLUMNS, count);
  const corruption = corruptionOf(flags);
  const shown =
    corruption === null
      ? reconstructionPairs(vae, firstExamples(test, count), columns, labelsFor(vae, test, count))
      : denoisedRows(vae, test, images, { corruption, seed, columns, count });
  const together = corruption === null ? 2 : 3;
  await writePicture(
    flags,
    tiles(shown, { rows: shown.shape[0] / columns, columns, image: images, together }),
  );
  if (corruption === null) return EXIT.done;
  console.log(`\n${formatRows(denoisingTable(vae, test, images, corruption, seed), DENOISING_COLUMNS)}\n`);
  console.log(denoisingNote(test.size));
  return EXIT.done;
}

/** `pathwise reconstruct` */
export const reconstructCommand = defineCommand({
  name: 'reconstruct',
  summary: 'draw test examples over their reconstructions',
  description:
    'Draws the first test examples, each above its reconstruction from the posterior mean. With --noise the encoder sees them with noise: ' +
    'below each example stand the noisy one and what the model makes of that, and a table has the errors.',
  args: [RUN],
  flags: FLAGS,
  examples: EXAMPLES,
  run: (flags, [run]) => reconstruct(run, flags),
});
