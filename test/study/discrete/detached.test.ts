import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detachedGradients } from '../../../src/study/discrete/index.js';
import { architectures, likelihoods, uniformTensor } from '../../vae/arbitraries.js';
import { tinyVae } from '../estimators/points.js';

describe('a detached sample', () => {
  it.each(Object.entries(likelihoods))(
    'leaves the encoder nothing of the reconstruction, exactly: %s',
    (_, choice) => {
      fc.assert(
        fc.property(architectures(choice), fc.constantFrom(0.5, 1, 4), fc.nat(1000), (config, beta, seed) => {
          const { vae, x } = tinyVae(config, 3, seed);
          const epsilon = uniformTensor([3, config.latent], seed, -2, 2);
          const rows = detachedGradients(vae, x, epsilon, { beta });
          const names = [...vae.namedParameters().keys()].filter((name) =>
            /^(encoder|mean|logvar)\./.test(name),
          );
          expect(rows.map(({ parameter }) => parameter)).toEqual(names);
          for (const row of rows) {
            expect(row.detachedReconstruction).toBe(0);
            expect(row.detachedLoss).toBeCloseTo(row.kl, 10);
          }
        }),
        { numRuns: 40 },
      );
    },
  );

  it('has much to lose: with the trick the reconstruction reaches every parameter', () => {
    const { vae, x } = tinyVae();
    for (const row of detachedGradients(vae, x, uniformTensor([3, 2], 1, -2, 2))) {
      expect(row.reconstruction).toBeGreaterThan(1e-3);
      expect(row.kl).toBeGreaterThan(1e-4);
    }
  });
});
