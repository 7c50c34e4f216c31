import type { VAE } from '../../src/vae/vae.js';

/** Every number of a model, by the name of its parameter. */
export const parametersOf = (vae: VAE): Record<string, number[]> =>
  Object.fromEntries([...vae.stateDict()].map(([name, { data }]) => [name, Array.from(data)]));
