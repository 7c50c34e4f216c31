import type { Settings } from '../shared/settings.js';

/** The likelihoods that the first view has. */
const FIRST: readonly string[] = ['bernoulli', 'gaussian'] satisfies Settings['likelihood'][];

/** Loads the parts that the first view does without, where a model has any. */
export async function loadParts({ model, body, likelihood }: Settings): Promise<void> {
  if (model === null && body === 'dense' && FIRST.includes(likelihood)) return;
  (await import('../../vae/parts/built-in.js')).registerBuiltInParts();
}
