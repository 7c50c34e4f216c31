import { integer, type Values } from '../../nn/schema/index.js';
import { firstExamples, labelsFor } from '../../study/first-rows.js';
import { defineCommand, offline, RUN } from '../command.js';
import { EXIT } from '../errors.js';
import { tiles } from '../pictures/tiles.js';
import { pictureFlags, writePicture } from '../pictures/write.js';
import { openRun } from '../run/open.js';
import { reconstructionPairs } from '../train/pictures.js';

const EXAMPLES = `
Examples:
  pathwise reconstruct runs/glyphs-latent2-1
  pathwise reconstruct runs/mnist-latent20-1 --count 60 --out pairs.png`;

const MAX_COLUMNS = 12;

const FLAGS = {
  count: integer({ min: 1, max: 10_000, default: 36, help: 'number of examples' }),
  offline,
  ...pictureFlags('reconstructions.png'),
};

async function reconstruct(path: string, flags: Values<typeof FLAGS>): Promise<number> {
  const { vae, images, test } = await openRun(path, flags.offline);
  const x = firstExamples(test, flags.count);
  const columns = Math.min(MAX_COLUMNS, x.shape[0]);
  const pairs = reconstructionPairs(vae, x, columns, labelsFor(vae, test, x.shape[0]));
  const layout = { rows: pairs.shape[0] / columns, columns, image: images, pairs: true };
  await writePicture(flags, tiles(pairs, layout));
  return EXIT.done;
}

/** `pathwise reconstruct` */
export const reconstructCommand = defineCommand({
  name: 'reconstruct',
  summary: 'draw test examples over their reconstructions',
  description: 'Draws the first test examples, each above its reconstruction from the posterior mean.',
  args: [RUN],
  flags: FLAGS,
  examples: EXAMPLES,
  run: (flags, [run]) => reconstruct(run, flags),
});
