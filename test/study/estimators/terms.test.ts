import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussianNll } from '../../../src/nn/losses.js';
import { logNormal, logStandardNormal } from '../../../src/study/estimators/index.js';
import { zeros } from '../../../src/tensor/create.js';
import { alike, between } from '../../vae/arbitraries.js';

const meanOf = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((total, value) => total + value, 0) / values.length;

describe('log densities', () => {
  it('have -gaussianNll as their mean over rows', () => {
    fc.assert(
      fc.property(alike(3, between(-3, 3)), ([z, mean, logvar]) => {
        const nll = gaussianNll(z, mean, { logvar }).item();
        expect(meanOf(logNormal(z, mean, logvar).data)).toBeCloseTo(-nll, 10);
        const prior = gaussianNll(z, zeros(z.shape, { dtype: 'float64' }), { logvar: 0 }).item();
        expect(meanOf(logStandardNormal(z).data)).toBeCloseTo(-prior, 10);
      }),
    );
  });
});
