import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fastDraw } from '../../../src/device/wasm/kernels/draws.js';
import { Runtime } from '../../../src/device/wasm/runtime.js';
import { engineMemory } from '../../../src/tensor/memory/memory.js';
import type { Draw } from '../../../src/tensor/random/draw.js';
import { writeNormal } from '../../../src/tensor/random/normal.js';
import { philoxBlocks } from '../../../src/tensor/random/philox.js';
import { unit64, wordsBelow, writeUniform } from '../../../src/tensor/random/uniform.js';
import { expectSameBits } from './bits.js';
import { runtime } from './runtime.js';

const { memory } = runtime;

/** The definition: words block by block, then the plain loops. */
function plain(draw: Draw, identity: Uint32Array, block: number, count: number): Float32Array | Uint32Array {
  const words = new Uint32Array(4 * Math.ceil(count / 4));
  philoxBlocks(identity, block, words, words.length / 4);
  const out = new Float32Array(count);
  if (draw.kind === 'words') return words.subarray(0, count);
  if (draw.kind === 'uniform') writeUniform(words, out, draw.low, draw.high);
  else if (draw.kind === 'normal') writeNormal(words, out, draw.mean, draw.std);
  else {
    const { probability: p } = draw;
    for (let i = 0; i < count; i++) out[i] = unit64(words[i]) < (typeof p === 'number' ? p : p[i]) ? 1 : 0;
  }
  return out;
}

/** A fill of an ordinary array, or of one in the engine's memory that may begin anywhere. */
function filled(
  draw: Draw,
  identity: Uint32Array,
  block: number,
  count: number,
  at: number | null,
  on = runtime,
) {
  return on.scoped(() => {
    const make = draw.kind === 'words' ? Uint32Array : Float32Array;
    const whole =
      at === null ? new make(count + 8) : new make(memory.buffer, on.reserve(count + at + 8), count + at + 8);
    whole.fill(7);
    const out = whole.subarray(at ?? 0, (at ?? 0) + count);
    const done = fastDraw.run(on, out, { identity, block }, draw) ? Math.floor(count / 16) * 16 : 0;
    // What stands around it, and what is left to the caller.
    expect(whole.subarray(0, at ?? 0).every((x) => x === 7)).toBe(true);
    expect(whole.subarray((at ?? 0) + done).every((x) => x === 7)).toBe(true);
    return out.slice(0, done);
  });
}

const identities = fc.uint32Array({ minLength: 4, maxLength: 4 });
const blocks = fc.oneof(
  fc.nat(1000),
  fc.constantFrom(2 ** 32 - 4096, 2 ** 32, 2 ** 50 + 12345),
  fc.maxSafeNat(),
);
const counts = fc.oneof(fc.nat(70), fc.nat(3000));
const places = fc.constantFrom(null, 0, 1, 2, 3, 5);
const finite = fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
const probabilities = fc.oneof(
  fc.constantFrom(
    0,
    1,
    0.5,
    1 / 255,
    2 ** -149,
    2 ** -33,
    2 ** -32,
    1.5 * 2 ** -32,
    1 - 2 ** -24,
    1 - 2 ** -32,
  ),
  fc.double({ min: 0, max: 1, noNaN: true }),
);

const draws: Record<Draw['kind'], fc.Arbitrary<Draw>> = {
  words: fc.constant({ kind: 'words' }),
  uniform: fc
    .tuple(finite, finite)
    .filter(([a, b]) => a !== b)
    .map(([a, b]) => ({ kind: 'uniform', low: Math.min(a, b), high: Math.max(a, b) })),
  normal: fc.record({
    kind: fc.constant('normal' as const),
    mean: fc.oneof(fc.constantFrom(0, -0), finite),
    std: fc.oneof(fc.constantFrom(0, 1), finite.map(Math.abs)),
  }),
  bernoulli: fc.record({ kind: fc.constant('bernoulli' as const), probability: probabilities }),
};

describe.each(Object.entries(draws))('quick %s', (_, kind) => {
  it('have the bits of the plain ones, from any block, in any place', () => {
    fc.assert(
      fc.property(kind, identities, blocks, counts, places, (draw, identity, block, count, at) => {
        fc.pre(block + count < 2 ** 53);
        const actual = filled(draw, identity, block, count, at);
        const crosses = (block % 2 ** 32) + Math.floor(count / 16) * 4 > 2 ** 32;
        const all = draw.kind === 'bernoulli' && wordsBelow(Number(draw.probability)) === 2 ** 32;
        expect(actual.length).toBe(crosses || all ? 0 : Math.floor(count / 16) * 16);
        expectSameBits(actual, plain(draw, identity, block, actual.length));
      }),
      { numRuns: 150 },
    );
  });
});

describe('quick bernoulli draws with a probability each', () => {
  const bernoulli = (probability: Float32Array): Draw => ({ kind: 'bernoulli', probability });

  it('have the bits of the plain ones', () => {
    fc.assert(
      fc.property(
        identities,
        fc.nat(1000),
        fc.array(probabilities, { minLength: 16, maxLength: 200 }),
        places,
        (identity, block, list, at) => {
          const draw = bernoulli(Float32Array.from(list));
          const actual = filled(draw, identity, block, list.length, at);
          expectSameBits(actual, plain(draw, identity, block, actual.length));
        },
      ),
    );
  });

  it('tell a word from the next, at probabilities of all sizes', () => {
    const identity = Uint32Array.of(1, 2, 3, 4);
    const words = new Uint32Array(4096);
    philoxBlocks(identity, 9, words, 1024);
    // The float32 numbers nearest to each draw's own threshold, on both sides.
    for (const shift of [-1, 0, 1]) {
      for (const scale of [1, 2 ** -8, 2 ** -20]) {
        const near = Float32Array.from(words, (word) =>
          Math.min(1, unit64(word) * (scale === 1 ? 1 : 1 + scale)),
        );
        const bits = new Int32Array(near.buffer);
        for (let i = 0; i < bits.length; i++) if (near[i] < 1) bits[i] += shift;
        expectSameBits(
          filled(bernoulli(near), identity, 9, 4096, 0),
          plain(bernoulli(near), identity, 9, 4096),
        );
      }
    }
  });
});

describe('quick normal draws', () => {
  it('have the bits of the plain ones for a million words', () => {
    const identity = Uint32Array.of(5, 6, 7, 8);
    const draw: Draw = { kind: 'normal', mean: 0, std: 1 };
    const count = 2 ** 20;
    expectSameBits(filled(draw, identity, 0, count, 0), plain(draw, identity, 0, count));
  });
});

describe('large fills', () => {
  const engine = engineMemory();
  if (engine === null) throw new Error('these tests need WebAssembly');

  it.each([2, 3])('are the same on %i threads, copied or in place', (threads) => {
    const on = new Runtime(engine, threads);
    expect(on.threads).toBe(threads);
    const identity = Uint32Array.of(1, 2, 3, 4);
    const count = 300_000 + 16 + 5;
    const probability = new Float32Array(count);
    writeUniform(
      new Uint32Array(count).map((_, i) => Math.imul(i, 0x9e3779b9)),
      probability,
      0,
      1,
    );
    const kinds: Draw[] = [
      { kind: 'words' },
      { kind: 'uniform', low: -1, high: 2 },
      { kind: 'normal', mean: 0.5, std: 2 },
      { kind: 'bernoulli', probability: 0.3 },
      { kind: 'bernoulli', probability },
    ];
    for (const draw of kinds) {
      for (const at of [null, 0]) {
        const actual = filled(draw, identity, 77, count, at, on);
        expect(actual.length).toBe(300_016);
        expectSameBits(actual, plain(draw, identity, 77, actual.length));
      }
    }
  });
});
