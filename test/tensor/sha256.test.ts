import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sha256, sha256 } from '../../src/tensor/sha256.js';

const hexOf = (
  hash: { update(bytes: Uint8Array): void; hex(): string },
  pieces: readonly Uint8Array[],
): string => {
  for (const piece of pieces) hash.update(piece);
  return hash.hex();
};

describe('SHA-256', () => {
  it('is the standard one', () => {
    const text = new TextEncoder().encode('abc');
    const expected = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(hexOf(new Sha256(), [text])).toBe(expected);
    expect(hexOf(sha256(), [text])).toBe(expected);
  });

  it('is that of the platform, however the bytes come', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 }), (pieces) => {
        const expected = createHash('sha256').update(Buffer.concat(pieces)).digest('hex');
        expect(hexOf(new Sha256(), pieces)).toBe(expected);
        expect(hexOf(sha256(), pieces)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('does without the platform', () => {
    const { getBuiltinModule } = process;
    Reflect.deleteProperty(process, 'getBuiltinModule');
    try {
      expect(sha256()).toBeInstanceOf(Sha256);
    } finally {
      process.getBuiltinModule = getBuiltinModule;
    }
  });
});
