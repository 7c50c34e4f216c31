import type { EngineFacts } from '../shared/training.js';

/** What the engine lacks in this browser, in words. It makes the numbers slower, not different. */
export function limitsOf({ backend, isolated }: EngineFacts): string[] {
  const limits: string[] = [];
  if (backend !== 'simd') {
    limits.push(
      'This browser has no WebAssembly SIMD, so the engine computes with plain JavaScript: the same numbers, ' +
        'many times slower. A current Chrome, Edge, Firefox or Safari has it.',
    );
  } else if (!isolated) {
    limits.push(
      'Memory cannot be shared between threads here, so the engine computes on one thread: the same numbers, slower. ' +
        'Threads need a server that sends the headers Cross-Origin-Opener-Policy: same-origin and ' +
        'Cross-Origin-Embedder-Policy: require-corp, as `pathwise page` does.',
    );
  }
  return limits;
}
