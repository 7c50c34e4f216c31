import { backward, type Gradients, stopGradient } from '../../autograd/index.js';
import { checkOptions } from '../../tensor/known-options.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { LatentVariableModel } from '../../vae/model.js';
import { objectiveOf } from '../../vae/objective.js';

/** The norms of a gradient by one parameter of the encoder, with the trick and with a detached sample. */
export interface DetachedRow {
  readonly parameter: string;
  /** Of the reconstruction, through the trick. */
  readonly reconstruction: number;
  /** Of the reconstruction, z detached: exactly 0. */
  readonly detachedReconstruction: number;
  /** Of beta * KL, which needs no sample. */
  readonly kl: number;
  /** Of the whole loss, z detached: that of beta * KL. */
  readonly detachedLoss: number;
}

/** 0 if there is no gradient. */
function lengthOf(gradients: Gradients, t: Tensor): number {
  let square = 0;
  for (const g of gradients.find(t)?.data ?? []) square += g * g;
  return Math.sqrt(square);
}

/**
 * The gradients of the encoder's parameters when z is detached (in PyTorch: sampled without `rsample`, or under no_grad): the value of the
 * loss and the decoder's gradient are the same, but the reconstruction does not reach the encoder. The KL alone trains it
 * to match the prior.
 * @param x [batch, features]
 * @param epsilon [batch, latent]
 */
export function detachedGradients(
  vae: LatentVariableModel,
  x: Tensor,
  epsilon: Tensor,
  options: { readonly beta?: number } = {},
): DetachedRow[] {
  checkOptions(options, ['beta'], 'detachedGradients');
  const { beta = 1 } = options;
  const pass = vae.forward(x, epsilon);
  const right = objectiveOf(vae, x, pass, { beta });
  const z = stopGradient(pass.z);
  const cut = objectiveOf(vae, x, { ...pass, z, output: vae.decode(z) }, { beta });
  const [reconstruction, kl, detachedLoss] = [right.reconstruction, right.kl, cut.loss].map((t) =>
    backward(t),
  );
  const detachedReconstruction = backward(cut.reconstruction);
  return [...vae.namedParameters()]
    .filter(([name]) => !/^(decoder|likelihood)\./.test(name))
    .map(([parameter, t]) => ({
      parameter,
      reconstruction: lengthOf(reconstruction, t),
      detachedReconstruction: lengthOf(detachedReconstruction, t),
      kl: beta * lengthOf(kl, t),
      detachedLoss: lengthOf(detachedLoss, t),
    }));
}
