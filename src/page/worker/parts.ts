import type { Settings } from '../shared/settings.js';

/** The likelihoods that the first view has. */
const FIRST: readonly string[] = ['bernoulli', 'gaussian'] satisfies Settings['likelihood'][];

/** Loads the parts that the first view does without, where a training has any. */
export async function loadParts({ model, body, likelihood, objective }: Settings): Promise<void> {
  const isFirst = body === 'dense' && FIRST.includes(likelihood) && objective === 'elbo';
  if (model === null && isFirst) return;
  (await import('../../vae/parts/built-in.js')).registerBuiltInParts();
}
