import { describe, expect, it } from 'vitest';
import { imageDataset } from '../../src/data/dataset.js';
import { drawGlyphs } from '../../src/data/index.js';
import { backward, normal, Random } from '../../src/index.js';
import { denoisingErrors, evaluate, objective, Trainer, VAE } from '../../src/vae.js';
import { bars, smallVae } from './training/bars.js';
import { runUntil, timeless } from './training/runs.js';

const [train, test] = [bars(40), bars(15, 2)];
const common = { train, test, epochs: 2, batchSize: 16, seed: 4 } as const;

describe('noise on what the encoder sees', () => {
  it('leaves the target clean', () => {
    const vae = smallVae({}, 1, 'float64');
    const random = new Random(1);
    const [x, input] = [train, test].map((data) => data.batch(Int32Array.of(0, 1, 2), 'float64'));
    const epsilon = normal([3, 3], random.stream('epsilon'), { dtype: 'float64' });
    const found = objective(vae, x, epsilon, { input });
    const { mean } = vae.encode(input);
    expect(found.mean.toArray()).toEqual(mean.toArray());
    expect(found.reconstruction.item()).toBe(vae.likelihood.reconstruction(found.output, x).item());
    expect(backward(found.loss).get(found.mean).shape).toEqual([3, 3]);
  });

  it.each(['gaussian', 'salt-pepper', 'masking'] as const)('%s: resumes bit for bit', (noise) => {
    const settings = { noise, noiseLevel: 0.2, binarize: true } as const;
    const whole = new Trainer(smallVae(), { ...common, ...settings });
    const events = runUntil(whole);
    const half = new Trainer(smallVae(), { ...common, ...settings });
    let left = 4;
    runUntil(half, () => --left === 0);
    const resumed = Trainer.resume(half.checkpoint(), 'c', { train, test });
    expect(resumed.settings).toMatchObject(settings);
    expect(runUntil(resumed).length).toBe(events.length - 4);
    expect(resumed.vae.stateDict()).toEqual(whole.vae.stateDict());
    expect(timeless(resumed.history)).toEqual(timeless(whole.history));
  });

  it('is drawn anew at every step, and the same at every evaluation, whatever the batches', () => {
    const trainer = new Trainer(smallVae(), { ...common, noise: 'masking', noiseLevel: 0.5 });
    const { x, input } = trainer.peek();
    expect(input?.toArray()).not.toEqual(x.toArray());
    expect(trainer.peek().input?.toArray()).toEqual(input?.toArray());
    runUntil(trainer);
    const random = new Random(4);
    const noisy = { random, noise: 'masking', noiseLevel: 0.5 } as const;
    const found = evaluate(trainer.vae, test, noisy);
    expect(found).toEqual(trainer.history[1].test);
    expect(evaluate(trainer.vae, test, { ...noisy, batchSize: 4 }).loss).toBeCloseTo(found.loss, 4);
    expect(evaluate(trainer.vae, test, { random }).loss).not.toBe(found.loss);
  });

  it('refuses noise that the data has not', () => {
    expect(() => new Trainer(smallVae(), { ...common, noise: 'masking', noiseLevel: 2 })).toThrow(
      'Trainer: the level of masking noise is 2; it must be a share, at most 1, of values that have ends',
    );
  });
});

it('a model trained on noisy glyphs is nearer to the clean ones than noise and median filter are', () => {
  const images = drawGlyphs({ count: 600, seed: 3 });
  const vae = new VAE(
    { features: 784, hidden: [64], latent: 12, likelihood: 'gaussian' },
    { stream: new Random(0).stream('init') },
  );
  const data = imageDataset(images);
  const noise = { noise: 'gaussian', noiseLevel: 0.8 } as const;
  runUntil(new Trainer(vae, { train: data, epochs: 12, batchSize: 50, learningRate: 3e-3, ...noise }));
  const other = imageDataset(drawGlyphs({ count: 100, seed: 4 }));
  const x = other.batch(
    Int32Array.from({ length: 100 }, (_, i) => i),
    'float32',
  );
  const errors = denoisingErrors(vae, x, images, new Random(1), { noise: 'gaussian', levels: [0, 0.8] });
  expect(errors[0].noisy).toBe(0);
  expect(errors[1].model).toBeLessThan(errors[1].median);
  expect(errors[1].model).toBeLessThan(errors[1].noisy);
});
