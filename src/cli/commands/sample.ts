import { Random } from '../../autograd/ops/random.js';
import { integer, optional, toggle, type Values } from '../../nn/schema/index.js';
import { generate, styles, type VAE } from '../../vae/index.js';
import { defineCommand, RUN } from '../command.js';
import { EXIT, UsageError } from '../errors.js';
import { givenLeaves } from '../flags.js';
import { squareGrid, tiles } from '../pictures/tiles.js';
import { pictureFlags, writePicture } from '../pictures/write.js';
import { RunFolder } from '../run/folder.js';
import { labelsInTurn } from '../train/pictures.js';

const EXAMPLES = `
Examples:
  pathwise sample runs/glyphs-latent2-1
  pathwise sample runs/mnist-latent20-1 --count 100 --seed 3 --out digits.png
  pathwise sample runs/mnist-conditional-1 --class 7
  pathwise sample runs/mnist-conditional-1 --styles`;

/** Rows of styles. */
const STYLES = 10;

const FLAGS = {
  count: integer({ min: 1, max: 10_000, default: 64, help: 'number of examples' }),
  seed: integer({ min: 0, default: 0, help: 'seed for z' }),
  class: optional(integer({ min: 0, help: 'of this class alone, by a conditional model' })),
  styles: toggle({
    help: `one style a row with every class in turn: --count rows, ${STYLES} where it is not given`,
  }),
  ...pictureFlags('samples.png'),
};

type SampleFlags = Values<typeof FLAGS>;

/** @throws UsageError for flags that the model cannot follow, or that contradict each other. */
function checkFlags({ class: label, styles }: SampleFlags, { condition }: VAE): void {
  if (condition === null && (label !== null || styles)) {
    throw new UsageError(
      `${styles ? '--styles' : `--class ${label}`}: this model does not know the class of an example; train one with --condition label`,
    );
  }
  if (label === null || condition === null) return;
  if (styles) throw new UsageError('--styles draws every class; leave out --class, or --styles');
  if (label < condition.width) return;
  throw new UsageError(
    `--class ${label}: this model has ${condition.width} classes, numbered from 0 to ${condition.width - 1}`,
  );
}

async function sample(path: string, flags: SampleFlags, given: object): Promise<number> {
  const { count, seed, class: label } = flags;
  const run = await RunFolder.open(path);
  const { config, checkpoint } = await run.load();
  const { vae } = checkpoint;
  checkFlags(flags, vae);
  const { image } = config;
  if (flags.styles) {
    const isGiven = givenLeaves({ count: FLAGS.count }, given).length > 0;
    const rows = isGiven ? count : STYLES;
    const images = styles(vae, rows, new Random(seed).stream('styles'));
    await writePicture(flags, tiles(images, { rows, columns: images.shape[0] / rows, image }));
    return EXIT.done;
  }
  const labels = label === null ? labelsInTurn(vae, count) : Array<number>(count).fill(label);
  const images = generate(vae, count, new Random(seed).stream('samples'), labels);
  await writePicture(flags, tiles(images, { ...squareGrid(count), image }));
  return EXIT.done;
}

/** `pathwise sample` */
export const sampleCommand = defineCommand({
  name: 'sample',
  summary: 'draw new examples from a trained model',
  description:
    'Draws new examples: E[x | z] for z drawn from the prior. A conditional model draws its classes in turn.',
  args: [RUN],
  flags: FLAGS,
  examples: EXAMPLES,
  run: (flags, [run], given) => sample(run, flags, given),
});
