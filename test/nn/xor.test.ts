import { describe, expect, it } from 'vitest';
import { backward } from '../../src/autograd/backward.js';
import {
  Adam,
  binaryCrossEntropyWithLogits,
  clipGradientsByNorm,
  Dense,
  Sequential,
  schedules,
  Tanh,
} from '../../src/nn/index.js';
import { tensor } from '../../src/tensor/create.js';
import { Random } from '../../src/tensor/random/index.js';

const INPUTS = tensor([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]);
const TARGETS = tensor([[0], [1], [1], [0]]);

function train(seed: number): { losses: number[]; model: Sequential } {
  const stream = new Random(seed).stream('init');
  const model = new Sequential(
    new Dense({ inputs: 2, outputs: 8, stream }),
    new Tanh(),
    new Dense({ inputs: 8, outputs: 1, stream }),
  );
  const optimizer = new Adam(model.namedParameters(), { learningRate: 0.05 });
  const factor = schedules.warmup({ steps: 10, start: 0.1 }, schedules.cosine({ total: 290, floor: 0.1 }));
  const losses: number[] = [];
  for (let step = 0; step < 300; step++) {
    optimizer.learningRate = 0.05 * factor(step);
    const loss = binaryCrossEntropyWithLogits(model.forward(INPUTS), TARGETS);
    const { gradients } = clipGradientsByNorm(model.namedParameters(), backward(loss), 5);
    optimizer.step(gradients);
    losses.push(loss.item());
  }
  return { losses, model };
}

describe('XOR', () => {
  it('is learned by Dense, tanh, Dense with Adam', () => {
    const { losses, model } = train(1);
    expect(losses[0]).toBeGreaterThan(0.5);
    expect(losses.at(-1)).toBeLessThan(0.05);
    expect(model.forward(INPUTS).data.map((logit) => (logit > 0 ? 1 : 0))).toEqual(TARGETS.data);
  });

  it('has the same bits from the same seed', () => {
    const [first, second] = [train(2), train(2)];
    expect(second.losses).toEqual(first.losses);
    expect(second.model.stateDict()).toEqual(first.model.stateDict());
    expect(train(3).losses).not.toEqual(first.losses);
  });
});
