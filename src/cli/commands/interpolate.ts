import { choice, integer, type Values } from '../../nn/schema/index.js';
import { formatCount } from '../../tensor/format.js';
import { interpolate } from '../../vae/index.js';
import { defineCommand, offline, RUN } from '../command.js';
import { EXIT, UsageError } from '../errors.js';
import { tiles } from '../pictures/tiles.js';
import { pictureFlags, writePicture } from '../pictures/write.js';
import { openRun } from '../run/open.js';

const EXAMPLES = `
Examples:
  pathwise interpolate runs/glyphs-latent2-1 --from 0 --to 7
  pathwise interpolate runs/mnist-latent20-1 --from 3 --to 8 --steps 16 --path spherical --out way.png`;

const FLAGS = {
  from: integer({ min: 0, default: 0, help: 'index of the first test example, from 0' }),
  to: integer({ min: 0, default: 1, help: 'index of the second' }),
  steps: integer({ min: 2, max: 1000, default: 12, help: 'number of images, including both ends' }),
  path: choice(['linear', 'spherical'], { default: 'linear', help: 'path through z' }),
  offline,
  ...pictureFlags('interpolation.png'),
};

async function draw(path: string, flags: Values<typeof FLAGS>): Promise<number> {
  const { vae, images, test } = await openRun(path, flags.offline);
  for (const name of ['from', 'to'] as const) {
    if (flags[name] < images.count) continue;
    throw new UsageError(
      `--${name} ${flags[name]}: this run has ${formatCount(images.count)} test examples, numbered from 0 to ${images.count - 1}`,
    );
  }
  const [a, b] = [flags.from, flags.to].map((index) => test.batch([index], vae.dtype));
  const labels =
    vae.condition === null ? undefined : ([test.labels[flags.from], test.labels[flags.to]] as const);
  const way = interpolate(vae, a, b, { steps: flags.steps, path: flags.path, labels });
  await writePicture(flags, tiles(way, { rows: 1, columns: flags.steps, image: images }));
  return EXIT.done;
}

/** `pathwise interpolate` */
export const interpolateCommand = defineCommand({
  name: 'interpolate',
  summary: 'interpolate between two test examples',
  description: 'Draws E[x | z] along a path between the posterior means of two test examples.',
  args: [RUN],
  flags: FLAGS,
  examples: EXAMPLES,
  run: (flags, [run]) => draw(run, flags),
});
