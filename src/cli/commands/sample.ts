import type { Command } from 'commander';
import { Random } from '../../autograd/ops/random.js';
import { generate } from '../../vae/index.js';
import { integer } from '../arguments.js';
import { EXIT } from '../errors.js';
import { squareGrid, tiles } from '../pictures/tiles.js';
import { RunFolder } from '../run/folder.js';
import { writePicture } from '../run/write-picture.js';
import { addPictureOptions, type PictureFlags } from './explore-options.js';

const EXAMPLES = `
Examples:
  pathwise sample runs/glyphs-latent2-1
  pathwise sample runs/mnist-latent20-1 --count 100 --seed 3 --out digits.png`;

interface SampleFlags extends PictureFlags {
  readonly count: number;
  readonly seed: number;
}

async function sample(path: string, { count, seed, out, force }: SampleFlags): Promise<number> {
  const run = await RunFolder.open(path);
  const { image } = await run.readConfig();
  const images = generate(await run.loadModel(), count, new Random(seed).stream('samples'));
  await writePicture(out, tiles(images, { ...squareGrid(count), image }), force === true);
  return EXIT.done;
}

/** `pathwise sample` */
export function sampleCommand(program: Command, done: (code: number) => void): void {
  const command = program
    .command('sample')
    .summary('draw new examples from a trained model')
    .description('Draws new examples: E[x | z] for z drawn from the prior.')
    .argument('<run>', 'a run folder')
    .option('--count <n>', 'how many', integer(1, 10_000), 64)
    .option('--seed <n>', 'decides z', integer(0), 0);
  addPictureOptions(command, 'samples.png')
    .addHelpText('after', EXAMPLES)
    .action(async (run: string, flags: SampleFlags) => done(await sample(run, flags)));
}
