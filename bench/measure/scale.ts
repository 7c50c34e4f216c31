import { backward, normal, Random, uniform } from '../../src/index.js';
import { Adam, activation, Dense, Sequential, squaredError } from '../../src/nn.js';
import { objective, presets, VAE } from '../../src/vae.js';
import { scoped } from '../engine.js';
import type { Reading } from '../protocol.js';
import { sample } from './sample.js';

export interface ScaleSettings {
  readonly axis: 'batch' | 'width' | 'depth';
  readonly sizes: readonly number[];
  /** For each size. */
  readonly seconds: number;
}

/** A training step of latent2 on noise. */
function vaeStep(batch: number): () => void {
  const random = new Random(0);
  const vae = new VAE({ features: 784, ...presets.latent2 }, { stream: random.stream('init') });
  const adam = new Adam(vae.namedParameters(), { learningRate: 1e-3 });
  const x = uniform([batch, 784], random.stream('data'));
  const epsilon = normal([batch, vae.latent], random.stream('epsilon'));
  return () => adam.step(backward(objective(vae, x, epsilon).loss));
}

/** A training step of `depth` square layers of `width`. */
function denseStep(width: number, depth: number): () => void {
  const random = new Random(0);
  const stream = random.stream('init');
  const net = new Sequential(
    ...Array.from({ length: depth }, () => [
      new Dense({ inputs: width, outputs: width, stream }),
      activation('relu'),
    ]).flat(),
  );
  const adam = new Adam(net.namedParameters(), { learningRate: 1e-3 });
  const x = normal([128, width], random.stream('data'));
  return () => adam.step(backward(squaredError(net.forward(x), x)));
}

const STEPS = {
  batch: vaeStep,
  width: (size: number) => denseStep(size, 4),
  depth: (size: number) => denseStep(256, size),
} as const;

export function measure({ axis, sizes, seconds }: ScaleSettings): Reading[] {
  return sizes.map((size) => {
    const step = STEPS[axis](size);
    return { row: String(size), values: { seconds: sample(() => scoped(step), seconds) } };
  });
}
