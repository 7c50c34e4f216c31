import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backward, graphOf, noGrad, variable } from '../../src/autograd/index.js';
import { equal } from '../../src/tensor/compare.js';
import { tensor } from '../../src/tensor/create.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { reparameterize, reparameterizeComposed } from '../../src/vae/index.js';
import { alike, extremes } from './arbitraries.js';

type Trick = (mean: Tensor, logvar: Tensor, epsilon: Tensor) => Tensor;

/** The sample, and its gradients with respect to mean, logvar and epsilon. */
function run(trick: Trick, inputs: readonly Tensor[], cotangent: Tensor): Tensor[] {
  const [mean, logvar, epsilon] = inputs.map((t) => variable(t));
  const z = trick(mean, logvar, epsilon);
  const gradients = backward(z, { cotangent });
  return [z, gradients.get(mean), gradients.get(logvar), gradients.get(epsilon)];
}

describe('the reparameterization trick', () => {
  it.each(['float32', 'float64'] as const)(
    'as one op equals the composed one in every bit, in %s',
    (dtype) => {
      fc.assert(
        fc.property(alike(4, extremes), (drawn) => {
          const [cotangent, ...inputs] = drawn.map((t) => t.to(dtype));
          const one = run(reparameterize, inputs, cotangent);
          const composed = run(reparameterizeComposed, inputs, cotangent);
          const names = ['z', 'dz/dmean', 'dz/dlogvar', 'dz/depsilon'];
          one.forEach((t, i) => {
            expect(equal(t, composed[i]), `${names[i]}: ${t} and ${composed[i]}`).toBe(true);
          });
        }),
        { numRuns: 250 },
      );
    },
  );

  it('is mean + exp(logvar / 2) epsilon, with dz/dmean = 1 and dz/dlogvar = epsilon exp(logvar / 2) / 2', () => {
    const float64 = { dtype: 'float64' } as const;
    const mean = tensor([0.5, -1, 2], float64);
    const logvar = tensor([0, 2 * Math.log(3), -2 * Math.log(2)], float64);
    const epsilon = tensor([1.5, -2, 0], float64);
    const ones = tensor([1, 1, 1], float64);
    const [z, dMean, dLogvar, dEpsilon] = run(reparameterize, [mean, logvar, epsilon], ones);
    // Standard deviations 1, 3 and 1/2.
    const expected: [Tensor, number[]][] = [
      [z, [0.5 + 1.5, -1 - 2 * 3, 2]],
      [dMean, [1, 1, 1]],
      [dLogvar, [(1.5 * 1) / 2, (-2 * 3) / 2, 0]],
      [dEpsilon, [1, 3, 0.5]],
    ];
    for (const [got, values] of expected) {
      values.forEach((value, i) => {
        expect(got.data[i]).toBeCloseTo(value, 14);
      });
    }
  });

  it('shows every inner value and gradient by its label', () => {
    const mean = variable(tensor([[0.5]]), 'mean');
    const logvar = variable(tensor([[0]]), 'logvar');
    const z = reparameterizeComposed(mean, logvar, tensor([[3]]));
    const graph = graphOf(z, backward(z));
    const seen = Object.fromEntries(
      graph.nodes
        .filter(({ label }) => label !== undefined)
        .map(({ label, value, gradient }) => [label, [value.item(), gradient?.item()]]),
    );
    expect(seen).toEqual({
      mean: [0.5, 1],
      logvar: [0, 1.5],
      'logvar / 2': [0, 3],
      sigma: [1, 3],
      'sigma * epsilon': [3, 1],
      z: [3.5, 1],
    });
  });

  it('has nothing to differentiate without recording', () => {
    const z = noGrad(() => reparameterize(variable(tensor([1])), tensor([0]), tensor([2])));
    expect(z.data[0]).toBe(3);
    expect(() => backward(z)).toThrow('depends on no variable');
  });

  it('refuses shapes that do not fit', () => {
    const [two, three] = [tensor([[1, 2]]), tensor([[1, 2, 3]])];
    expect(() => reparameterize(two, three, two)).toThrow(/reparameterize: \[1, 2\] and \[1, 3\]/);
  });
});
