import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backward } from '../../../src/autograd/index.js';
import {
  compareWithTruth,
  elboGradients,
  fitEncoder,
  importanceBounds,
  LinearGaussianVae,
  truthOf,
} from '../../../src/study/sandbox/index.js';
import { cholesky, logDeterminant, solve, timesVector } from '../../../src/study/sandbox/matrix.js';
import { Random } from '../../../src/tensor/random/index.js';
import { sandbox, sandboxes } from './models.js';

const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

describe('the small linear algebra', () => {
  it('solves, and takes determinants', () => {
    const a = [
      [4, 2, 0.4],
      [2, 3, 0.5],
      [0.4, 0.5, 1],
    ];
    const l = cholesky(a);
    const x = solve(l, [1, -2, 3]);
    timesVector(a, x).forEach((value, i) => {
      expect(value).toBeCloseTo([1, -2, 3][i], 12);
    });
    // 4 (3 - 0.25) - 2 (2 - 0.2) + 0.4 (1 - 1.2)
    expect(Math.exp(logDeterminant(l))).toBeCloseTo(7.32, 12);
    expect(() =>
      cholesky([
        [1, 2],
        [2, 1],
      ]),
    ).toThrow(/not positive definite/);
  });
});

describe('the truth of the linear-Gaussian VAE', () => {
  it('is a log p(x) never below the ELBO, by KL(q || posterior) exactly', () => {
    fc.assert(
      fc.property(sandboxes(false), ({ model, x }) => {
        for (const { evidence, elbo, klToPosterior } of truthOf(model, x)) {
          expect(evidence).toBeGreaterThanOrEqual(elbo);
          expect(klToPosterior).toBeGreaterThan(0);
          expect(Math.abs(evidence - elbo - klToPosterior)).toBeLessThan(1e-10 * Math.max(1, Math.abs(elbo)));
        }
      }),
    );
  });

  it('has no gap once q is the posterior, which it can be where W has orthogonal columns', () => {
    fc.assert(
      fc.property(sandboxes(true), ({ model, x }) => {
        fitEncoder(model);
        const { mean } = model.encode(x);
        truthOf(model, x).forEach(({ evidence, elbo, klToPosterior, posteriorMean }, b) => {
          expect(Math.abs(klToPosterior)).toBeLessThan(1e-10);
          expect(Math.abs(evidence - elbo)).toBeLessThan(1e-10 * Math.max(1, Math.abs(elbo)));
          posteriorMean.forEach((value, j) => {
            expect(mean.at(b, j)).toBeCloseTo(value, 10);
          });
        });
      }),
    );
  });

  it('keeps a gap where the posterior is not diagonal, and any other logvar makes it larger', () => {
    const { model, x } = sandbox({ latent: 3, features: 5 });
    fitEncoder(model);
    const gap = () => meanOf(truthOf(model, x).map(({ klToPosterior }) => klToPosterior));
    const least = gap();
    expect(least).toBeGreaterThan(1e-3);
    for (let j = 0; j < 3; j++) {
      for (const by of [-0.01, 0.01]) {
        model.logvar.data[j] += by;
        expect(gap()).toBeGreaterThan(least);
        model.logvar.data[j] -= by;
      }
    }
  });

  it('agrees with log p(x) summed over a grid of z', () => {
    const { model, x } = sandbox({ features: 3, latent: 1, batch: 1 });
    const [w, b] = [model.weight.data, model.bias.data];
    const sigma = Math.exp(model.logsigma.item());
    let total = 0;
    const width = 1e-3;
    for (let z = -8; z < 8; z += width) {
      let exponent = (-z * z) / 2 - 0.5 * Math.log(2 * Math.PI);
      for (let i = 0; i < 3; i++) {
        const r = (x.data[i] - w[i] * z - b[i]) / sigma;
        exponent -= (r * r) / 2 + Math.log(sigma) + 0.5 * Math.log(2 * Math.PI);
      }
      total += Math.exp(exponent) * width;
    }
    expect(truthOf(model, x)[0].evidence).toBeCloseTo(Math.log(total), 10);
  });
});

describe('the engine against the truth', () => {
  it('has the ELBO, and its gradient by every parameter, to 1e-10', () => {
    fc.assert(
      fc.property(sandboxes(false), ({ model, x }) => {
        const loss = model.negativeElbo(x);
        const elbo = meanOf(truthOf(model, x).map((truth) => truth.elbo));
        expect(Math.abs(loss.item() + elbo)).toBeLessThan(1e-10 * Math.max(1, Math.abs(elbo)));
        const gradients = backward(loss);
        const closed = elboGradients(model, x);
        for (const [name, parameter] of model.namedParameters()) {
          const truth = closed.get(name) ?? [];
          expect(truth.length).toBe(parameter.size);
          gradients.get(parameter).data.forEach((g, i) => {
            expect(Math.abs(g - truth[i])).toBeLessThan(1e-10 * Math.max(1, Math.abs(truth[i])));
          });
        }
      }),
    );
  });

  it('has finite differences near it, and the trick´s mean within 5 standard errors', () => {
    const { model, x } = sandbox();
    // By chance one of the 29 numbers is beyond 5 with a probability of 2e-5; the seed is fixed.
    for (const row of compareWithTruth(model, x, new Random(1).stream('epsilon'), 2000)) {
      expect(row.autodiff).toBeLessThan(1e-10);
      expect(row.finiteDifference).toBeLessThan(1e-6);
      expect(row.length).toBeGreaterThan(0.01);
      expect(row.monteCarloInErrors).toBeLessThan(5);
      if (row.parameter !== 'bias') expect(row.monteCarloError).toBeGreaterThan(1e-4);
    }
    expect(() => compareWithTruth(model, x, new Random(1).stream('epsilon'), 1)).toThrow(RangeError);
  });

  it('would show a wrong formula: the gradient with the 1/2 of logvar dropped is far off', () => {
    const { model, x } = sandbox();
    const right = backward(model.negativeElbo(x)).get(model.logvar).data;
    const closed = elboGradients(model, x).get('logvar') ?? [];
    expect(Math.abs(right[0] - 2 * closed[0])).toBeGreaterThan(1e-2);
  });
});

describe('importanceBounds', () => {
  const { model, x } = sandbox({ sigma: 1 });
  const truths = truthOf(model, x);
  const evidence = meanOf(truths.map((truth) => truth.evidence));
  const bounds = importanceBounds(model, x, new Random(7).stream('epsilon'), { draws: 16_384 });

  it('is the ELBO at K = 1, and tightens towards log p(x) with K', () => {
    const elbo = meanOf(truths.map((truth) => truth.elbo));
    expect(Math.abs(bounds[0].bound - elbo)).toBeLessThan(5 * bounds[0].error);
    for (let k = 1; k < bounds.length; k++) {
      expect(bounds[k].samples).toBe(4 * bounds[k - 1].samples);
      expect(bounds[k].bound).toBeGreaterThan(bounds[k - 1].bound);
      expect(bounds[k].bound).toBeLessThan(evidence + 5 * bounds[k].error);
    }
    const last = bounds[bounds.length - 1];
    expect(evidence - last.bound).toBeLessThan(0.1 * (evidence - elbo));
  });

  it('is log p(x) at once, without any spread, where q is the posterior', () => {
    const exact = sandbox({ orthogonal: true });
    fitEncoder(exact.model);
    const [one] = importanceBounds(exact.model, exact.x, new Random(7).stream('epsilon'), {
      samples: [1],
      draws: 64,
    });
    const truth = meanOf(truthOf(exact.model, exact.x).map((t) => t.evidence));
    expect(one.bound).toBeCloseTo(truth, 10);
    expect(one.error).toBeLessThan(1e-10);
  });

  it('takes only K that divide the draws', () => {
    const stream = new Random(7).stream('epsilon');
    expect(() => importanceBounds(model, x, stream, { samples: [3], draws: 16 })).toThrow(/K is 3/);
    expect(() => importanceBounds(model, x, stream, { samples: [16], draws: 16 })).toThrow(/at least twice/);
  });
});

describe('LinearGaussianVae', () => {
  it('refuses what makes no sense', () => {
    const stream = new Random(0).stream('init');
    expect(() => new LinearGaussianVae({ features: 2, latent: 1, sigma: 0, stream })).toThrow(/sigma is 0/);
    expect(() => new LinearGaussianVae({ features: 2, latent: 3, orthogonal: true, stream })).toThrow(
      /orthogonal/,
    );
    expect(() => sandbox().model.encode(sandbox({ features: 3 }).x)).toThrow(/must be \[batch, 5\]/);
  });
});
