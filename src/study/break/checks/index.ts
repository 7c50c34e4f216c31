import type { RandomStream } from '../../../tensor/random/stream.js';
import { runThrough } from '../../../tensor/run-through.js';
import type { Tensor } from '../../../tensor/tensor.js';
import type { LatentVariableModel } from '../../../vae/model.js';
import { firstRows } from '../../first-rows.js';
import type { Trick } from '../trick.js';
import type { CheckName } from '../words.js';
import { elboCheck } from './elbo.js';
import { gradientCheck, gradientPoint } from './gradient.js';
import { klCheck } from './kl.js';
import type { CheckResult } from './result.js';
import { sampleCheck } from './sample.js';

export { type CheckResult, type CheckRow, MAX_ERRORS } from './result.js';

/** What a trick is checked on: a model of any dtype, and examples. */
export interface CheckSubject {
  readonly vae: LatentVariableModel;
  /** [batch, features]; the first of them are used. */
  readonly x: Tensor;
  /** Examples in the gradient check. Defaults to 1. */
  readonly examples?: number;
  /** The model in float64, if the caller has it already. */
  readonly double?: LatentVariableModel;
}

/**
 * Runs one check of a trick, in pieces of a few hundredths of a second.
 * @param stream is split by the name of the check, so that tricks are compared on the same draws
 */
export function* checking(
  name: CheckName,
  trick: Trick,
  { vae, x, examples = 1, double }: CheckSubject,
  stream: RandomStream,
): Generator<void, CheckResult> {
  const noise = stream.split(name).at();
  if (name === 'sample') return sampleCheck(trick, noise);
  if (name === 'kl') return klCheck(trick, noise);
  if (name === 'elbo') return yield* elboCheck(trick, vae, firstRows(x, 1).to(vae.dtype), noise);
  const model = double ?? vae.copy('float64');
  const point = gradientPoint(model, firstRows(x, examples).to('float64'), trick, noise);
  yield;
  return yield* gradientCheck(trick, point);
}

/** {@link checking} to its end. */
export const runCheck = (...args: Parameters<typeof checking>): CheckResult => runThrough(checking(...args));
