import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  mulHigh,
  philox4x32,
  philoxBlocks,
  type Words2,
  type Words4,
} from '../../../src/tensor/random/philox.js';

const word = fc.integer({ min: 0, max: 0xffffffff });

function block(counter: Words4, key: Words2): number[] {
  const out = new Uint32Array(4);
  philox4x32(counter, key, out);
  return [...out];
}

test('gives the known answers of Random123', () => {
  const ones = 0xffffffff;
  expect(block([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
  expect(block([ones, ones, ones, ones], [ones, ones])).toEqual([
    0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd,
  ]);
  expect(block([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toEqual([
    0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
  ]);
});

test('mulHigh is the upper half of the exact product', () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(mulHigh(a, b) >>> 0).toBe(Number((BigInt(a) * BigInt(b)) >> 32n));
    }),
  );
});

test('philoxBlocks is philox4x32 block by block, and carries into the second counter word', () => {
  fc.assert(
    fc.property(
      fc.tuple(word, word, word, word),
      fc.oneof(fc.maxSafeInteger().map(Math.abs), fc.constantFrom(0, 2 ** 32 - 1, 2 ** 32, 2 ** 50 - 2)),
      ([key0, key1, upper0, upper1], first) => {
        const out = new Uint32Array(12);
        philoxBlocks(Uint32Array.of(key0, key1, upper0, upper1), first, out, 3);
        const expected = [0, 1, 2].flatMap((b) => {
          const number = BigInt(first) + BigInt(b);
          return block([Number(number & 0xffffffffn), Number(number >> 32n), upper0, upper1], [key0, key1]);
        });
        expect([...out]).toEqual(expected);
      },
    ),
  );
});

test('one bit of the counter or the key changes about half of the output', () => {
  fc.assert(
    fc.property(
      fc.tuple(word, word, word, word),
      fc.tuple(word, word),
      fc.nat(5),
      fc.nat(31),
      (counter, key, place, bit) => {
        const changedCounter = Uint32Array.from(counter);
        const changedKey = Uint32Array.from(key);
        if (place < 4) changedCounter[place] ^= 1 << bit;
        else changedKey[place - 4] ^= 1 << bit;
        const before = block(counter, key);
        const after = block(changedCounter, changedKey);
        const bits = before.reduce((sum, w, i) => sum + countBits(w ^ after[i]), 0);
        // Binomial(128, 1/2): 64 within 6 standard deviations of 5.7.
        expect(bits).toBeGreaterThan(29);
        expect(bits).toBeLessThan(99);
      },
    ),
    { seed: 1 },
  );
});

function countBits(value: number): number {
  let count = 0;
  for (let rest = value >>> 0; rest !== 0; rest = (rest & (rest - 1)) >>> 0) count++;
  return count;
}
