import { messageOf } from '../tensor/describe.js';
import { readOptions } from '../tensor/options.js';
import { backend } from './current.js';
import { matmulSettings } from './wasm/kernels/matmul/settings.js';

/**
 * Reads every option of the engine that the environment may give: so that a program finds what is wrong with them before it
 * begins.
 * @throws RangeError when one is out of range, or names what does not exist.
 */
export function checkEnvironment(): void {
  readOptions();
  backend();
  try {
    matmulSettings();
  } catch (error) {
    throw new RangeError(`PATHWISE_TILE: ${messageOf(error)}`, { cause: error });
  }
}
