import { add, exp, mul, neg, stopGradient } from '../../autograd/index.js';
import { normal } from '../../tensor/create.js';
import { quote } from '../../tensor/describe.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { LatentVariableModel } from '../../vae/model.js';
import type { Objective } from '../../vae/objective.js';
import { reparameterizeWithoutHalf } from './dropped-half.js';
import { rightTrick, type Trick, type TrickOptions, trickObjective } from './trick.js';
import { MUTATIONS, type MutationName, type MutationWords, mutationWords } from './words.js';

/** A common way to get the trick wrong. */
export interface Mutation extends MutationWords {
  /**
   * The mutated trick.
   * @param stream for noise that the mutation draws
   */
  make(stream: RandomStream): Trick;
}

const withSample = (sample: Trick['sample']): Trick => ({ ...rightTrick, sample });

const makes: Readonly<Record<MutationName, Mutation['make']>> = {
  'drop-half': () => withSample((mean, logvar, epsilon) => reparameterizeWithoutHalf(mean, logvar, epsilon)),
  'detach-z': () =>
    withSample((mean, logvar, epsilon) => stopGradient(rightTrick.sample(mean, logvar, epsilon))),
  'variance-as-sigma': () => withSample((mean, logvar, epsilon) => add(mean, mul(exp(logvar), epsilon))),
  'kl-sign': () => ({ ...rightTrick, kl: (mean, logvar) => neg(rightTrick.kl(mean, logvar)) }),
  'prior-sample': () => withSample((_mean, _logvar, epsilon) => epsilon.detach()),
  'epsilon-redrawn': (stream) =>
    withSample((mean, logvar) =>
      rightTrick.sample(mean, logvar, normal(mean.shape, stream, { dtype: mean.dtype })),
    ),
};

/** All mutations, in display order. */
export const mutations: readonly Mutation[] = MUTATIONS.map((name) => ({
  name,
  ...mutationWords[name],
  make: makes[name],
}));

/** The mutation of this name. @throws RangeError listing the names when there is none. */
export function mutationOf(name: string): Mutation {
  const found = mutations.find((mutation) => mutation.name === name);
  if (found !== undefined) return found;
  throw new RangeError(`there is no mutation ${quote(name)}; there are ${MUTATIONS.join(', ')}`);
}

/**
 * The objective with a mutation, a replacement for `objective`.
 * @param stream for the noise that 'epsilon-redrawn' draws
 */
export function brokenObjective(
  name: MutationName,
  stream: RandomStream,
): (vae: LatentVariableModel, x: Tensor, epsilon: Tensor, options?: TrickOptions) => Objective {
  const trick = mutationOf(name).make(stream);
  return (vae, x, epsilon, options) => trickObjective(trick, vae, x, epsilon, options);
}
