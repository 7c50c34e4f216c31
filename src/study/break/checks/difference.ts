import { noGrad, valueAndGrad } from '../../../autograd/index.js';
import { Tensor } from '../../../tensor/tensor.js';
import type { CheckRow } from './result.js';

const STEP = 1e-5;
/** Elements shown of each input. */
const SHOWN = 2;

/**
 * Derivatives beside central differences, without checking that the function is the same at each call: what a naive
 * check would compare.
 * @param f a function of float64 tensors with a scalar as its value
 */
export function carelessDifferences(
  f: (inputs: readonly Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  names: readonly string[],
): CheckRow[] {
  const { gradients } = valueAndGrad((...at: readonly Tensor[]) => f(at))(...inputs);
  const valueAt = (input: number, element: number, by: number): number => {
    const moved = inputs.map((x, k) =>
      k === input
        ? new Tensor(
            x.data.map((value, i) => (i === element ? value + by : value)),
            x.shape,
          )
        : x,
    );
    return noGrad(() => f(moved)).item();
  };
  return inputs.flatMap((x, input) =>
    Array.from({ length: Math.min(SHOWN, x.size) }, (_, element) => {
      const numeric = (valueAt(input, element, STEP) - valueAt(input, element, -STEP)) / (2 * STEP);
      const analytic = gradients[input].data[element];
      return {
        what: `${names[input]}, element ${element}`,
        expected: numeric,
        found: analytic,
        error: Math.abs(numeric - analytic) / Math.max(Math.abs(numeric), Math.abs(analytic)),
      };
    }),
  );
}
