import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CorruptionKind, corrupt, corruptions, medianFilter } from '../../src/data/index.js';
import { Random, Tensor, tensor, uniform, zeros } from '../../src/index.js';

const stream = (seed = 0) => new Random(seed).stream('noise');
const kinds = Object.keys(corruptions) as CorruptionKind[];

describe('corrupt', () => {
  it('stays within the range, changes nothing at level 0, and leaves its input as it is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        fc.constantFrom(0, 0.25, 1),
        fc.integer({ min: 0, max: 999 }),
        (noise, level, seed) => {
          const x = uniform([7, 5], new Random(seed).stream('x'), { low: -1, high: 2 });
          const before = x.toArray();
          const found = corrupt(x, stream(seed), { noise, level }, { low: -1, high: 2 });
          expect(x.toArray()).toEqual(before);
          expect(found.shape).toEqual([7, 5]);
          expect(found.data.every((value) => value >= -1 && value <= 2)).toBe(true);
          if (level === 0) expect(found.toArray()).toEqual(before);
        },
      ),
    );
  });

  it('sets as large a share of values as it is told, to both ends or to the low one', () => {
    const x = new Tensor(new Float32Array(20_000).fill(0.5), [20, 1000]);
    const shareOf = (noise: CorruptionKind, value: number): number =>
      corrupt(x, stream(), { noise, level: 0.3 }).data.filter((at) => at === value).length / x.size;
    // Five standard deviations of a share of 20,000 values.
    const within = 5 * Math.sqrt((0.3 * 0.7) / x.size);
    expect(Math.abs(shareOf('salt-pepper', 0) - 0.15)).toBeLessThan(within);
    expect(Math.abs(shareOf('salt-pepper', 1) - 0.15)).toBeLessThan(within);
    expect(Math.abs(shareOf('masking', 0) - 0.3)).toBeLessThan(within);
    expect(shareOf('masking', 1)).toBe(0);
  });

  it('adds noise of the deviation it is told', () => {
    const x = zeros([20, 1000]);
    const unbounded = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
    const { data } = corrupt(x, stream(), { noise: 'gaussian', level: 0.4 }, unbounded);
    const variance = Array.from(data).reduce((sum, v) => sum + v * v, 0) / data.length;
    expect(Math.abs(variance / 0.16 - 1)).toBeLessThan(5 * Math.sqrt(2 / data.length));
  });

  it('refuses a share above 1, and values without an end to be set to', () => {
    const x = zeros([1, 1]);
    expect(() => corrupt(x, stream(), { noise: 'masking', level: 1.5 })).toThrow(
      'corrupt: the level of masking noise is 1.5; it must be a share, at most 1, of values that have ends',
    );
    const counts = { low: 0, high: Number.POSITIVE_INFINITY };
    expect(() => corrupt(x, stream(), { noise: 'salt-pepper', level: 0.5 }, counts)).toThrow(
      'corrupt: the level of salt and pepper noise is 0.5; it must be a share, at most 1, of values that have ends',
    );
    expect(corrupt(x, stream(), { noise: 'masking', level: 0.5 }, counts).shape).toEqual([1, 1]);
  });
});

describe('medianFilter', () => {
  it('takes the middle of the nine values around each pixel, the edges repeated', () => {
    const image = tensor([[1, 2, 3, 4, 50, 6, 7, 8, 9]]);
    expect(medianFilter(image, { rows: 3, columns: 3 }).toArray()).toEqual([[2, 3, 3, 4, 6, 6, 7, 8, 9]]);
  });

  it('takes away single pixels, keeps edges, and keeps channels and images apart', () => {
    const rows = Array.from({ length: 36 }, (_, i) => (i % 6 < 3 ? 0 : 1));
    const flawed = rows.map((v, i) => (i === 13 ? 1 : v));
    const image = { channels: 2, rows: 6, columns: 6 };
    const filtered = medianFilter(
      tensor([
        [...flawed, ...rows],
        [...rows, ...flawed],
      ]),
      image,
    );
    expect(filtered.toArray()).toEqual([
      [...rows, ...rows],
      [...rows, ...rows],
    ]);
  });
});
