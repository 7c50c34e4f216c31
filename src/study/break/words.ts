/** What can notice a mutation; see `checks`. */
export const CHECKS = ['gradient', 'elbo', 'sample', 'kl'] as const;
/** The name of a check that a mistake is to be noticed by. */
export type CheckName = (typeof CHECKS)[number];

/** A mistake in words, without the engine. */
interface Words {
  readonly title: string;
  /** The right line, and the wrong one. */
  readonly right: string;
  readonly wrong: string;
  /** Two lines: what goes wrong, and its symptoms. */
  readonly explanation: readonly [string, string];
  /** The checks that fail; all others pass. */
  readonly seenBy: readonly CheckName[];
}

/** All mistakes in words. */
export const mutationWords = {
  'drop-half': {
    title: 'The 1/2 of the exponent dropped from the derivative',
    right: 'const byLogvar = mul(mul(g, epsilon), mul(sigma, 0.5));',
    wrong: 'const byLogvar = mul(mul(g, epsilon), sigma);',
    explanation: [
      'The sample is right, but its hand-written derivative rule is not: the gradient of the reconstruction by logvar is doubled.',
      'Training runs and the loss falls, to posteriors that are too narrow. Only finite differences see that the gradient is not that of the function.',
    ],
    seenBy: ['gradient'],
  },
  'detach-z': {
    title: 'z detached',
    right: 'const z = reparameterize(mean, logvar, epsilon);',
    wrong: 'const z = stopGradient(reparameterize(mean, logvar, epsilon));',
    explanation: [
      'All values are right, but no gradient of the reconstruction passes through the sample: the encoder learns from the KL alone.',
      'It gives up what it knows about x to please the KL, and every reconstruction becomes the same picture.',
    ],
    seenBy: ['gradient'],
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
  },
  'kl-sign': {
    title: 'The sign of the KL flipped',
    right: 'const kl = sum(gaussianKl(mean, logvar));',
    wrong: 'const kl = neg(sum(gaussianKl(mean, logvar)));',
    explanation: [
      'The formula is often written as -1/2 (1 + logvar - mean^2 - exp(logvar)). Without its minus, a posterior is rewarded for leaving the prior.',
      'The loss falls without end and looks better than ever; the KL explodes, and samples from the prior are noise.',
    ],
    seenBy: ['elbo', 'kl'],
  },
  'prior-sample': {
    title: 'z drawn from the prior',
    right: 'const z = add(mean, mul(sigma, epsilon));',
    wrong: 'const z = epsilon;',
    explanation: [
      'The decoder never sees what the encoder found: z is noise whatever x is. Gradients are right, of a function that is not the ELBO.',
      'The KL falls to 0, as nothing opposes it, and the reconstruction is that of a model without a latent.',
    ],
    seenBy: ['elbo', 'sample'],
  },
  'epsilon-redrawn': {
    title: 'epsilon redrawn in the finite difference',
    right: 'gradcheck((m, l) => loss(m, l, epsilon), [mean, logvar]);',
    wrong: 'gradcheck((m, l) => loss(m, l, normal(shape, stream)), [mean, logvar]);',
    explanation: [
      'The model is right and trains as it should. But a function that draws epsilon anew at each call is a different one at each call.',
      'A difference of two such values divided by a small step is noise, thousands of times the gradient: hold epsilon, and it is a derivative.',
    ],
    seenBy: ['gradient'],
  },
} satisfies Record<string, Words>;

/** The name of a mistake with the trick. */
export type MutationName = keyof typeof mutationWords;
/** A mutation in words. */
export interface MutationWords extends Words {
  readonly name: MutationName;
}
/** Names of the mutations, in display order. */
export const MUTATIONS = Object.keys(mutationWords) as readonly MutationName[];

/** A check in words. */
export interface CheckDescription {
  readonly name: CheckName;
  readonly title: string;
  readonly question: string;
  /** What is compared with what. */
  readonly how: string;
}

/** All checks, with words for people. */
export const checks: readonly CheckDescription[] = [
  {
    name: 'gradient',
    title: 'Gradient check',
    question: 'Is the gradient that of the function?',
    how: 'backpropagation against central differences of the same function in float64, epsilon held',
  },
  {
    name: 'elbo',
    title: 'ELBO check',
    question: 'Is the function the ELBO?',
    how: 'the loss against the right objective with the same noise, averaged over it',
  },
  {
    name: 'sample',
    title: 'Sample check',
    question: 'Is z distributed as N(mean, exp(logvar))?',
    how: 'average and variance of many samples against mean and exp(logvar)',
  },
  {
    name: 'kl',
    title: 'KL check',
    question: 'Is the closed form the KL?',
    how: 'the closed form against the average of log q(z) - log p(z) over samples',
  },
];
