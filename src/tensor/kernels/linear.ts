import type { Tensor } from '../tensor.js';
import { matmulKernel } from './matmul.js';

/** What is done to each element of a linear map's result. */
export const LINEAR_ACTIVATIONS = ['none', 'relu'] as const;

export type LinearActivation = (typeof LINEAR_ACTIVATIONS)[number];

export interface LinearAttributes {
  readonly activation: LinearActivation;
}

/** out = activation(x · weight^T + bias): the numbers that matmul, add and relu give one after the other. */
export function linearKernel(
  out: Tensor,
  [x, weight, bias]: readonly Tensor[],
  { activation }: LinearAttributes,
): void {
  matmulKernel(out, [x, weight], { transposeA: false, transposeB: true });
  const [to, row] = [out.data, bias.data];
  const n = row.length;
  for (let start = 0; start < to.length; start += n) {
    for (let j = 0; j < n; j++) {
      to[start + j] += row[j];
      if (activation === 'relu') to[start + j] = Math.max(to[start + j], 0);
    }
  }
}
