import { allocate, type TensorData } from '../../tensor/dtype.js';
import { checkOptions } from '../../tensor/known-options.js';
import { scope } from '../../tensor/memory/scope.js';
import { Tensor } from '../../tensor/tensor.js';
import type { LatentVariableModel } from '../../vae/model.js';
import { type ObjectiveOptions, objective } from '../../vae/objective.js';
import { type ByOrigin, byOrigin } from '../by-origin.js';
import { backwardByOrigin } from '../origins.js';
import { type HandFormulas, type HandWorked, handFormulas } from './hand.js';

/** Options of a ledger of gradients. */
export interface LedgerOptions extends Omit<ObjectiveOptions, 'composed'> {
  /** What the gradients are compared with. Defaults to {@link handFormulas}. */
  readonly formulas?: HandFormulas;
}

/** The gradient with respect to one tensor of shape [batch, latent], by origin. */
export type Entry = ByOrigin<Tensor>;

/** The gradients of one batch through the trick. All tensors are copies, [batch, latent], in the model's dtype. */
export interface Ledger {
  readonly batch: number;
  readonly latent: number;
  readonly beta: number;
  readonly mean: Tensor;
  /** After the soft bound. */
  readonly logvar: Tensor;
  readonly epsilon: Tensor;
  readonly z: Tensor;
  /** KL for each latent dimension, nats per example, not weighted. */
  readonly klPerDimension: readonly number[];
  /** dL/dz, dL/dmean, dL/dlogvar as the engine's backward gives them. L is an average over the batch, so they are small. */
  readonly gradients: { readonly z: Entry; readonly mean: Entry; readonly logvar: Entry };
  /** The last two from dL/dz by the formulas derived by hand, in float64. */
  readonly hand: { readonly mean: Entry; readonly logvar: Entry };
  /**
   * Largest difference between the two for each latent dimension, over batch and origins, relative to the sum of the
   * absolute terms.
   */
  readonly difference: { readonly mean: readonly number[]; readonly logvar: readonly number[] };
}

/** Zeros if there is no gradient: z gets none from the closed-form KL. */
const copied = (t: Tensor | undefined, like: Tensor): Tensor =>
  t === undefined ? new Tensor(allocate(like.dtype, like.size), like.shape) : t.detach().clone();

/** Relative to its terms; if these vanish, only equality passes. */
function relative(found: number, { value, terms }: HandWorked): number {
  const apart = Math.abs(found - value);
  return apart === 0 ? 0 : apart / terms;
}

/**
 * Accounts for the gradient through the trick in one batch: what reaches z, mean and logvar, how much of it comes
 * from the reconstruction and how much from the KL, beside the formulas derived by hand.
 * @param x [batch, features]
 * @param epsilon [batch, latent]
 * @throws RangeError when beta or freeBits is out of range; ShapeError when shapes do not fit.
 */
export function ledger(
  vae: LatentVariableModel,
  x: Tensor,
  epsilon: Tensor,
  options: LedgerOptions = {},
): Ledger {
  checkOptions(options, ['beta', 'freeBits', 'formulas'], 'ledger');
  const { formulas = handFormulas, ...weights } = options;
  const { beta = 1, freeBits = 0 } = weights;
  const pass = scope(() => {
    const { loss, mean, logvar, z, klPerDimension } = objective(vae, x, epsilon, {
      ...weights,
      composed: true,
    });
    const gradients = backwardByOrigin(loss);
    const entry = (t: Tensor): Entry => byOrigin((origin) => copied(gradients[origin].find(t), t));
    return {
      mean: mean.detach().clone(),
      logvar: logvar.detach().clone(),
      z: z.detach().clone(),
      klPerDimension: [...klPerDimension.data],
      gradients: { z: entry(z), mean: entry(mean), logvar: entry(logvar) },
    };
  });
  const { mean, logvar, klPerDimension, gradients } = pass;
  const [batch, latent] = mean.shape;
  const weightOf = (dimension: number): number =>
    klPerDimension[dimension] > freeBits || freeBits === 0 ? beta : 0;

  const work = (
    name: 'mean' | 'logvar',
  ): { readonly hand: Entry; readonly difference: readonly number[] } => {
    const numbers: ByOrigin<TensorData> = byOrigin(() => new Float64Array(mean.size));
    const worst = new Array<number>(latent).fill(0);
    for (let at = 0; at < mean.size; at++) {
      const { reconstruction, kl } = formulas[name]({
        mean: mean.data[at],
        logvar: logvar.data[at],
        epsilon: epsilon.data[at],
        dz: gradients.z.total.data[at],
        weight: weightOf(at % latent),
        batch,
      });
      const worked: ByOrigin<HandWorked> = {
        total: { value: reconstruction.value + kl.value, terms: reconstruction.terms + kl.terms },
        reconstruction,
        kl,
      };
      byOrigin((origin) => {
        numbers[origin][at] = worked[origin].value;
        const apart = relative(gradients[name][origin].data[at], worked[origin]);
        // NaN counts as an infinite difference.
        if (!(apart <= worst[at % latent]))
          worst[at % latent] = Number.isNaN(apart) ? Number.POSITIVE_INFINITY : apart;
      });
    }
    return { hand: byOrigin((origin) => new Tensor(numbers[origin], mean.shape)), difference: worst };
  };
  const [byMean, byLogvar] = [work('mean'), work('logvar')];
  return {
    batch,
    latent,
    beta,
    ...pass,
    epsilon: epsilon.detach().clone(),
    hand: { mean: byMean.hand, logvar: byLogvar.hand },
    difference: { mean: byMean.difference, logvar: byLogvar.difference },
  };
}
