import fc from 'fast-check';
import { relevant } from '../../../src/nn/schema/index.js';
import { architectureSchema, completeConfig, configFor, presetNames } from '../../../src/vae/config.js';
import type { RunConfig } from '../../../src/vae/run/config.js';
import { trainingSchema } from '../../../src/vae/training/options.js';
import { anyValues } from '../../nn/schema/values.js';

/** Any run on drawn digits or MNIST, without its version and command. */
export const anyRun: fc.Arbitrary<Omit<RunConfig, 'command' | 'pathwise' | 'image'>> = fc
  .record({
    preset: fc.constantFrom(...presetNames),
    source: fc.constantFrom('glyphs', 'mnist'),
    limit: fc.option(fc.integer({ min: 1 })),
    model: anyValues(architectureSchema),
    training: anyValues(trainingSchema).filter(({ epochs }) => epochs > 0),
  })
  .map(({ preset, source, limit, model, training }) => ({
    preset,
    data: { source, folder: null, seed: training.seed, train: limit, test: limit },
    model: completeConfig(
      configFor({ features: 784, shape: [1, 28, 28], classes: 10 }, relevant(architectureSchema, model)),
    ),
    training: { ...relevant(trainingSchema, training), scheduled: false },
  }));
