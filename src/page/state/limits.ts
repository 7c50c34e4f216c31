import type { EngineFacts } from '../shared/training.js';

const THREADS_NEED =
  ' Threads need a server that sends the headers Cross-Origin-Opener-Policy: same-origin and ' +
  'Cross-Origin-Embedder-Policy: require-corp, as `pathwise page` does.';

/** What the engine lacks in this browser, in words, and what would give it. */
export const limitsOf = ({ backend, isolated, limits }: EngineFacts): string[] =>
  limits.map((limit) => `${limit}${backend === 'simd' && !isolated ? THREADS_NEED : ''}`);
