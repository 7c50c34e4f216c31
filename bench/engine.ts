/** The one place where benchmarks meet what an engine may lack: memory that ends with a step. */
import { memoryUse, step } from '../src/index.js';

export { step as scoped };

/** The most bytes that the values of steps have taken at once; undefined where they are ordinary arrays. */
export const arenaBytes = (): number | undefined => memoryUse().stepsPeak || undefined;
