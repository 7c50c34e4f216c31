import {
  Adam,
  backward,
  drawGlyphs,
  imageDataset,
  normal,
  objective,
  type PresetName,
  presets,
  Random,
  step,
  VAE,
} from '../../src/index.js';
import type { Suite } from '../suite.js';

const BATCH = 128;

/** One training step of each preset, forward to update, on a batch of glyphs. */
export const stepSuite: Suite = {
  name: 'step',
  doc: `training steps at batch ${BATCH}: forward, backward, Adam`,
  add: (bench) => {
    const indices = Array.from({ length: BATCH }, (_, i) => i);
    const x = imageDataset(drawGlyphs({ count: BATCH, seed: 0 })).batch(indices, 'float32');
    return (Object.keys(presets) as PresetName[]).map((name) => {
      const random = new Random(0);
      const vae = new VAE({ features: 784, ...presets[name] }, { stream: random.stream('init') });
      const adam = new Adam(vae.namedParameters(), { learningRate: 1e-3 });
      const epsilon = normal([BATCH, vae.config.latent], random.stream('epsilon'));
      bench.add(name, () => step(() => adam.step(backward(objective(vae, x, epsilon).loss))));
      return { name, work: BATCH, unit: 'examples' };
    });
  },
};
