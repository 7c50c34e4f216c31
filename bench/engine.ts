/** The one place where benchmarks meet what an engine may lack: memory that ends with a scope. */
import { memoryUse, scope } from '../src/index.js';

export { scope as scoped };

/** The most bytes that open scopes have taken at once; undefined where they are ordinary arrays. */
export const arenaBytes = (): number | undefined => memoryUse().scopesPeak || undefined;
