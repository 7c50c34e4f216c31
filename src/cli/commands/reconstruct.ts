import type { Command } from 'commander';
import { imageDataset } from '../../data/dataset.js';
import { integer, toggle, type Values } from '../../nn/schema/index.js';
import { firstExamples } from '../../study/first-rows.js';
import { EXIT } from '../errors.js';
import { addFlags, settingsOf } from '../flags.js';
import { tiles } from '../pictures/tiles.js';
import { RunFolder } from '../run/folder.js';
import { loadTestImages } from '../run/test-images.js';
import { writePicture } from '../run/write-picture.js';
import { reconstructionPairs } from '../train/pictures.js';
import { pictureFlags } from './picture-flags.js';

const EXAMPLES = `
Examples:
  pathwise reconstruct runs/glyphs-latent2-1
  pathwise reconstruct runs/mnist-latent20-1 --count 60 --out pairs.png`;

const MAX_COLUMNS = 12;

const FLAGS = {
  count: integer({ min: 1, max: 10_000, default: 36, help: 'how many' }),
  offline: toggle({ help: 'never download' }),
  ...pictureFlags('reconstructions.png'),
};

async function reconstruct(path: string, flags: Values<typeof FLAGS>): Promise<number> {
  const run = await RunFolder.open(path);
  const vae = await run.loadModel();
  const images = await loadTestImages(run, vae, flags.offline);
  const x = firstExamples(imageDataset(images), flags.count);
  const columns = Math.min(MAX_COLUMNS, x.shape[0]);
  const pairs = reconstructionPairs(vae, x, columns);
  const layout = { rows: pairs.shape[0] / columns, columns, image: images, pairs: true };
  await writePicture(flags.out, tiles(pairs, layout), flags.force);
  return EXIT.done;
}

/** `pathwise reconstruct` */
export function reconstructCommand(program: Command, done: (code: number) => void): void {
  const command = program
    .command('reconstruct')
    .summary('draw test examples over their reconstructions')
    .description('Draws the first test examples, each above its reconstruction from the posterior mean.')
    .argument('<run>', 'a run folder');
  addFlags(command, FLAGS)
    .addHelpText('after', EXAMPLES)
    .action(async (run: string, flags: object) => done(await reconstruct(run, settingsOf(FLAGS, flags))));
}
