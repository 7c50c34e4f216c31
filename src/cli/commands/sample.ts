import { Random } from '../../autograd/ops/random.js';
import { integer, type Values } from '../../nn/schema/index.js';
import { generate } from '../../vae/index.js';
import { defineCommand, RUN } from '../command.js';
import { EXIT } from '../errors.js';
import { squareGrid, tiles } from '../pictures/tiles.js';
import { pictureFlags, writePicture } from '../pictures/write.js';
import { RunFolder } from '../run/folder.js';

const EXAMPLES = `
Examples:
  pathwise sample runs/glyphs-latent2-1
  pathwise sample runs/mnist-latent20-1 --count 100 --seed 3 --out digits.png`;

const FLAGS = {
  count: integer({ min: 1, max: 10_000, default: 64, help: 'number of examples' }),
  seed: integer({ min: 0, default: 0, help: 'seed for z' }),
  ...pictureFlags('samples.png'),
};

async function sample(path: string, { count, seed, ...file }: Values<typeof FLAGS>): Promise<number> {
  const run = await RunFolder.open(path);
  const { config, checkpoint } = await run.load();
  const images = generate(checkpoint.vae, count, new Random(seed).stream('samples'));
  await writePicture(file, tiles(images, { ...squareGrid(count), image: config.image }));
  return EXIT.done;
}

/** `pathwise sample` */
export const sampleCommand = defineCommand({
  name: 'sample',
  summary: 'draw new examples from a trained model',
  description: 'Draws new examples: E[x | z] for z drawn from the prior.',
  args: [RUN],
  flags: FLAGS,
  examples: EXAMPLES,
  run: (flags, [run]) => sample(run, flags),
});
