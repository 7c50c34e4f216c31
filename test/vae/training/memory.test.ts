import { expect, it } from 'vitest';
import { leastBytes } from '../../../bench/measure/memory.js';
import { tensorDataset } from '../../../src/data/dataset.js';
import {
  configure,
  memoryUse,
  normal,
  Random,
  scope,
  setBackend,
  type Tensor,
  uniform,
} from '../../../src/index.js';
import { objective, presetShape, presets, Trainer, VAE } from '../../../src/vae.js';

configure({ tile: '4x8' });
// Plain kernels give nothing back early.
setBackend('simd');

const BATCH = 128;

const bytesOf = (tensors: Iterable<Tensor>): number =>
  [...tensors].reduce((total, { data }) => total + data.byteLength, 0);

// The peak is that of the process: the smaller model first.
it.each([
  // Of a dense model the gradients of the weights are larger than all that backward keeps.
  { preset: 'latent2', gradients: true },
  { preset: 'conv2', gradients: false },
] as const)('a step of $preset takes at most 1.5 times what its tensors need', ({ preset, gradients }) => {
  const random = new Random(0);
  const shape = presetShape(preset);
  const vae = new VAE({ features: 784, shape, ...presets[preset] }, { stream: random.stream('init') });
  const x = uniform([BATCH, 784], random.stream('data'));
  const trainer = new Trainer(vae, { train: tensorDataset(x), epochs: 1, batchSize: BATCH });
  const before = memoryUse().scopesPeak;
  for (const { type } of trainer.run()) expect(['step', 'epoch']).toContain(type);
  const peak = memoryUse().scopesPeak;
  expect(peak).toBeGreaterThan(before);

  const parameters = vae.namedParameters();
  const kept = scope(() => {
    const { loss } = objective(vae, x, normal([BATCH, vae.latent], random.stream('epsilon')));
    return leastBytes(loss, parameters);
  });
  const needed = kept + (gradients ? bytesOf(parameters.values()) : 0);
  expect(peak / needed).toBeGreaterThan(1);
  expect(peak / needed).toBeLessThan(1.5);
});
