import { allWithin } from '../autograd/ops/within.js';
import { quote } from '../tensor/describe.js';
import { type DType, maxFinite } from '../tensor/dtype.js';
import { checkOptions } from '../tensor/known-options.js';
import { formatShape, sameShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';

/** Named tensors do not fit the place they are to be loaded into; the message lists every one that does not. */
export class StateError extends Error {
  override name = 'StateError';
}

/** Options of `loadStateDict`. */
export interface LoadOptions {
  /** Refuse missing and unexpected names. Defaults to true. A wrong shape is always refused. */
  readonly strict?: boolean;
}

/** Names that were left alone because `strict` was false. */
export interface LoadReport {
  /** Names that the state did not have. */
  readonly missing: readonly string[];
  /** Names in the state that have no place. */
  readonly unexpected: readonly string[];
}

const SHOWN = 6;

/** Names for an error: the first few, and how many more there are. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, SHOWN).map(quote);
  return names.length > SHOWN ? `${shown.join(', ')} and ${names.length - SHOWN} more` : shown.join(', ');
}

/** No network computes with these, so a file that has one is damaged, or of a training that went wrong. */
function checkFinite(name: string, source: Tensor, dtype: DType, who: string): void {
  const most = maxFinite(dtype);
  if (allWithin([source], -most, most)) return;
  const i = source.data.findIndex((x) => !(Math.abs(x) <= most));
  throw new StateError(
    `${who}: element ${i} of ${quote(name)} is ${source.data[i]}; every number must be finite in ${dtype}`,
  );
}

/**
 * Copies named tensors into existing ones of the same names and shapes, each into its own storage, converted to
 * its dtype. Everything is checked first: after an error nothing has changed.
 * @param who names the caller in errors.
 * @throws StateError naming all missing and unexpected tensors (if strict) and all of another shape, or the first number that
 * is not finite.
 */
export function loadInto(
  targets: ReadonlyMap<string, Tensor>,
  state: ReadonlyMap<string, Tensor>,
  who: string,
  options: LoadOptions = {},
): LoadReport {
  checkOptions(options, ['strict'], who);
  const { strict = true } = options;
  const missing = [...targets.keys()].filter((name) => !state.has(name));
  const unexpected = [...state.keys()].filter((name) => !targets.has(name));
  const problems: string[] = [];
  if (strict && missing.length > 0) problems.push(`missing: ${listNames(missing)}`);
  if (strict && unexpected.length > 0) problems.push(`unexpected: ${listNames(unexpected)}`);
  for (const [name, target] of targets) {
    const source = state.get(name);
    if (source === undefined || sameShape(source.shape, target.shape)) continue;
    problems.push(
      `wrong shape: ${quote(name)} is ${formatShape(target.shape)} here and ${formatShape(source.shape)} in the state`,
    );
  }
  if (problems.length > 0) {
    const mend = strict ? ' (strict: false skips missing and unexpected names, not wrong shapes)' : '';
    throw new StateError(`${who}: the state does not fit; ${problems.join('; ')}${mend}`);
  }
  for (const [name, target] of targets) {
    const source = state.get(name);
    if (source !== undefined) checkFinite(name, source, target.dtype, who);
  }
  for (const [name, target] of targets) {
    const source = state.get(name);
    if (source === undefined) continue;
    target.data.set(source.data);
    target.markWritten();
  }
  return { missing, unexpected };
}

/** Copies of all tensors, as plain data. */
export function copies(tensors: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  return new Map([...tensors].map(([name, t]) => [name, t.detach().clone()]));
}
