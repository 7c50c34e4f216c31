import { variable } from '../../../src/autograd/variable.js';
import { Adam, AdamW, type Optimizer, SGD } from '../../../src/nn/index.js';
import { normal } from '../../../src/tensor/create.js';
import type { DType } from '../../../src/tensor/dtype.js';
import type { RandomStream } from '../../../src/tensor/random/index.js';
import type { Tensor } from '../../../src/tensor/tensor.js';

export type Parameters = ReadonlyMap<string, Tensor>;

/** One optimiser of each kind, with every option in use somewhere. */
export const variants: [name: string, make: (parameters: Parameters) => Optimizer][] = [
  ['SGD', (p) => new SGD(p, { learningRate: 0.1 })],
  ['SGD with momentum', (p) => new SGD(p, { learningRate: 0.1, momentum: 0.9, dampening: 0.3 })],
  [
    'SGD with nesterov',
    (p) => new SGD(p, { learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1 }),
  ],
  ['Adam', (p) => new Adam(p)],
  ['Adam with amsgrad', (p) => new Adam(p, { learningRate: 0.05, amsgrad: true, weightDecay: 0.1 })],
  ['AdamW', (p) => new AdamW(p, { learningRate: 0.05, betas: [0.8, 0.95], eps: 1e-3 })],
];

/** Two parameters with random values. */
export function randomParameters(stream: RandomStream, dtype: DType): Parameters {
  return new Map([
    ['layer.weight', variable(normal([3, 2], stream, { dtype }))],
    ['layer.bias', variable(normal([3], stream, { dtype }))],
  ]);
}

/** A random gradient for each parameter. */
export function randomGradients(parameters: Parameters, stream: RandomStream): Map<Tensor, Tensor> {
  return new Map([...parameters.values()].map((p) => [p, normal(p.shape, stream, { dtype: p.dtype })]));
}

export const source = (gradients: ReadonlyMap<Tensor, Tensor>) => ({ find: (t: Tensor) => gradients.get(t) });
