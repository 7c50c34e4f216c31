import { describe, expect, it } from 'vitest';
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
