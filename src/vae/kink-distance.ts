import { withRecording } from '../autograd/apply.js';
import { topologicalOrder } from '../autograd/backward.js';
import { variable } from '../autograd/node.js';
import type { Tensor } from '../tensor/tensor.js';

/**
 * How far the point at which `output` was computed keeps from the kinks that the ops behind it declare in their
 * domains (0 for relu): the least distance of any element, infinity where there is no kink. An op that
 * does the work of several is taken apart. A central difference across a kink says nothing about a gradient.
 */
export function kinkDistance(output: Tensor): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { node } of topologicalOrder(output)) {
    // On leaves of its own: what is behind the inputs is looked at anyway.
    const leaves = node.op?.parts === undefined ? [] : node.inputs.map((x) => variable(x));
    const parts = withRecording(true, () => node.op?.parts?.(leaves, node.attributes));
    if (parts !== undefined) least = Math.min(least, kinkDistance(parts));
    const ranges = node.op?.domain.inputs ?? [];
    node.inputs.forEach((input, k) => {
      for (const kink of ranges[Math.min(k, ranges.length - 1)]?.kinks ?? []) {
        for (const value of input.data) least = Math.min(least, Math.abs(value - kink));
      }
    });
  }
  return least;
}
