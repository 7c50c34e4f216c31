import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signed, unsigned } from '../../../../src/device/wasm/assembler/leb128.js';
import { Reader } from './decode.js';

/** Integers of every length in bits, not only the largest. */
const wide = fc
  .tuple(fc.integer({ min: 0, max: 32 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }))
  .map(([bits, n]) => Math.floor(n / 2 ** (32 - bits)));
const wideSigned = fc.tuple(wide, fc.boolean()).map(([n, negative]) => (negative ? ~(n >>> 1) : n >>> 1));

/** Seven bits a byte, and as few bytes as hold the number. */
const bytesFor = (bits: number): number => Math.max(1, Math.ceil(bits / 7));

describe('unsigned', () => {
  it.each([
    [0, [0]],
    [1, [1]],
    [127, [0x7f]],
    [128, [0x80, 0x01]],
    [624485, [0xe5, 0x8e, 0x26]],
    [2 ** 31, [0x80, 0x80, 0x80, 0x80, 0x08]],
    [2 ** 32 - 1, [0xff, 0xff, 0xff, 0xff, 0x0f]],
  ])('writes %i as %j', (value, bytes) => {
    expect(unsigned(value)).toEqual(bytes);
  });

  it('is read back, and no longer than needed', () => {
    fc.assert(
      fc.property(wide, (value) => {
        const bytes = unsigned(value);
        const reader = new Reader(bytes);
        expect(reader.unsigned()).toBe(value);
        expect(reader.done).toBe(true);
        expect(bytes).toHaveLength(bytesFor(value.toString(2).length));
      }),
      { numRuns: 500 },
    );
  });
});

describe('signed', () => {
  it.each([
    [0, [0]],
    [-1, [0x7f]],
    [63, [0x3f]],
    [64, [0xc0, 0x00]],
    [-64, [0x40]],
    [-65, [0xbf, 0x7f]],
    [-123456, [0xc0, 0xbb, 0x78]],
    [2 ** 31 - 1, [0xff, 0xff, 0xff, 0xff, 0x07]],
    [-(2 ** 31), [0x80, 0x80, 0x80, 0x80, 0x78]],
  ])('writes %i as %j', (value, bytes) => {
    expect(signed(value)).toEqual(bytes);
  });

  it('is read back, and no longer than needed', () => {
    fc.assert(
      fc.property(wideSigned, (value) => {
        const bytes = signed(value);
        const reader = new Reader(bytes);
        expect(reader.signed()).toBe(value);
        expect(reader.done).toBe(true);
        const magnitude = value < 0 ? ~value : value;
        // One bit more, for the sign.
        expect(bytes).toHaveLength(bytesFor((magnitude === 0 ? 0 : magnitude.toString(2).length) + 1));
      }),
      { numRuns: 500 },
    );
  });

  it('takes the bits of an unsigned number as a two’s complement', () => {
    expect(signed(2 ** 32 - 1)).toEqual(signed(-1));
    expect(signed(2 ** 31)).toEqual(signed(-(2 ** 31)));
  });
});
