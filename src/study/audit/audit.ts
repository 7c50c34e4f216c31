import { checkOptions } from '../../tensor/known-options.js';
import type { Tensor } from '../../tensor/tensor.js';
import { entropyFloor } from '../../vae/likelihoods/index.js';
import { derivationOf, type Equivalent, equivalentOf, type Weights, weightsOf } from './beta.js';
import { completeDescription, type GivenDescription, type LossDescription } from './description.js';
import { type Warning, warningsFor } from './warnings.js';

/** What a described loss means. */
export interface Audit extends Weights {
  /** The description with its defaults. */
  readonly loss: LossDescription;
  /** The derivation of beta, line by line. */
  readonly derivation: readonly string[];
  readonly equivalent: Equivalent;
  readonly warnings: readonly Warning[];
  /** The minimum of a cross-entropy on the data, in nats per example; null without data. */
  readonly entropyFloor: number | null;
}

/**
 * Converts a loss to nats per example: the beta that its reductions imply, the settings of this library that minimize the
 * same, and common mistakes.
 * @param options `data`: examples, [n, features], values from 0 to 1: they give the entropy floor, and tell whether the data is gray
 * in place of the description.
 * @throws TypeError or RangeError as {@link completeDescription} does; RangeError when the data has other features.
 */
export function audit(given: GivenDescription, options: { readonly data?: Tensor } = {}): Audit {
  checkOptions(options, ['data'], 'audit');
  const { data } = options;
  if (data !== undefined && given.features !== undefined && data.shape[1] !== given.features) {
    throw new RangeError(
      `audit: features is ${given.features}, but an example of the data has ${data.shape[1]} numbers; leave features out`,
    );
  }
  const floor = data === undefined ? null : entropyFloor(data);
  const described = completeDescription(data === undefined ? given : { ...given, features: data.shape[1] });
  const loss = floor === null ? described : { ...described, grayscale: floor > 0 };
  const weights = weightsOf(loss);
  const { validationWeight, klWeight } = loss;
  return {
    ...weights,
    loss,
    derivation: derivationOf(loss),
    equivalent: equivalentOf(loss.likelihood, loss.sigma, weights.beta),
    warnings: warningsFor({
      ...loss,
      ...weights,
      prior: false,
      differentiated: !loss.detached,
      validationBeta: validationWeight === klWeight ? null : weightsOf(loss, validationWeight).beta,
      entropyFloor: floor,
    }),
    entropyFloor: floor,
  };
}
