import fc from 'fast-check';
import { activationNames } from '../../src/nn/activations.js';
import { relevant } from '../../src/nn/schema/index.js';
import { pageSchema, type Settings } from '../../src/page/shared/settings.js';
import type { Address } from '../../src/page/state/address.js';
import { VIEWS } from '../../src/page/state/address.js';
import { presetNames } from '../../src/vae/config.js';

const positive = fc.double({ min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true });

/** Any settings that the page allows. */
export const anySettings: fc.Arbitrary<Settings> = fc
  .record({
    preset: fc.constantFrom(...presetNames),
    hidden: fc.array(fc.integer({ min: 1, max: 4096 }), { maxLength: 3 }),
    latent: fc.integer({ min: 1, max: 256 }),
    activation: fc.constantFrom(...activationNames),
    likelihood: fc.constantFrom('bernoulli', 'gaussian'),
    sigma: positive,
    learnSigma: fc.boolean(),
    batchSize: fc.integer({ min: 1 }),
    beta: fc.oneof(fc.constant(0), positive),
    learningRate: positive,
    clipNorm: fc.option(positive),
    binarize: fc.boolean(),
    seed: fc.maxSafeNat(),
    data: fc.constantFrom('glyphs', 'own'),
    count: fc.integer({ min: 1, max: 60_000 }),
  })
  .map((settings) => relevant(pageSchema, settings));

/** Names that belong to settings are not a view's to use. */
const anyParam = fc
  .string({ minLength: 1 })
  .map((name) => `p${name}`)
  .filter((name) => !name.startsWith('preset'));

export const anyAddress: fc.Arbitrary<Address> = fc.record({
  view: fc.constantFrom(...VIEWS),
  settings: anySettings,
  at: fc.nat(1_000_000),
  params: fc.dictionary(anyParam, fc.string(), { maxKeys: 4, noNullPrototype: true }),
});
