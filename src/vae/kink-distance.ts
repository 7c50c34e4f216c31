import { topologicalOrder } from '../autograd/backward.js';
import type { Tensor } from '../tensor/tensor.js';

/**
 * How far the point at which `output` was computed keeps from the kinks that the ops behind it declare in their
 * domains (0 for relu): the least distance of any element, infinity where there is no kink. A central difference
 * across a kink says nothing about a gradient.
 */
export function kinkDistance(output: Tensor): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { node } of topologicalOrder(output)) {
    const ranges = node.op?.domain.inputs ?? [];
    node.inputs.forEach((input, k) => {
      for (const kink of ranges[Math.min(k, ranges.length - 1)]?.kinks ?? []) {
        for (const value of input.data) least = Math.min(least, Math.abs(value - kink));
      }
    });
  }
  return least;
}
