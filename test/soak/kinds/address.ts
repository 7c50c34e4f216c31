import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  everywhere,
  formatAddress,
  HIDEABLE,
  isHidden,
  parseAddress,
} from '../../../src/page/state/address.js';
import { damagedText } from '../../damage.js';
import { anyAddress } from '../../page/arbitraries.js';
import { checkMessage } from '../fuzz.js';
import type { Kind } from '../kind.js';

const anyHash = fc.oneof(
  anyAddress.map(formatAddress).chain(damagedText),
  fc.string({ unit: 'binary', maxLength: 200 }).map((text) => `#/train?${text}`),
  fc.tuple(anyAddress.map(formatAddress), fc.webQueryParameters()).map(([hash, query]) => `${hash}&${query}`),
);

/** Addresses of the page. */
export const address: Kind = {
  name: 'address',
  doc: 'damaged addresses of the page',
  share: 1,
  prepare: async () => (one) => {
    const hash = one.keep('address.txt', one.draw(anyHash));
    const read = parseAddress(hash);
    for (const problem of read.problems) checkMessage(problem);
    const kept = everywhere(read.address.params);
    for (const part of HIDEABLE) assert.equal(isHidden(kept, part), isHidden(read.address.params, part));
    // What is left after the problems is an address.
    assert.deepEqual(parseAddress(formatAddress(read.address)), { address: read.address, problems: [] });
    return 1;
  },
};
