import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Dataset, imageDataset, type LabeledImages, tensorDataset } from '../../../src/data/index.js';
import { Random, Tensor } from '../../../src/index.js';
import { crossEntropy, Dense, decodeSafetensors, encodeSafetensors, type Module } from '../../../src/nn.js';
import { Trainer, VAE } from '../../../src/vae.js';

const COUNT = 300;
const SIDE = 6;
const random = new Random(3);
const pixels = random.stream('pixels').integers(new Int32Array(COUNT * SIDE * SIDE), 0, 256);
const images: LabeledImages = {
  count: COUNT,
  rows: SIDE,
  columns: SIDE,
  pixels: Uint8Array.from(pixels),
  labels: Uint8Array.from({ length: COUNT }, (_, i) => i % 10),
};
const copyOf = (): LabeledImages => ({
  ...images,
  pixels: images.pixels.slice(),
  labels: images.labels.slice(),
});
const test = imageDataset({ ...copyOf(), count: 40, labels: images.labels.slice(0, 40) });

const vaeOf = (dtype: 'float32' | 'float64') =>
  new VAE({ features: SIDE * SIDE, hidden: [3], latent: 2 }, { stream: new Random(1).stream('init'), dtype });

describe.each(['float32', 'float64'] as const)('a checkpoint of a %s model knows its data', (dtype) => {
  const trainer = new Trainer(vaeOf(dtype), { train: imageDataset(images), test, epochs: 1 });
  const bytes = trainer.checkpoint();
  const resume = (train: Dataset, others: { test?: Dataset; from?: Uint8Array } = {}) =>
    Trainer.resume(others.from ?? bytes, 'c', { train, test: others.test ?? test });

  it('by every pixel and every label of every image', () => {
    fc.assert(
      fc.property(
        fc.nat(COUNT * SIDE * SIDE - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        (at, change, label) => {
          const changed = copyOf();
          const [values, i] = label ? [changed.labels, at % COUNT] : [changed.pixels, at];
          values[i] ^= change;
          expect(() => resume(imageDataset(changed))).toThrow(
            /train data has as many examples .* a value or a label differs/,
          );
          values[i] ^= change;
          expect(resume(imageDataset(changed)).epoch).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
    const tested = { ...copyOf(), count: 40, labels: images.labels.slice(0, 40) };
    tested.pixels[0] ^= 1;
    expect(() => resume(imageDataset(images), { test: imageDataset(tested) })).toThrow(
      /test data has as many/,
    );
  });

  it('also where the same data set was changed in place', () => {
    const own = copyOf();
    const train = imageDataset(own);
    const from = new Trainer(vaeOf(dtype), { train, test, epochs: 1 }).checkpoint();
    expect(resume(train, { from }).epoch).toBe(0);
    own.pixels[5] ^= 1;
    expect(() => resume(train, { from })).toThrow(RangeError);
  });

  it('by the values that a model sees, however they are kept', () => {
    const all = Int32Array.from({ length: COUNT }, (_, i) => i);
    const values = Float64Array.from(imageDataset(images).batch(all, dtype).data);
    const rows = new Tensor(values, [COUNT, SIDE * SIDE]);
    expect(resume(tensorDataset(rows, { labels: images.labels })).epoch).toBe(0);
    expect(() => resume(tensorDataset(rows))).toThrow(RangeError);
    const close = values.slice();
    close[7] *= 1 + 2 ** -50;
    const nearly = () => resume(tensorDataset(new Tensor(close, rows.shape), { labels: images.labels }));
    if (dtype === 'float64') expect(nearly).toThrow(RangeError);
    else expect(nearly().epoch).toBe(0);
  });

  it('by 32 images where it was written before all were looked at', () => {
    const { tensors, metadata } = decodeSafetensors(bytes, 'c');
    const { sha256: _, ...older } = metadata;
    const identity = JSON.parse(metadata.data);
    // What the version before wrote for these images.
    Object.assign(identity.train, { hash: 2105363848 });
    Object.assign(identity.test, { hash: 3222971845 });
    const from = encodeSafetensors(tensors, { ...older, version: '1', data: JSON.stringify(identity) });
    const resumed = resume(imageDataset(images), { from });
    expect(JSON.parse(decodeSafetensors(resumed.checkpoint(), 'c').metadata.data).train.hash).toMatch(
      /^[0-9a-f]{64}$/,
    );
    const changed = copyOf();
    changed.pixels[0] ^= 255;
    expect(() => resume(imageDataset(changed), { from })).toThrow(/train data has as many/);
  });
});

describe('a checkpoint of another model', () => {
  let model: Module;
  const x = new Tensor(
    Float32Array.from({ length: 40 }, (_, i) => i / 40),
    [20, 2],
  );
  const targetsOf = (last: number) =>
    new Tensor(
      Float32Array.from({ length: 20 }, (_, i) => (i < 19 ? 1 : last)),
      [20, 1],
    );
  const labels = Uint8Array.from({ length: 20 }, (_, i) => i % 2);
  beforeEach(() => {
    model = new Dense({ inputs: 2, outputs: 2, stream: new Random(0).stream('init') });
  });

  it('knows targets too', () => {
    const dense = model as Dense;
    const loss = ({ x: rows, labels: given }: { x: Tensor; labels?: Int32Array | undefined }) => ({
      loss: crossEntropy(dense.forward(rows), given ?? []),
    });
    const of = (last: number) => tensorDataset(x, { labels, targets: targetsOf(last) });
    const bytes = new Trainer(model, { train: of(1), epochs: 1, loss }).checkpoint();
    expect(Trainer.resume(bytes, 'c', { model, loss, train: of(1) }).epoch).toBe(0);
    expect(() => Trainer.resume(bytes, 'c', { model, loss, train: of(2) })).toThrow(/train data has as many/);
  });
});
