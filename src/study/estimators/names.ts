import { quote } from '../../tensor/describe.js';
/** What an estimator is called, and why it is right. */
export interface EstimatorWords {
  /** For display: 'pathwise, sampled KL'. */
  readonly title: string;
  /** Why it is right, in a sentence or two. */
  readonly about: string;
}

/** The words for each estimator, apart from the code: showing results needs no engine. */
export const estimatorWords = {
  pathwise: {
    title: 'pathwise',
    about: 'The trick: z = mean + sigma epsilon is differentiated through. The KL is in closed form.',
  },
  'pathwise-mc': {
    title: 'pathwise, sampled KL',
    about: 'The same, with log q(z) - log p(z) at the sample instead of the closed-form KL.',
  },
  sticking: {
    title: 'sticking the landing',
    about:
      'The same, with log q a function of z alone: the score term that is left out has mean 0, and where q is the ' +
      'exact posterior nothing varies (Roeder et al. 2017).',
  },
  score: {
    title: 'score function',
    about:
      'The loss at a sample, as a number, times the gradient of log q (Williams 1992): the decoder need not be differentiable.',
  },
  'score-baseline': {
    title: 'score function, baseline',
    about:
      "The same, less each example's mean loss over other draws: it does not depend on epsilon, so the mean stays.",
  },
} as const satisfies Record<string, EstimatorWords>;

/** The name of a gradient estimator. */
export type EstimatorName = keyof typeof estimatorWords;

/** In the order of tables. */
export const estimatorNames = Object.keys(estimatorWords) as readonly EstimatorName[];

/** @throws RangeError that names the valid ones. */
export function checkEstimatorName(name: string): EstimatorName {
  const found = estimatorNames.find((known) => known === name);
  if (found !== undefined) return found;
  throw new RangeError(`there is no estimator ${quote(name)}; there are ${estimatorNames.join(', ')}`);
}
