import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, div, mul, sqrt, sub, where } from '../../../src/autograd/ops/index.js';
import { variable } from '../../../src/autograd/variable.js';
import { Adam, AdamW, SGD } from '../../../src/nn/index.js';
import { equal } from '../../../src/tensor/compare.js';
import { zeros } from '../../../src/tensor/create.js';
import { Tensor } from '../../../src/tensor/tensor.js';

/**
 * The same updates written as float32 tensor ops, each of which rounds once: a second, independent statement of the
 * order of operations. The scalars go through float32 tensors too, rounded once from float64.
 */
const SIZE = 5;
const values = fc
  .array(fc.float({ min: -8, max: 8, noNaN: true }), { minLength: SIZE, maxLength: SIZE })
  .map((v) => new Tensor(Float32Array.from(v), [SIZE]));
const gradients = fc.array(values, { minLength: 1, maxLength: 6 });
const option = (choices: number[]) => fc.constantFrom(...choices);

const larger = (a: Tensor, b: Tensor): Tensor => {
  const mask = new Tensor(
    Float32Array.from(a.data, (x, i) => (x > b.data[i] ? 1 : 0)),
    a.shape,
  );
  return where(mask, a, b);
};

function trajectory(
  start: Tensor,
  grads: readonly Tensor[],
  make: (p: Map<string, Tensor>) => Adam | AdamW | SGD,
) {
  const p = variable(start.clone());
  const optimizer = make(new Map([['p', p]]));
  for (const g of grads) optimizer.step({ find: (t) => (t === p ? g : undefined) });
  return p.detach();
}

describe('float32 updates have the bits of their definition', () => {
  const adamOptions = fc.record({
    learningRate: option([1e-3, 0.05]),
    beta1: option([0.9, 0.5, 0]),
    beta2: option([0.999, 0.95]),
    weightDecay: option([0, 0.01]),
    amsgrad: fc.boolean(),
    decoupled: fc.boolean(),
  });

  it('Adam and AdamW', () => {
    fc.assert(
      fc.property(values, gradients, adamOptions, (start, grads, options) => {
        const { learningRate, beta1, beta2, weightDecay, amsgrad, decoupled } = options;
        let p = start;
        let [m, v, largest] = [zeros([SIZE]), zeros([SIZE]), zeros([SIZE])];
        grads.forEach((gradient, i) => {
          if (decoupled) p = mul(p, 1 - learningRate * weightDecay);
          const g = decoupled ? gradient : add(gradient, mul(p, weightDecay));
          m = add(mul(m, beta1), mul(g, 1 - beta1));
          v = add(mul(v, beta2), mul(mul(g, 1 - beta2), g));
          largest = larger(largest, v);
          const root = div(sqrt(amsgrad ? largest : v), Math.sqrt(1 - beta2 ** (i + 1)));
          p = sub(p, div(mul(m, learningRate / (1 - beta1 ** (i + 1))), add(root, 1e-8)));
        });
        const kind = decoupled ? AdamW : Adam;
        const settings = { learningRate, betas: [beta1, beta2], weightDecay, amsgrad } as const;
        expect(
          equal(
            trajectory(start, grads, (named) => new kind(named, settings)),
            p,
          ),
        ).toBe(true);
      }),
    );
  });

  it('SGD', () => {
    const sgdOptions = fc.record({
      momentum: option([0, 0.9]),
      dampening: option([0, 0.3]),
      weightDecay: option([0, 0.01]),
      nesterov: fc.boolean(),
    });
    fc.assert(
      fc.property(values, gradients, sgdOptions, (start, grads, options) => {
        const { momentum, weightDecay } = options;
        const nesterov = options.nesterov && momentum > 0;
        const dampening = nesterov ? 0 : options.dampening;
        let p = start;
        let v = zeros([SIZE]);
        grads.forEach((gradient, i) => {
          const g = add(gradient, mul(p, weightDecay));
          v = i === 0 ? g : add(mul(v, momentum), mul(g, 1 - dampening));
          const heavy = nesterov ? add(g, mul(v, momentum)) : v;
          p = sub(p, mul(momentum > 0 ? heavy : g, 0.1));
        });
        const settings = { learningRate: 0.1, momentum, dampening, weightDecay, nesterov };
        expect(
          equal(
            trajectory(start, grads, (named) => new SGD(named, settings)),
            p,
          ),
        ).toBe(true);
      }),
    );
  });
});
