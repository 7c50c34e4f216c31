import fc from 'fast-check';
import {
  type GivenDescription,
  LIKELIHOODS,
  type LossDescription,
  REDUCTIONS,
} from '../../../src/study/audit/index.js';

const reduction = fc.constantFrom(...REDUCTIONS);

/** Every combination of likelihood and reductions, at small sizes that no two terms share. */
export const descriptions: fc.Arbitrary<LossDescription> = fc
  .record({
    likelihood: fc.constantFrom(...LIKELIHOODS),
    reconstruction: reduction,
    reconstructionBatch: reduction,
    kl: reduction,
    klBatch: reduction,
    klWeight: fc.integer({ min: 1, max: 40 }).map((n) => n / 8),
    validationWeight: fc.integer({ min: 0, max: 16 }).map((n) => n / 8),
    sigma: fc.integer({ min: 1, max: 12 }).map((n) => n / 6),
    constant: fc.boolean(),
    half: fc.boolean(),
    deterministic: fc.boolean(),
    detached: fc.boolean(),
    grayscale: fc.boolean(),
    features: fc.integer({ min: 2, max: 9 }),
    latent: fc.integer({ min: 2, max: 5 }),
    batch: fc.integer({ min: 2, max: 6 }),
  })
  .map((all) => ({ ...all, constant: all.constant && all.likelihood === 'gaussian' }));

/** The same as a person gives it: Bernoulli has no sigma. */
export function given({ sigma, ...others }: LossDescription): GivenDescription {
  return others.likelihood === 'bernoulli' ? others : { ...others, sigma };
}
