import type { Command } from 'commander';
import { imageDataset } from '../../data/dataset.js';
import { firstExamples } from '../../study/first-rows.js';
import { integer } from '../arguments.js';
import { EXIT } from '../errors.js';
import { tiles } from '../pictures/tiles.js';
import { RunFolder } from '../run/folder.js';
import { loadTestImages } from '../run/test-images.js';
import { writePicture } from '../run/write-picture.js';
import { reconstructionPairs } from '../train/pictures.js';
import { addPictureOptions, type PictureFlags } from './explore-options.js';

const EXAMPLES = `
Examples:
  pathwise reconstruct runs/glyphs-latent2-1
  pathwise reconstruct runs/mnist-latent20-1 --count 60 --out pairs.png`;

const MOST_COLUMNS = 12;

interface ReconstructFlags extends PictureFlags {
  readonly count: number;
  readonly offline?: boolean;
}

async function reconstruct(path: string, flags: ReconstructFlags): Promise<number> {
  const run = await RunFolder.open(path);
  const vae = await run.loadModel();
  const images = await loadTestImages(run, vae, flags.offline === true);
  const x = firstExamples(imageDataset(images), flags.count);
  const columns = Math.min(MOST_COLUMNS, x.shape[0]);
  const pairs = reconstructionPairs(vae, x, columns);
  const layout = { rows: pairs.shape[0] / columns, columns, image: images, pairs: true };
  await writePicture(flags.out, tiles(pairs, layout), flags.force === true);
  return EXIT.done;
}

/** `pathwise reconstruct` */
export function reconstructCommand(program: Command, done: (code: number) => void): void {
  const command = program
    .command('reconstruct')
    .summary('draw test examples over their reconstructions')
    .description('Draws the first test examples, each above its reconstruction from the posterior mean.')
    .argument('<run>', 'a run folder')
    .option('--count <n>', 'how many', integer(1, 10_000), 36)
    .option('--offline', 'never download');
  addPictureOptions(command, 'reconstructions.png')
    .addHelpText('after', EXAMPLES)
    .action(async (run: string, flags: ReconstructFlags) => done(await reconstruct(run, flags)));
}
