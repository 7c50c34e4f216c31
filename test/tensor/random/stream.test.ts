import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { setBackend } from '../../../src/device/current.js';
import { Dense } from '../../../src/nn/index.js';
import { normal } from '../../../src/tensor/create.js';
import { Random, type RandomStream } from '../../../src/tensor/random/index.js';

const seeds = fc.oneof(fc.nat(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }));
const names = fc.string({ minLength: 1, maxLength: 12, unit: 'binary' });
const positions = fc.oneof(fc.nat(1e6), fc.integer({ min: 2 ** 32 - 3, max: 2 ** 32 + 3 }), fc.nat(2 ** 50));

function words(stream: RandomStream, count = 4): number[] {
  return [...stream.uint32(new Uint32Array(count))];
}

describe('what a stream is', () => {
  test('its words never change', () => {
    const random = new Random(20240607);
    const golden: Record<string, number[]> = {
      init: [0x0c0acbc0, 0x31a481ea, 0xc0746524, 0x08832489],
      shuffle: [0xd4b7e176, 0x8d638db6, 0xbcd5f633, 0x7a91532d],
      epsilon: [0x95f75f70, 0xa0b29cc2, 0x119bfef0, 0xa7d6414d],
      binarize: [0x00475c87, 0x4c0455d0, 0x977d1486, 0x6eb3c642],
      data: [0x7d9926e6, 0xf009a859, 0x9eab7104, 0x928c3f81],
    };
    for (const [name, expected] of Object.entries(golden))
      expect(words(random.stream(name))).toEqual(expected);
    expect(words(random.stream('epsilon').split('worker'))).toEqual([
      0x962c61b1, 0x895af722, 0xa153a8e4, 0xe1451f45,
    ]);
    expect(words(new Random(2n ** 64n - 1n).stream('init'))).toEqual([
      0x3f799386, 0xac7f03ea, 0xc382dd3f, 0x4a3e1ba1,
    ]);
  });

  test('its float32 draws never change by a bit', () => {
    const random = new Random(20240607);
    const bits = (draws: Float32Array) => [...new Uint32Array(draws.buffer)];
    expect(bits(random.stream('epsilon').normal(new Float32Array(8)))).toEqual([
      0xbf37f957, 0xbf3e629e, 0xbfa585d3, 0xbff596bb, 0xbea32b40, 0xbf5baaf4, 0xbfc352c3, 0x3e94522d,
    ]);
    expect(bits(random.stream('epsilon').at().uniform(new Float32Array(4)))).toEqual([
      0x3f15f75f, 0x3f20b29c, 0x3d8cdff0, 0x3f27d641,
    ]);
    expect([...random.stream('shuffle').permutation(10)]).toEqual([7, 0, 6, 9, 1, 2, 3, 5, 4, 8]);
  });

  test('the same seed and name give the same stream, as number or as bigint', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger().map(Math.abs), names, (seed, name) => {
        const stream = new Random(seed).stream(name);
        expect(stream.name).toBe(name);
        expect(words(new Random(BigInt(seed)).stream(name), 9)).toEqual(words(stream, 9));
      }),
    );
  });

  test('another seed or another name gives another stream', () => {
    fc.assert(
      fc.property(seeds, names, seeds, names, (seed1, name1, seed2, name2) => {
        fc.pre(BigInt(seed1) !== BigInt(seed2) || name1 !== name2);
        expect(words(new Random(seed1).stream(name1))).not.toEqual(words(new Random(seed2).stream(name2)));
      }),
    );
    const random = new Random(0);
    expect(words(random.stream('a'))).not.toEqual(words(random.stream('a\0')));
  });

  test('a split is the stream of the joined name, wherever its parent is', () => {
    const parent = new Random(5).stream('data');
    const before = words(parent.split('train'));
    parent.seek(1000);
    const child = new Random(5).stream('data').split('train');
    expect(child.position).toBe(0);
    expect(child.name).toBe('data/train');
    expect(words(child)).toEqual(before);
    expect(words(new Random(5).stream('data/train'))).toEqual(before);
    expect(parent.position).toBe(1000);
  });
});

describe('a stream asked for again', () => {
  test('is the same one and goes on: no numbers come twice', () => {
    fc.assert(
      fc.property(
        seeds,
        names,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        (seed, name, counts) => {
          const random = new Random(seed);
          const whole = new Random(seed).stream(name);
          for (const count of counts) expect(words(random.stream(name), count)).toEqual(words(whole, count));
          expect(random.stream(name)).toBe(random.stream(name));
        },
      ),
    );
  });

  test('by a split too, from whichever parent, and by its full name', () => {
    const random = new Random(3);
    const first = words(random.stream('data').split('train'));
    const second = words(random.stream('data/train'));
    expect(second).not.toEqual(first);
    expect(random.stream('data').split('train')).toBe(random.stream('data/train'));
    const { length } = [...first, ...second];
    expect([...first, ...second]).toEqual(words(new Random(3).stream('data/train'), length));
  });

  test('with at() begins anew, on its own', () => {
    fc.assert(
      fc.property(seeds, names, positions, (seed, name, position) => {
        const stream = new Random(seed).stream(name);
        const first = words(stream);
        expect(words(stream.at())).toEqual(first);
        expect(stream.position).toBe(1);
        const other = stream.at(position);
        expect(other.position).toBe(position);
        const before = words(other);
        stream.seek(position);
        expect(words(stream)).toEqual(before);
      }),
    );
    expect(() => new Random(0).stream('a').at(-1)).toThrow(RangeError);
  });

  test('gives other weights to each layer, and other noise to each step', () => {
    const random = new Random(0);
    const [first, second] = [0, 1].map(
      () => new Dense({ inputs: 3, outputs: 2, stream: random.stream('init') }),
    );
    expect(second.weight.toArray()).not.toEqual(first.weight.toArray());
    const noise = [0, 1].map(() => normal([4], random.stream('epsilon')).toArray());
    expect(noise[1]).not.toEqual(noise[0]);
  });
});

describe('backends', () => {
  test('give the same draws and positions, of any length, and refuse the same probabilities', () => {
    const draws = (stream: RandomStream, n: number) => {
      const gray = stream.uniform(new Float32Array(n));
      return [
        gray,
        stream.uniform(new Float32Array(n), -3, 0),
        stream.normal(new Float32Array(n), 1, 2),
        stream.bernoulli(new Float32Array(n), 0.3),
        stream.bernoulli(new Float32Array(n), 1),
        stream.bernoulli(new Float32Array(n), gray),
        stream.bernoulli(new Float32Array(n), Float64Array.from(gray)),
        stream.uint32(new Uint32Array(n)),
      ];
    };
    const refusal = (stream: RandomStream, n: number, bad: number) => {
      const gray = new Float32Array(n).fill(0.5);
      gray[n - 1] = bad;
      return () => stream.bernoulli(new Float32Array(n), gray);
    };
    fc.assert(
      fc.property(seeds, positions, fc.integer({ min: 1, max: 300 }), (seed, position, n) => {
        const of = (name: 'simd' | 'plain') => {
          setBackend(name);
          const stream = new Random(seed).stream('x');
          stream.seek(position);
          for (const bad of [-0.1, 1.5, Number.NaN]) {
            expect(refusal(stream, n, bad)).toThrow(
              `probability ${n - 1} is ${Math.fround(bad)}; it must be`,
            );
          }
          return { drawn: draws(stream, n), position: stream.position };
        };
        expect(of('simd')).toEqual(of('plain'));
      }),
      { numRuns: 60 },
    );
    setBackend('simd');
  });
});

describe('position', () => {
  const fills: Record<string, (stream: RandomStream, n: number) => ArrayLike<number>> = {
    uint32: (stream, n) => stream.uint32(new Uint32Array(n)),
    uniform32: (stream, n) => stream.uniform(new Float32Array(n), -1, 2),
    uniform64: (stream, n) => stream.uniform(new Float64Array(n)),
    normal32: (stream, n) => stream.normal(new Float32Array(n)),
    normal64: (stream, n) => stream.normal(new Float64Array(n), 1, 2),
    bernoulli: (stream, n) => stream.bernoulli(new Float32Array(n), 0.3),
  };

  test.each(Object.entries(fills))('%s: seek repeats, and each started block counts once', (_, fill) => {
    fc.assert(
      fc.property(positions, fc.nat(2500), (position, n) => {
        const stream = new Random(3).stream('epsilon');
        stream.seek(position);
        const first = fill(stream, n);
        expect(stream.position).toBe(position + Math.ceil(n / 4));
        stream.seek(position);
        expect(fill(stream, n)).toEqual(first);
      }),
      { numRuns: 20 },
    );
  });

  test.each(Object.entries(fills))('%s: pieces of multiples of 4 equal one fill', (_, fill) => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 5 }), fc.nat(7), (quarters, rest) => {
        const sizes = [...quarters.map((q) => 4 * q), rest];
        const pieces = new Random(3).stream('epsilon');
        const whole = new Random(3).stream('epsilon');
        const joined = sizes.flatMap((size) => Array.from(fill(pieces, size)));
        expect(joined).toEqual(Array.from(fill(whole, joined.length)));
      }),
      { numRuns: 30 },
    );
  });

  test.each(Object.entries(fills))('%s: a shorter fill is the beginning of a longer one', (_, fill) => {
    fc.assert(
      fc.property(fc.nat(1100), fc.nat(1100), (a, b) => {
        const [short, long] = [Math.min(a, b), Math.max(a, b)];
        const start = Array.from(fill(new Random(3).stream('x'), long)).slice(0, short);
        expect(Array.from(fill(new Random(3).stream('x'), short))).toEqual(start);
      }),
      { numRuns: 20 },
    );
  });

  test('integers and permutation repeat after a seek too', () => {
    const stream = new Random(3).stream('shuffle');
    stream.permutation(100);
    const position = stream.position;
    const [order, dice] = [stream.permutation(57), stream.integers(new Int32Array(20), -5, 6)];
    stream.seek(position);
    expect(stream.permutation(57)).toEqual(order);
    expect(stream.integers(new Int32Array(20), -5, 6)).toEqual(dice);
  });
});

describe('what is refused', () => {
  const stream = () => new Random(1).stream('epsilon');

  test.each([-1, 0.5, Number.NaN, 2 ** 53, -1n, 2n ** 64n])('seed %s', (seed) => {
    expect(() => new Random(seed)).toThrow(RangeError);
    expect(() => new Random(seed)).toThrow(`the seed is ${seed}`);
  });

  test('empty names', () => {
    expect(() => new Random(1).stream('')).toThrow(/the name is empty/);
    expect(() => stream().split('')).toThrow(/'epsilon', split: the name is empty/);
  });

  test.each([-1, 1.5, 2 ** 53, Number.NaN])('position %s', (position) => {
    expect(() => stream().seek(position)).toThrow(RangeError);
  });

  test('a fill beyond the last block, with the position left as it was', () => {
    const last = stream();
    last.seek(Number.MAX_SAFE_INTEGER - 1);
    expect(() => last.uint32(new Uint32Array(9))).toThrow(/no blocks left/);
    expect(last.position).toBe(Number.MAX_SAFE_INTEGER - 1);
  });

  test.each([
    [1, 1],
    [2, 1],
    [0, Number.POSITIVE_INFINITY],
    [Number.NaN, 1],
    [1, 1 + 2 ** -30],
    [-3e38, 3e38],
  ])('float32 uniform on [%s, %s)', (low, high) => {
    expect(() => stream().uniform(new Float32Array(1), low, high)).toThrow(/uniform: the range is/);
  });

  test.each([
    [Number.NaN, 1],
    [0, -1],
    [0, Number.POSITIVE_INFINITY],
  ])('normal with mean %s, std %s', (mean, std) => {
    expect(() => stream().normal(new Float32Array(1), mean, std)).toThrow(/mean is .* and std is/);
  });

  test('probabilities outside [0, 1], or not as many as elements', () => {
    expect(() => stream().bernoulli(new Float32Array(2), 1.1)).toThrow(/the probability is 1.1/);
    expect(() => stream().bernoulli(new Float32Array(2), [0.5, Number.NaN])).toThrow(/probability 1 is NaN/);
    expect(() => stream().bernoulli(new Float32Array(2), [0.5])).toThrow(/1 probabilities for 2 elements/);
  });

  test('empty or fractional integer ranges, and sizes that are none', () => {
    expect(() => stream().integers(new Int32Array(1), 3, 3)).toThrow(/the range is \[3, 3\)/);
    expect(() => stream().integers(new Int32Array(1), 0, 2.5)).toThrow(RangeError);
    expect(() => stream().integers(new Int32Array(1), 0, 2 ** 31 + 1)).toThrow(RangeError);
    expect(() => stream().permutation(-1)).toThrow(/n is -1/);
    expect(() => stream().permutation(2 ** 31)).toThrow(RangeError);
  });
});
