import { BernoulliVae, type DiscretePoint, discretePoint } from '../../../src/study/discrete/index.js';
import { Random } from '../../../src/tensor/random/index.js';
import type { Tensor } from '../../../src/tensor/tensor.js';
import { uniformTensor } from '../../vae/arbitraries.js';

/** A small VAE with bits, in float64, and its batch. Its weights are made larger, so that its loss is no straight line. */
export function tinyBits({ bits = 3, batch = 2, seed = 0, scale = 3 } = {}): {
  model: BernoulliVae;
  x: Tensor;
  point: DiscretePoint;
} {
  const stream = new Random(seed).stream('init');
  const model = new BernoulliVae({ features: 6, hidden: 5, bits, stream, dtype: 'float64' });
  for (const parameter of model.namedParameters().values()) {
    for (let i = 0; i < parameter.size; i++) parameter.data[i] *= scale;
  }
  const x = uniformTensor([batch, 6], seed + 1, 0, 1);
  return { model, x, point: discretePoint(model, x) };
}
