import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussianNll } from '../../../src/nn/losses.js';
import { logNormal, logStandardNormal, reconstructionOfRows } from '../../../src/study/estimators/index.js';
import { zeros } from '../../../src/tensor/create.js';
import { alike, between, likelihoods, uniformTensor } from '../../vae/arbitraries.js';
import { tinyVae } from './points.js';

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

describe('reconstructionOfRows', () => {
  it.each(Object.entries(likelihoods))('has the likelihood´s own number as its mean: %s', (_, choice) => {
    fc.assert(
      fc.property(choice, fc.integer({ min: 1, max: 5 }), fc.nat(1000), (config, rows, seed) => {
        const { vae } = tinyVae(config);
        const output = uniformTensor([rows, 6], seed, -3, 3);
        const x = uniformTensor([rows, 6], seed + 1, 0, 1);
        const each = reconstructionOfRows(vae.likelihood, output, x);
        expect(each.shape).toEqual([rows]);
        expect(meanOf(each.data)).toBeCloseTo(vae.likelihood.reconstruction(output, x).item(), 10);
      }),
    );
  });
});
