import { expect, it } from 'vitest';
import { loadMnist } from '../../../src/node.js';

const { MNIST_DIR } = process.env;
if (!MNIST_DIR) console.log('MNIST_DIR is not set: the test that reads the real MNIST is skipped');

it.skipIf(!MNIST_DIR)('reads the real MNIST', async () => {
  const { train, test } = await loadMnist({ directory: MNIST_DIR });
  expect(train).toMatchObject({ count: 60_000, rows: 28, columns: 28 });
  expect(test).toMatchObject({ count: 10_000, rows: 28, columns: 28 });
  expect([...train.labels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9]);
  expect([...test.labels.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4]);
  const mean = train.pixels.reduce((sum, pixel) => sum + pixel, 0) / train.pixels.length;
  expect(mean).toBeCloseTo(33.3184, 4);
});
