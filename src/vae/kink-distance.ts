import { applications } from '../autograd/kinks.js';
import type { Tensor } from '../tensor/tensor.js';

/** The input of an op that declares a kink, with the kink. */
interface AtKink {
  readonly values: Tensor;
  readonly kink: number;
}

/** Every input for which an op on the way to `output` declares a kink in its domain (0 for relu). */
function* inputsAtKinks(output: Tensor): Generator<AtKink> {
  for (const { op, node } of applications(output)) {
    const ranges = op.domain.inputs;
    for (let k = 0; k < node.inputs.length; k++) {
      for (const kink of ranges[Math.min(k, ranges.length - 1)]?.kinks ?? []) {
        yield { values: node.inputs[k], kink };
      }
    }
  }
}

/**
 * How far the point at which `output` was computed keeps from the kinks of the ops on the way: the least distance of any
 * element, infinity where there is no kink. A central difference across a kink says nothing about a gradient.
 */
export function kinkDistance(output: Tensor): number {
  let least = Number.POSITIVE_INFINITY;
  for (const { values, kink } of inputsAtKinks(output)) {
    for (const value of values.data) least = Math.min(least, Math.abs(value - kink));
  }
  return least;
}

/**
 * How many elements lie on different sides of a kink in two evaluations of one function: 0 where a difference of the
 * two crosses none.
 * @param a recorded, as `b` is; both from the same ops in the same order.
 */
export function kinksCrossed(a: Tensor, b: Tensor): number {
  const others = inputsAtKinks(b);
  let crossed = 0;
  for (const { values, kink } of inputsAtKinks(a)) {
    const other = others.next();
    if (other.done === true) break;
    const { data } = other.value.values;
    for (let i = 0; i < data.length; i++) {
      if (Math.sign(values.data[i] - kink) !== Math.sign(data[i] - kink)) crossed++;
    }
  }
  return crossed;
}
