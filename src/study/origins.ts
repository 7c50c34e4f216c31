import { backward, type Gradients, graphOf } from '../autograd/index.js';
import type { Tensor } from '../tensor/tensor.js';
import { type ByOrigin, byOrigin } from './by-origin.js';

/**
 * The two terms that `objective` adds up to its loss, from the recorded graph: the reconstruction, and the KL
 * as weighted, with beta and free bits.
 * @throws Error when the loss is not such a sum.
 */
export function termsOf(loss: Tensor): ByOrigin<Tensor> {
  const { op, inputs } = graphOf(loss).output;
  if (op !== 'add' || inputs.length !== 2) {
    throw new Error(
      `termsOf: the loss was made by '${op}'; it must be reconstruction + KL, as objective(...) gives it`,
    );
  }
  return { total: loss, reconstruction: inputs[0].value, kl: inputs[1].value };
}

/**
 * The gradient of the loss and, from a separate backward pass, that of each term. Gradients are linear, so the parts add up to the
 * whole, up to rounding.
 * @param loss of `objective`
 */
export function backwardByOrigin(loss: Tensor): ByOrigin<Gradients> {
  const terms = termsOf(loss);
  return byOrigin((origin) => backward(terms[origin]));
}
