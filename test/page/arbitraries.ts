import fc from 'fast-check';
import type { Settings } from '../../src/page/shared/settings.js';
import type { Address } from '../../src/page/state/address.js';
import { VIEWS } from '../../src/page/state/address.js';
import { presetNames } from '../../src/vae/config.js';

/** Any settings that the page allows. */
export const anySettings: fc.Arbitrary<Settings> = fc.record({
  preset: fc.constantFrom(...presetNames),
  latent: fc.integer({ min: 1, max: 256 }),
  likelihood: fc.constantFrom('bernoulli', 'gaussian'),
  beta: fc.double({ min: 0, max: 1000, noNaN: true }).map((x) => x + 0),
  learningRate: fc.double({ min: Number.MIN_VALUE, max: 1e6, noNaN: true }),
  seed: fc.maxSafeNat(),
  data: fc.constantFrom('glyphs', 'own'),
  count: fc.integer({ min: 1, max: 60_000 }),
});

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
