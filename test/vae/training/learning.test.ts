import { describe, expect, it } from 'vitest';
import type { VAEConfig } from '../../../src/vae/config.js';
import { Trainer } from '../../../src/vae/training/trainer.js';
import { bars, smallVae } from './bars.js';
import { runUntil } from './runs.js';

const train = bars(256);
const test = bars(128, 2);
const pixels = test.batch(
  Array.from({ length: test.size }, (_, i) => i),
  'float64',
);

/** What the best output that is the same for every picture costs: the sum of a cost of each pixel's values. */
function constantOutput(cost: (values: readonly number[], mean: number) => number): number {
  let total = 0;
  for (let j = 0; j < test.features; j++) {
    const values = Array.from({ length: test.size }, (_, i) => pixels.at(i, j));
    total += cost(values, values.reduce((a, b) => a + b, 0) / test.size);
  }
  return total;
}

const variance = (values: readonly number[], mean: number): number =>
  values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;

function history(config: Partial<VAEConfig>, beta = 1) {
  const trainer = new Trainer(smallVae({ hidden: [32], latent: 4, ...config }), {
    ...{ train, test, epochs: 12, batchSize: 16, learningRate: 5e-3, beta },
  });
  runUntil(trainer);
  return trainer.history;
}

const bernoulli = history({});

describe('a small VAE learns bars', () => {
  const entropy = constantOutput((_, p) => -(p * Math.log(p) + (1 - p) * Math.log(1 - p)));
  const sigma = 0.25;
  const squares = constantOutput(variance);
  const spread = squares / test.features;

  // Below the best constant output, so something of the picture passes through z.
  it.each<[string, () => typeof bernoulli, { readonly fall: number; readonly below: number }]>([
    ['bernoulli', () => bernoulli, { fall: 5, below: entropy - 2 }],
    [
      'gaussian',
      () => history({ likelihood: 'gaussian', sigma }),
      { fall: 20, below: squares / (2 * sigma * sigma) - 10 },
    ],
    [
      'gaussian, learned sigma',
      () => history({ likelihood: 'gaussian', learnSigma: true }),
      { fall: 15, below: (test.features / 2) * (Math.log(2 * Math.PI * spread) + 1) - 2 },
    ],
  ])('%s: the loss falls, and below what a constant output can reach', (_, run, { fall, below }) => {
    const epochs = run();
    const losses = epochs.map((epoch) => epoch.test?.loss ?? Number.NaN);
    expect(losses[0] - losses[11]).toBeGreaterThan(fall);
    expect(losses[11]).toBeLessThan(below);
    expect(epochs[11].train.loss).toBeLessThan(epochs[0].train.loss - fall);
  });

  it('codes far more in z when the KL costs nothing', () => {
    const free = history({}, 0)[11].test;
    const paid = bernoulli[11].test;
    expect(free?.kl).toBeGreaterThan(5 * (paid?.kl ?? Number.NaN));
    expect(free?.reconstruction).toBeLessThan((paid?.reconstruction ?? Number.NaN) - 3);
  });
});
