import { add, exp, mul, neg, stopGradient } from '../../autograd/index.js';
import { normal } from '../../tensor/create.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Objective } from '../../vae/objective.js';
import type { VAE } from '../../vae/vae.js';
import { reparameterizeWithoutHalf } from './dropped-half.js';
import { rightTrick, type Trick, type TrickOptions, trickObjective } from './trick.js';

/** What can notice a mutation; see `checks`. */
export const CHECKS = ['gradient', 'elbo', 'sample', 'kl'] as const;
export type CheckName = (typeof CHECKS)[number];

/** Names of the mutations, in the order in which they are shown. */
export const MUTATIONS = [
  'drop-half',
  'detach-z',
  'variance-as-sigma',
  'kl-sign',
  'prior-sample',
  'epsilon-redrawn',
] as const;
export type MutationName = (typeof MUTATIONS)[number];

/** One way to get the trick wrong, as people do. */
export interface Mutation {
  readonly name: MutationName;
  readonly title: string;
  /** The line as it should be, and as it is here. */
  readonly right: string;
  readonly wrong: string;
  /** Two lines: what goes wrong, and what one sees of it. */
  readonly explanation: readonly [string, string];
  /** The checks that fail; all others pass. */
  readonly seenBy: readonly CheckName[];
  /**
   * The mutated trick.
   * @param stream for noise that the mutation draws by itself
   */
  make(stream: RandomStream): Trick;
}

const withSample = (sample: Trick['sample']): Trick => ({ ...rightTrick, sample });

const all: Readonly<Record<MutationName, Omit<Mutation, 'name'>>> = {
  'drop-half': {
    title: 'The 1/2 of the exponent dropped from the derivative',
    right: 'const byLogvar = mul(mul(g, epsilon), mul(sigma, 0.5));',
    wrong: 'const byLogvar = mul(mul(g, epsilon), sigma);',
    explanation: [
      'The sample is right; the derivative rule behind it, written by hand, is not: what reaches logvar from the reconstruction is doubled.',
      'Training runs and the loss falls, to posteriors that are too narrow. Only finite differences see that the gradient is not that of the function.',
    ],
    seenBy: ['gradient'],
    make: () => withSample((mean, logvar, epsilon) => reparameterizeWithoutHalf(mean, logvar, epsilon)),
  },
  'detach-z': {
    title: 'z detached',
    right: 'const z = reparameterize(mean, logvar, epsilon);',
    wrong: 'const z = stopGradient(reparameterize(mean, logvar, epsilon));',
    explanation: [
      'All values are right, but no gradient of the reconstruction passes through the sample: the encoder hears from the KL alone.',
      'It gives up what it knows about x to please the KL, and every reconstruction becomes the same picture.',
    ],
    seenBy: ['gradient'],
    make: () => withSample((mean, logvar, epsilon) => stopGradient(rightTrick.sample(mean, logvar, epsilon))),
  },
  'variance-as-sigma': {
    title: 'exp(logvar) taken for the standard deviation',
    right: 'const sigma = exp(mul(logvar, 0.5));',
    wrong: 'const sigma = exp(logvar);',
    explanation: [
      'exp(logvar) is the variance. As a standard deviation it samples from another posterior than the one the KL is computed for.',
      'The function is a wrong one but its gradient is right, so a gradient check passes. The spread of the samples gives it away.',
    ],
    seenBy: ['elbo', 'sample'],
    make: () => withSample((mean, logvar, epsilon) => add(mean, mul(exp(logvar), epsilon))),
  },
  'kl-sign': {
    title: 'The sign of the KL flipped',
    right: 'const kl = sum(gaussianKl(mean, logvar));',
    wrong: 'const kl = neg(sum(gaussianKl(mean, logvar)));',
    explanation: [
      'The formula is often written as -1/2 (1 + logvar - mean^2 - exp(logvar)). Without its minus, a posterior is paid for leaving the prior.',
      'The loss falls without end and looks better than ever; the KL explodes, and a sample from the prior decodes to nothing.',
    ],
    seenBy: ['elbo', 'kl'],
    make: () => ({ ...rightTrick, kl: (mean, logvar) => neg(rightTrick.kl(mean, logvar)) }),
  },
  'prior-sample': {
    title: 'z drawn from the prior',
    right: 'const z = add(mean, mul(sigma, epsilon));',
    wrong: 'const z = epsilon;',
    explanation: [
      'The decoder never sees what the encoder found: z is noise whatever x is. Gradients are right, of a function that is not the ELBO.',
      'The KL falls to 0, as nothing speaks against it, and the reconstruction is that of a model without a latent.',
    ],
    seenBy: ['elbo', 'sample'],
    make: () => withSample((_mean, _logvar, epsilon) => epsilon.view()),
  },
  'epsilon-redrawn': {
    title: 'epsilon redrawn in the finite difference',
    right: 'gradcheck((m, l) => loss(m, l, epsilon), [mean, logvar]);',
    wrong: 'gradcheck((m, l) => loss(m, l, normal(shape, stream)), [mean, logvar]);',
    explanation: [
      'The model is right and trains as it should. But a function that draws epsilon anew at each call is another one at each call.',
      'A difference of two such values divided by a small step is noise, thousands of times the gradient: hold epsilon, and it is a derivative.',
    ],
    seenBy: ['gradient'],
    make: (stream) =>
      withSample((mean, logvar) =>
        rightTrick.sample(mean, logvar, normal(mean.shape, stream, { dtype: mean.dtype })),
      ),
  },
};

/** All mutations, in the order in which they are shown. */
export const mutations: readonly Mutation[] = MUTATIONS.map((name) => ({ name, ...all[name] }));

/** @throws RangeError for a name that no mutation has. */
export function mutationOf(name: string): Mutation {
  const found = mutations.find((mutation) => mutation.name === name);
  if (found !== undefined) return found;
  throw new RangeError(`there is no mutation '${name}'; there are ${MUTATIONS.join(', ')}`);
}

/**
 * The objective with a mutation in it, to be used in the place of `objective`.
 * @param stream for the noise that 'epsilon-redrawn' draws
 */
export function brokenObjective(
  name: MutationName,
  stream: RandomStream,
): (vae: VAE, x: Tensor, epsilon: Tensor, options?: TrickOptions) => Objective {
  const trick = mutationOf(name).make(stream);
  return (vae, x, epsilon, options) => trickObjective(trick, vae, x, epsilon, options);
}
