import type { Command } from 'commander';
import { imageDataset } from '../../data/dataset.js';
import { choice, integer, toggle, type Values } from '../../nn/schema/index.js';
import { formatCount } from '../../tensor/format.js';
import { interpolate } from '../../vae/index.js';
import { EXIT, UsageError } from '../errors.js';
import { addFlags, settingsOf } from '../flags.js';
import { tiles } from '../pictures/tiles.js';
import { RunFolder } from '../run/folder.js';
import { loadTestImages } from '../run/test-images.js';
import { writePicture } from '../run/write-picture.js';
import { pictureFlags } from './picture-flags.js';

const EXAMPLES = `
Examples:
  pathwise interpolate runs/glyphs-latent2-1 --from 0 --to 7
  pathwise interpolate runs/mnist-latent20-1 --from 3 --to 8 --steps 16 --path spherical --out way.png`;

const FLAGS = {
  from: integer({ min: 0, default: 0, help: 'number of the first test example, from 0' }),
  to: integer({ min: 0, default: 1, help: 'number of the second' }),
  steps: integer({ min: 2, max: 1000, default: 12, help: 'pictures on the way, both ends included' }),
  path: choice(['linear', 'spherical'], { default: 'linear', help: 'through z' }),
  offline: toggle({ help: 'never download' }),
  ...pictureFlags('interpolation.png'),
};

async function draw(path: string, flags: Values<typeof FLAGS>): Promise<number> {
  const run = await RunFolder.open(path);
  const vae = await run.loadModel();
  const images = await loadTestImages(run, vae, flags.offline);
  for (const name of ['from', 'to'] as const) {
    if (flags[name] < images.count) continue;
    throw new UsageError(
      `--${name} ${flags[name]}: this run has ${formatCount(images.count)} test examples, numbered from 0 to ${images.count - 1}`,
    );
  }
  const dataset = imageDataset(images);
  const [a, b] = [flags.from, flags.to].map((index) => dataset.batch([index], vae.dtype));
  const way = interpolate(vae, a, b, { steps: flags.steps, path: flags.path });
  await writePicture(flags.out, tiles(way, { rows: 1, columns: flags.steps, image: images }), flags.force);
  return EXIT.done;
}

/** `pathwise interpolate` */
export function interpolateCommand(program: Command, done: (code: number) => void): void {
  const command = program
    .command('interpolate')
    .summary('draw the way from one test example to another')
    .description('Draws E[x | z] along a path between the posterior means of two test examples.')
    .argument('<run>', 'a run folder');
  addFlags(command, FLAGS)
    .addHelpText('after', EXAMPLES)
    .action(async (run: string, flags: object) => done(await draw(run, settingsOf(FLAGS, flags))));
}
