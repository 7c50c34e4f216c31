import { type Command, Option } from 'commander';
import { imageDataset } from '../../data/dataset.js';
import { interpolate } from '../../vae/index.js';
import { integer } from '../arguments.js';
import { EXIT, UsageError } from '../errors.js';
import { tiles } from '../pictures/tiles.js';
import { formatCount } from '../progress/format.js';
import { RunFolder } from '../run/folder.js';
import { loadTestImages } from '../run/test-images.js';
import { writePicture } from '../run/write-picture.js';
import { addPictureOptions, type PictureFlags } from './explore-options.js';

const EXAMPLES = `
Examples:
  pathwise interpolate runs/glyphs-latent2-1 --from 0 --to 7
  pathwise interpolate runs/mnist-latent20-1 --from 3 --to 8 --steps 16 --path spherical --out way.png`;

interface InterpolateFlags extends PictureFlags {
  readonly from: number;
  readonly to: number;
  readonly steps: number;
  readonly path: 'linear' | 'spherical';
  readonly offline?: boolean;
}

async function draw(path: string, flags: InterpolateFlags): Promise<number> {
  const run = await RunFolder.open(path);
  const vae = await run.loadModel();
  const images = await loadTestImages(run, vae, flags.offline === true);
  for (const name of ['from', 'to'] as const) {
    if (flags[name] < images.count) continue;
    throw new UsageError(
      `--${name} ${flags[name]}: this run has ${formatCount(images.count)} test examples, numbered from 0 to ${images.count - 1}`,
    );
  }
  const dataset = imageDataset(images);
  const [a, b] = [flags.from, flags.to].map((index) => dataset.batch([index], vae.dtype));
  const way = interpolate(vae, a, b, { steps: flags.steps, path: flags.path });
  await writePicture(
    flags.out,
    tiles(way, { rows: 1, columns: flags.steps, image: images }),
    flags.force === true,
  );
  return EXIT.done;
}

/** `pathwise interpolate` */
export function interpolateCommand(program: Command, done: (code: number) => void): void {
  const command = program
    .command('interpolate')
    .summary('draw the way from one test example to another')
    .description('Draws E[x | z] along a path between the posterior means of two test examples.')
    .argument('<run>', 'a run folder')
    .option('--from <i>', 'number of the first test example, from 0', integer(0), 0)
    .option('--to <j>', 'number of the second', integer(0), 1)
    .option('--steps <n>', 'pictures on the way, both ends included', integer(2, 1000), 12)
    .addOption(new Option('--path <name>', 'through z').choices(['linear', 'spherical']).default('linear'))
    .option('--offline', 'never download');
  addPictureOptions(command, 'interpolation.png')
    .addHelpText('after', EXAMPLES)
    .action(async (run: string, flags: InterpolateFlags) => done(await draw(run, flags)));
}
