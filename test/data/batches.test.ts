import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batches, drawGlyphs, imageDataset, take, tensorDataset } from '../../src/data/index.js';
import { Random, tensor } from '../../src/index.js';

const numbered = (size: number) =>
  tensorDataset(
    tensor(
      Float32Array.from({ length: 2 * size }, (_, i) => i),
      { shape: [size, 2] },
    ),
    {
      labels: Uint8Array.from({ length: size }, (_, i) => i % 3),
      targets: tensor(
        Float32Array.from({ length: size }, (_, i) => i + 100),
        { shape: [size, 1] },
      ),
    },
  );

describe('batches', () => {
  it('visits each example once, with its label and target beside it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        (size, per, shuffled) => {
          const stream = new Random(1).stream('shuffle');
          const all = [...batches(numbered(size), shuffled ? { size: per, stream } : { size: per })];
          expect(all.length).toBe(Math.ceil(size / per));
          const seen = all.flatMap(({ x, labels, targets, indices }) =>
            Array.from(indices, (i, row) => {
              expect([x.at(row, 0), x.at(row, 1)]).toEqual([2 * i, 2 * i + 1]);
              expect([labels?.[row], targets?.at(row, 0)]).toEqual([i % 3, i + 100]);
              return i;
            }),
          );
          if (!shuffled) expect(seen).toEqual(Array.from({ length: size }, (_, i) => i));
          expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
        },
      ),
    );
  });

  it('gives another order in the next epoch of the same stream', () => {
    const stream = new Random(1).stream('shuffle');
    const order = () =>
      [...batches(numbered(30), { size: 30, stream })].map(({ indices }) => [...Array.from(indices)]);
    expect(order()).not.toEqual(order());
  });

  it('keeps the shape of an example', () => {
    const images = take(imageDataset(drawGlyphs({ count: 5, seed: 0 })), 3);
    const shapes = [...batches(images, { size: 2 })].map(({ x }) => x.shape);
    expect(shapes).toEqual([
      [2, 1, 28, 28],
      [1, 1, 28, 28],
    ]);
    const cubes = tensorDataset(tensor(new Float32Array(24), { shape: [2, 3, 4] }));
    expect(cubes.features).toBe(12);
    expect([...batches(cubes, { size: 2, dtype: 'float64' })][0].x).toMatchObject({
      shape: [2, 3, 4],
      dtype: 'float64',
    });
  });

  it('has neither labels nor targets where the data set has none', () => {
    const [batch] = batches(tensorDataset(tensor([[1, 2]])), { size: 1 });
    expect(Object.keys(batch).sort()).toEqual(['indices', 'x']);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses batches of %d', (size) => {
    expect(() => [...batches(numbered(3), { size })]).toThrow(
      `batches: size is ${size}; it must be an integer of 1 or more`,
    );
  });

  it('refuses an option that it does not know', () => {
    const options = { size: 1, shuffle: true };
    expect(() => [...batches(numbered(3), options)]).toThrow(
      "batches: there is no option 'shuffle'; there are size, stream, dtype",
    );
  });
});

describe('tensorDataset', () => {
  it('refuses labels and targets that are too few', () => {
    const x = tensor([[1], [2]]);
    expect(() => tensorDataset(x, { labels: new Uint8Array(1) })).toThrow(
      'there are 1 labels for 2 examples',
    );
    expect(() => tensorDataset(x, { targets: tensor([[1]]) })).toThrow('there are 1 targets for 2 examples');
  });
});
