import { describe, expect, it } from 'vitest';
import { backward } from '../../src/autograd/backward.js';
import { exp, mul } from '../../src/autograd/ops/index.js';
import { variable } from '../../src/autograd/variable.js';
import { bernoulliNll, gaussianNll } from '../../src/nn/index.js';
import { tensor } from '../../src/tensor/create.js';
import { Tensor } from '../../src/tensor/tensor.js';
import { agrees, type FunctionCase, loadGolden } from '../golden/load.js';

const golden = loadGolden('functions');
const named = (name: string): FunctionCase[] => golden.cases.filter((c) => c.name === name);

/** Compares one element's value and gradients with PyTorch's. */
function compare(
  reference: FunctionCase,
  i: number,
  value: Tensor,
  inputs: Readonly<Record<string, Tensor>>,
): void {
  const { upstream, valueAtol, gradientAtol } = reference;
  const at = (what: string, actual: number, expected: number, atol: number): void =>
    expect(agrees(actual, expected, golden.rtol, atol), `${what} ${i}: ${actual}, not ${expected}`).toBe(
      true,
    );
  at('value', value.item(), reference.value.data[i], valueAtol);
  const cotangent = tensor(upstream.data[i], { dtype: 'float64', shape: value.shape });
  const found = backward(value, { cotangent });
  for (const [name, x] of Object.entries(inputs)) {
    at(`gradient of ${name}`, found.get(x).item(), reference.gradients[name].data[i], gradientAtol);
  }
}

const element = ({ inputs }: FunctionCase, name: string, i: number): Tensor =>
  variable(new Tensor(Float64Array.of(inputs[name].data[i]), [1]));

describe("losses agree with PyTorch's", () => {
  it('the file has the cases', () => {
    expect(named('bce_with_logits').length).toBe(3);
    expect(named('gaussian_nll').length).toBe(1);
  });

  it.each(named('bce_with_logits'))('bernoulliNll', (reference) => {
    reference.value.data.forEach((_, i) => {
      const [logits, target] = [element(reference, 'logits', i), element(reference, 'target', i)];
      compare(reference, i, bernoulliNll(logits, target), { logits, target });
    });
  });

  it.each(named('gaussian_nll'))('gaussianNll, from logvar and from sigma', (reference) => {
    reference.value.data.forEach((_, i) => {
      const [x, mean, logsigma] = ['x', 'mean', 'logsigma'].map((name) => element(reference, name, i));
      const inputs = { x, mean, logsigma };
      compare(reference, i, gaussianNll(x, mean, { logvar: mul(logsigma, 2) }), inputs);
      compare(reference, i, gaussianNll(x, mean, { sigma: exp(logsigma) }), inputs);
    });
  });
});
