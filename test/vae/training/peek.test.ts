import { describe, expect, it, vi } from 'vitest';
import { noGrad } from '../../../src/autograd/index.js';
import { objective } from '../../../src/vae/objective.js';
import { Trainer } from '../../../src/vae/training/trainer.js';
import { bars, smallVae } from './bars.js';
import { runUntil, timeless } from './runs.js';

describe.each([false, true])('Trainer.peek, binarize %s', (binarize) => {
  const training = () => new Trainer(smallVae(), { train: bars(40), epochs: 2, batchSize: 16, binarize });

  it('shows the batch and the noise of each next step, the first of an epoch too', () => {
    const trainer = training();
    const next = () => {
      const { x, epsilon } = trainer.peek();
      return noGrad(() => objective(trainer.vae, x, epsilon).loss.item());
    };
    let expected = next();
    let steps = 0;
    for (const event of trainer.run()) {
      if (event.type === 'epoch') continue;
      expect(event.loss).toBe(expected);
      steps++;
      expected = next();
    }
    expect(steps).toBe(6);
  });

  it('changes nothing', () => {
    const [looked, left] = [training(), training()];
    runUntil(looked, () => {
      looked.peek();
      return false;
    });
    runUntil(left);
    expect(timeless(looked.history)).toEqual(timeless(left.history));
    expect(looked.vae.stateDict()).toEqual(left.vae.stateDict());
  });

  it('says which examples they are', () => {
    const trainer = training();
    const { indices, x } = trainer.peek();
    expect(indices).toHaveLength(16);
    if (!binarize) expect(x.data).toEqual(bars(40).batch(indices, 'float32').data);
    expect(new Set(indices).size).toBe(16);
  });
});

describe('Trainer.estimate', () => {
  const training = (model = smallVae(), epochs = 2) =>
    new Trainer(model, { train: bars(40), test: bars(20), epochs, batchSize: 16, binarize: true });

  it('changes nothing', () => {
    const [timed, left] = [training(), training()];
    runUntil(timed, () => {
      timed.estimate();
      return false;
    });
    runUntil(left);
    expect(timeless(timed.history)).toEqual(timeless(left.history));
    expect(timed.vae.stateDict()).toEqual(left.vae.stateDict());
  });

  it('is positive while steps are left, and 0 at the end', () => {
    const trainer = training();
    expect(trainer.estimate()).toBeGreaterThan(0);
    runUntil(trainer);
    expect(trainer.estimate()).toBe(0);
  });

  it('counts the steps that are left, and the tests', () => {
    let now = 0;
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 10;
      return now;
    });
    try {
      // 10 ms forward, 20 ms a step: 3 steps an epoch, and test data for 1.5 of them.
      const trainer = training(smallVae(), 4);
      expect(trainer.estimate()).toBeCloseTo(4 * (3 * 0.02 + 1.5 * 0.01), 9);
      runUntil(trainer, ({ type }) => type === 'epoch');
      runUntil(trainer, ({ type }) => type === 'step');
      expect(trainer.estimate()).toBeCloseTo(3 * (3 * 0.02 + 1.5 * 0.01) - 0.02, 9);
    } finally {
      clock.mockRestore();
    }
  });
});
