import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batches } from '../../src/data/batches.js';
import { binarized, imageDataset, take, tensorDataset } from '../../src/data/dataset.js';
import { setBackend } from '../../src/device/current.js';
import { scope } from '../../src/tensor/memory/scope.js';
import { Random } from '../../src/tensor/random/stream.js';
import { Tensor } from '../../src/tensor/tensor.js';

/** Images of 2 x 3 whose pixels count up. */
function images(count: number, first = 0) {
  const pixels = Uint8Array.from({ length: count * 6 }, (_, i) => first + i);
  return { count, rows: 2, columns: 3, pixels, labels: Uint8Array.from({ length: count }, (_, i) => i % 10) };
}

describe('imageDataset', () => {
  it('gives the pixels of the images asked for, divided by 255 and rounded to float32', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(39)),
        fc.constantFrom<'float32' | 'float64'>('float32', 'float64'),
        (indices, dtype) => {
          const source = images(40);
          const batch = imageDataset(source).batch(indices, dtype);
          expect(batch.dtype).toBe(dtype);
          expect(batch.shape).toEqual([indices.length, 6]);
          expect([...batch.data]).toEqual(
            indices.flatMap((i) =>
              [...source.pixels.subarray(6 * i, 6 * i + 6)].map((v) => Math.fround(v / 255)),
            ),
          );
        },
      ),
    );
  });

  it('gives the same batch with either backend, in a step and outside', () => {
    const pixels = Uint8Array.from({ length: 50 * 99 }, (_, i) => (i * 37) ^ (i >> 4));
    const dataset = imageDataset({ count: 50, rows: 9, columns: 11, pixels, labels: new Uint8Array(50) });
    const indices = Array.from({ length: 23 }, (_, i) => (i * 13) % 50);
    const expected = indices.flatMap((i) =>
      [...pixels.subarray(99 * i, 99 * i + 99)].map((v) => Math.fround(v / 255)),
    );
    for (const name of ['simd', 'plain'] as const) {
      setBackend(name);
      for (const dtype of ['float32', 'float64'] as const) {
        expect([...dataset.batch(indices, dtype).data]).toEqual(expected);
        expect(scope(() => [...dataset.batch(indices, dtype).data])).toEqual(expected);
      }
    }
    setBackend('simd');
  });

  it('gives images in colour plane after plane', () => {
    const pixels = Uint8Array.from({ length: 2 * 3 * 4 * 5 }, (_, i) => i);
    const shape = { channels: 3, rows: 4, columns: 5 };
    const dataset = imageDataset({ count: 2, ...shape, pixels, labels: Uint8Array.of(4, 7) });
    expect(dataset).toMatchObject({ size: 2, features: 60, shape: [3, 4, 5] });
    const [{ x }] = batches(dataset, { size: 2 });
    expect(x.shape).toEqual([2, 3, 4, 5]);
    // Image 1, blue, row 3, column 4.
    expect(x.at(1, 2, 3, 4)).toBe(Math.fround((60 + 2 * 20 + 3 * 5 + 4) / 255));
    const drawn = binarized(dataset, new Random(1).stream('binarize'));
    expect(drawn.shape).toEqual([3, 4, 5]);
  });

  it('says how much there is, with the labels', () => {
    const source = images(5);
    expect(imageDataset(source)).toMatchObject({ size: 5, features: 6, labels: source.labels });
    expect(imageDataset(images(1, 250)).batch([0], 'float32').at(0, 5)).toBe(1);
  });

  it.each([-1, 5, 0.5, Number.NaN])('refuses example %d', (index) => {
    expect(() => imageDataset(images(5)).batch([0, index], 'float32')).toThrow(
      `batch: there is no example ${index}; there are 5, counted from 0`,
    );
  });
});

describe('tensorDataset', () => {
  it('gives rows, in the dtype asked for', () => {
    const dataset = tensorDataset(new Tensor(Float64Array.of(0.1, 0.2, 0.3, 0.4), [2, 2]));
    expect(dataset.batch([1, 0, 1], 'float64').toArray()).toEqual([
      [0.3, 0.4],
      [0.1, 0.2],
      [0.3, 0.4],
    ]);
    expect(dataset.batch([0], 'float32').at(0, 0)).toBe(Math.fround(0.1));
    expect(() => tensorDataset(new Tensor(new Float32Array(3), [3]))).toThrow(
      /needs \[size, features\] or .*, but got \[3\]/,
    );
  });
});

describe('take', () => {
  it('keeps the first examples and their labels', () => {
    const first = take(imageDataset(images(9)), 4);
    expect(first.size).toBe(4);
    expect([...first.labels]).toEqual([0, 1, 2, 3]);
    expect(first.batch([3], 'float32')).toEqual(imageDataset(images(9)).batch([3], 'float32'));
    expect(() => first.batch([4], 'float32')).toThrow(/no example 4; there are 4/);
  });

  it('takes all when there are fewer', () => {
    expect(take(imageDataset(images(3)), 100)).toMatchObject({ size: 3, features: 6 });
  });

  it('needs no labels', () => {
    const plain = take(tensorDataset(new Tensor(new Float32Array(6), [3, 2])), 2);
    expect(plain.size).toBe(2);
    expect('labels' in plain).toBe(false);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses n = %d', (n) => {
    expect(() => take(imageDataset(images(3)), n)).toThrow(
      `take: n is ${n}; it must be an integer of 1 or more`,
    );
  });
});

describe('binarized', () => {
  const stream = () => new Random(2).stream('binarize');
  const gray = imageDataset({ ...images(600), pixels: new Uint8Array(3600).fill(64) });
  const values = (dataset: typeof gray) =>
    dataset.batch(
      Array.from({ length: dataset.size }, (_, i) => i),
      'float32',
    ).data;

  it('draws once: the same zeros and ones at every reading', () => {
    const binary = binarized(gray, stream());
    expect(new Set(values(binary))).toEqual(new Set([0, 1]));
    expect(values(binary)).toEqual(values(binary));
    expect(binary.labels).toBe(gray.labels);
    expect('labels' in binarized(tensorDataset(new Tensor(new Float32Array(2), [1, 2])), stream())).toBe(
      false,
    );
  });

  it('draws ones as often as the values say', () => {
    const ones = Array.from(values(binarized(gray, stream()))).reduce((a, b) => a + b, 0);
    // 3600 draws at p = 64 / 255: 904 +- 26; within 5 standard deviations.
    expect(Math.abs(ones - (3600 * 64) / 255)).toBeLessThan(130);
  });

  it('is one fill of the stream over all values', () => {
    expect(values(binarized(gray, stream()))).toEqual(
      stream().bernoulli(new Float32Array(3600), values(gray)),
    );
  });

  it('keeps binary data, and refuses values that are no probabilities', () => {
    const binary = imageDataset({
      ...images(50),
      pixels: Uint8Array.from({ length: 300 }, (_, i) => 255 * (i % 2)),
    });
    expect(values(binarized(binary, stream()))).toEqual(values(binary));
    const outside = tensorDataset(new Tensor(Float32Array.of(0.5, 1.5), [1, 2]));
    expect(() => binarized(outside, stream())).toThrow(/probability 1 is 1.5/);
  });
});
