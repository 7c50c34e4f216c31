import { Random } from '../../autograd/ops/random.js';
import { normal } from '../../tensor/create.js';
import { Tensor } from '../../tensor/tensor.js';
import type { EpsilonChoice } from './epsilon-text.js';

/**
 * The noise of a choice. The n-th redraw is always the same: it comes from the seed's stream 'epsilon/redraw n'.
 * @param own the noise of the training step, [batch, latent]; it is not changed
 * @throws RangeError when an edit is of an element that there is not.
 */
export function chooseEpsilon(own: Tensor, { base, edits }: EpsilonChoice, seed: number): Tensor {
  const { shape, dtype } = own;
  const [batch, latent] = shape;
  const start = (): Tensor => {
    if (base === 'frozen') return own.detach().clone();
    if (base === 'zero') return new Tensor(own.detach().clone().data.fill(0), shape);
    return normal(shape, new Random(seed).stream('epsilon').split(`redraw ${base.redraw}`), {
      dtype,
    }).clone();
  };
  const chosen = start();
  for (const { example, dimension, value } of edits) {
    if (example >= batch || dimension >= latent) {
      throw new RangeError(
        `epsilon: there is no element ${example}-${dimension}; there are ${batch} examples and ${latent} dimensions, counted from 0`,
      );
    }
    chosen.data[example * latent + dimension] = value;
  }
  return chosen.named('epsilon');
}
