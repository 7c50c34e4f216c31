import fc from 'fast-check';
import { relevant } from '../../src/nn/schema/index.js';
import { pageSchema, type Settings } from '../../src/page/shared/settings.js';
import type { Address } from '../../src/page/state/address.js';
import { VIEWS } from '../../src/page/state/address.js';
import { anyValues } from '../nn/schema/values.js';

/** Any settings that the page allows. */
export const anySettings: fc.Arbitrary<Settings> = anyValues(pageSchema).map((settings) =>
  relevant(pageSchema, settings),
);

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
