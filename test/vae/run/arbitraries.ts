import fc from 'fast-check';
import { activationNames } from '../../../src/nn/activations.js';
import { presetNames } from '../../../src/vae/config.js';
import type { RunConfig } from '../../../src/vae/run/config.js';

const positive = fc.double({ min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true });
const notNegative = fc.oneof(fc.constant(0), positive);
const count = fc.integer({ min: 1 });

/** Any run on drawn digits or MNIST, without its version and command. */
export const anyRun: fc.Arbitrary<Omit<RunConfig, 'command' | 'pathwise' | 'image'>> = fc
  .tuple(
    fc.constantFrom(...presetNames),
    fc.constantFrom('glyphs', 'mnist'),
    fc.option(count),
    fc.maxSafeNat(),
    fc.record({
      features: fc.constant(784),
      hidden: fc.array(count, { maxLength: 3 }),
      latent: count,
      activation: fc.constantFrom(...activationNames),
    }),
    fc.oneof(
      fc.record({ likelihood: fc.constant('gaussian'), sigma: positive, learnSigma: fc.boolean() }),
      fc.constant({ likelihood: 'bernoulli', sigma: Math.SQRT1_2, learnSigma: false } as const),
    ),
    fc.record({
      epochs: count,
      batchSize: count,
      learningRate: positive,
      beta: notNegative,
      warmupEpochs: notNegative,
      freeBits: notNegative,
      clipNorm: fc.option(positive),
      binarize: fc.boolean(),
      earlyStopping: fc.option(fc.record({ patience: count, minDelta: notNegative })),
    }),
  )
  .map(([preset, source, train, seed, model, likelihood, training]) => ({
    preset,
    data: { source, folder: null, seed, train, test: train },
    model: { ...model, ...likelihood },
    training: { ...training, seed, scheduled: false },
  }));
