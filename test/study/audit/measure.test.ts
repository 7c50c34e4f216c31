import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  exp,
  maximum,
  mean,
  mul,
  neg,
  sigmoid,
  square,
  stopGradient,
  sub,
  sum,
} from '../../../src/autograd/index.js';
import { bernoulliNll } from '../../../src/nn/bernoulli.js';
import { binaryCrossEntropyWithLogits } from '../../../src/nn/losses.js';
import { audit, auditLoss, type Loss, lossOf, type Sample } from '../../../src/study/audit/index.js';
import { mutationOf } from '../../../src/study/break/index.js';
import { tensor } from '../../../src/tensor/create.js';
import { Random } from '../../../src/tensor/random/index.js';
import { gaussianKl, klPerDimension, klTerm } from '../../../src/vae/kl.js';
import { reparameterize } from '../../../src/vae/reparameterize.js';
import { descriptions, given } from './arbitraries.js';

const SMALL = { features: 6, latent: 3, batch: 4 };

/** The formula as it stands in many examples: -1/2 sum(1 + logvar - mean^2 - exp(logvar)). */
const usualKl = (m: Parameters<Loss>[0]['mean'], l: Parameters<Loss>[0]['mean']) =>
  mul(sum(sub(sub(add(l, 1), square(m)), exp(l))), -0.5);

describe('a measured loss', () => {
  it('has the beta, factor and warnings of its description, for every combination', () => {
    let many = 0;
    fc.assert(
      fc.property(descriptions, fc.nat(1000), (description, seed) => {
        const { loss, sample } = lossOf(given(description));
        const declared = audit(given(description));
        const { features, latent, batch, sigma, likelihood } = description;
        const reading = likelihood === 'bernoulli' ? {} : { sigma };
        const measured = auditLoss(loss, { features, latent, batch, sample, seed, ...reading });
        expect(measured.fits).toBe(true);
        expect(measured.reconstruction).toBe(likelihood === 'bernoulli' ? 'bernoulli' : 'squaredError');
        expect(measured.beta / declared.beta).toBeCloseTo(1, 8);
        expect(measured.factor / declared.factor).toBeCloseTo(1, 8);
        expect(measured.reductions).toEqual({
          reconstruction: description.reconstruction,
          reconstructionBatch: description.reconstructionBatch,
          kl: description.kl,
          klBatch: description.klBatch,
        });
        const { half, deterministic, detached } = description;
        expect(measured.sampling).toMatchObject({ deterministic, detached, differentiated: !detached });
        if (!deterministic) expect(measured.sampling?.exponent).toBeCloseTo(half ? 0.5 : 1, 8);
        // The exponent of a sample without noise cannot be seen; what data and validation are like is not in the loss.
        const visible = declared.warnings
          .map(({ name }) => name)
          .filter((name) => name !== 'grayscale-cross-entropy' && name !== 'validation-weight')
          .filter((name) => name !== 'missing-half' || !deterministic);
        expect(measured.warnings.map(({ name }) => name)).toEqual(visible);
        many++;
      }),
      { numRuns: 120 },
    );
    expect(many).toBe(120);
  });

  it('of a usual example with sums everywhere: beta 1, and a factor of the batch', () => {
    const found = auditLoss(({ output, mean: m, logvar }, x) =>
      add(sum(bernoulliNll(output, x)), usualKl(m, logvar)),
    );
    expect(found).toMatchObject({ fits: true, reconstruction: 'bernoulli', warnings: [] });
    expect(found.beta).toBeCloseTo(1, 9);
    expect(found.factor).toBeCloseTo(128, 6);
    expect(found.equivalent?.command).toBe('pathwise train --likelihood bernoulli --beta 1');
    expect(found.findings).toEqual([
      'gradient by the output: 128 x that of the cross-entropy of logits, exactly',
      'gradient by mean and logvar: 128 x that of the KL, exactly',
      'beta = 128 / 128 = 1',
    ]);
  });

  it('of a mean of squared errors with a KL sum: beta 784, with its warning', () => {
    const found = auditLoss(({ output, mean: m, logvar }, x) =>
      add(mean(square(sub(sigmoid(output), x))), mean(sum(gaussianKl(m, logvar), { axes: 1 }))),
    );
    expect(found.beta).toBeCloseTo(784, 6);
    expect(found.warnings.map(({ name }) => name)).toEqual(['mean-times-sum']);
    expect(found.reductions).toEqual({
      reconstruction: 'mean',
      reconstructionBatch: 'mean',
      kl: 'sum',
      klBatch: 'mean',
    });
  });

  it('with the 784 written into the code: beta 1, no warning, though it is a mean', () => {
    const found = auditLoss(({ output, mean: m, logvar }, x) =>
      add(mul(mean(square(sub(sigmoid(output), x))), 784), mean(sum(gaussianKl(m, logvar), { axes: 1 }))),
    );
    expect(found.beta).toBeCloseTo(1, 9);
    expect(found.reductions.reconstruction).toBe('mean');
    expect(found.warnings).toEqual([]);
  });

  it('of an output without sigmoid: its beta, but no settings of this library', () => {
    const found = auditLoss(
      ({ output, mean: m, logvar }, x) => add(sum(square(sub(output, x))), usualKl(m, logvar)),
      SMALL,
    );
    expect(found).toMatchObject({ fits: true, reconstruction: 'linear', equivalent: null });
    expect(found.beta).toBeCloseTo(1, 9);
  });

  it('with a flipped KL: a negative beta and its warning', () => {
    const found = auditLoss(
      ({ output, mean: m, logvar }, x) => add(sum(bernoulliNll(output, x)), neg(usualKl(m, logvar))),
      SMALL,
    );
    expect(found.beta).toBeCloseTo(-1, 9);
    expect(found.warnings.map(({ name }) => name)).toEqual(['kl-sign']);
    expect(found.equivalent).toBeNull();
  });

  it('on validation data: other weights are noticed, the same ones are not', () => {
    const weighted =
      (beta: number): Loss =>
      (pass, x) =>
        add(
          binaryCrossEntropyWithLogits(pass.output, x),
          mul(sum(klPerDimension(pass.mean, pass.logvar)), beta),
        );
    const names = (validation: Loss) =>
      auditLoss(weighted(4), { ...SMALL, validation }).warnings.map(({ name }) => name);
    expect(names(weighted(1))).toEqual(['validation-weight']);
    expect(names(weighted(4))).toEqual([]);
  });

  it('with data: the floor of a cross-entropy', () => {
    const loss: Loss = ({ output, mean: m, logvar }, x) =>
      add(sum(bernoulliNll(output, x)), usualKl(m, logvar));
    const found = auditLoss(loss, { data: tensor([[0.5, 1]]), latent: 2, batch: 3 });
    expect(found.entropyFloor).toBeCloseTo(Math.log(2), 12);
    expect(found.warnings.map(({ name }) => name)).toEqual(['grayscale-cross-entropy']);
    expect(auditLoss(loss, { data: tensor([[0, 1]]), latent: 2, batch: 3 }).warnings).toEqual([]);
  });
});

describe('a loss that is no such combination', () => {
  const right: Loss = ({ output }, x) => binaryCrossEntropyWithLogits(output, x);

  it.each<[string, Loss, 'reconstruction' | 'kl' | 'z']>([
    [
      'an absolute error',
      ({ output, mean: m, logvar }, x) =>
        add(sum(maximum(sub(output, x), sub(x, output))), usualKl(m, logvar)),
      'reconstruction',
    ],
    [
      'free bits',
      (pass, x) => add(right(pass, x), klTerm(klPerDimension(pass.mean, pass.logvar), 0.9)),
      'kl',
    ],
    ['a penalty on the mean alone', (pass, x) => add(right(pass, x), sum(square(pass.mean))), 'kl'],
    [
      'a KL from samples',
      ({ z, mean: m, logvar, output }, x) =>
        add(
          right({ z, mean: m, logvar, output }, x),
          mul(sum(sub(square(z), add(logvar, mul(square(sub(z, m)), exp(neg(logvar)))))), 0.5),
        ),
      'z',
    ],
  ])('%s: the residual says so', (_, loss, part) => {
    const found = auditLoss(loss, SMALL);
    expect(found.fits).toBe(false);
    expect(found.residuals[part]).toBeGreaterThan(0.01);
    expect(found.equivalent).toBeNull();
    expect(found.findings.join('\n')).toMatch(/% of it is something else|uses z itself/);
  });

  it('no reconstruction at all', () => {
    const found = auditLoss(({ mean: m, logvar }) => usualKl(m, logvar), SMALL);
    expect(found).toMatchObject({ fits: false, factor: 0, beta: Number.POSITIVE_INFINITY });
  });

  it('takes other sizes or is left unasked for its reductions', () => {
    const loss: Loss = ({ output, mean: m, logvar }, x) => {
      if (x.shape[1] !== 6) throw new Error('six features only');
      return add(sum(bernoulliNll(output, x)), usualKl(m, logvar));
    };
    expect(auditLoss(loss, SMALL).reductions).toEqual({
      reconstruction: null,
      reconstructionBatch: 'sum',
      kl: 'sum',
      klBatch: 'sum',
    });
    expect(() => auditLoss(loss, { ...SMALL, features: 5 })).toThrow('six features only');
  });

  it('gives no number, or no tensor, or mixes dtypes', () => {
    const wrong = (loss: unknown) => () => auditLoss(loss as Loss, SMALL);
    expect(wrong(() => 3)).toThrow(/must return a tensor with one number/);
    expect(wrong(({ mean: m }: { mean: Parameters<Sample>[0] }) => m)).toThrow(
      /'mean' of shape \[4, 3\]; reduce it/,
    );
    expect(wrong(({ mean: m }: { mean: Parameters<Sample>[0] }) => sum(mul(m, tensor([1, 2, 3]))))).toThrow(
      /make constants inside it with \{ dtype: x\.dtype \}/,
    );
    expect(wrong(({ output }: { output: Parameters<Sample>[0] }) => sum(mul(output, Number.NaN)))).toThrow(
      /the loss is NaN/,
    );
    expect(() => auditLoss(right, { batch: 0 })).toThrow('batch is 0');
  });
});

describe('a measured sample', () => {
  const loss: Loss = ({ output, mean: m, logvar }, x) =>
    add(sum(bernoulliNll(output, x)), usualKl(m, logvar));
  const measure = (sample: Sample, seed = 0) => auditLoss(loss, { ...SMALL, sample, seed });

  it.each<[string, Sample, object, readonly string[]]>([
    [
      'the trick',
      (m, l, e) => reparameterize(m, l, e),
      { exponent: 0.5, meanSlope: 1, differentiated: true },
      [],
    ],
    ['the variance as sigma', (m, l, e) => add(m, mul(exp(l), e)), { exponent: 1 }, ['missing-half']],
    ['the mean', (m) => mul(m, 1), { deterministic: true, exponent: null }, ['deterministic-z']],
    [
      'a detached sample',
      (m, l, e) => stopGradient(reparameterize(m, l, e)),
      { detached: true },
      ['detached-z'],
    ],
    ['the prior', (_m, _l, e) => e, { exponent: 0, meanSlope: 0, detached: false }, ['prior-z']],
    [
      'a rule without its 1/2',
      (m, l, e) => mutationOf('drop-half').make(new Random(0).stream('redrawn')).sample(m, l, e),
      { exponent: 0.5, detached: false, differentiated: false },
      ['wrong-derivative'],
    ],
    ['a sigma of another kind', (m, l, e) => add(m, mul(add(exp(l), 1), e)), { exponent: null }, []],
    [
      'a sigma that is cut off alone',
      (m, l, e) => add(m, mul(stopGradient(exp(mul(l, 0.5))), e)),
      { exponent: 0.5, detached: false, differentiated: false },
      ['wrong-derivative'],
    ],
  ])('%s', (_, sample, expected, names) => {
    for (const seed of [0, 1, 2]) {
      const { sampling, warnings } = measure(sample, seed);
      const rounded = { ...sampling, meanSlope: 0 + Number(sampling?.meanSlope.toFixed(6)) };
      const exponent = sampling?.exponent ?? null;
      expect({
        ...rounded,
        exponent: exponent === null ? null : 0 + Number(exponent.toFixed(6)),
      }).toMatchObject(expected);
      expect(warnings.map(({ name }) => name)).toEqual(names);
    }
  });

  it('of another shape is refused', () => {
    expect(() => measure((m) => sum(m))).toThrow(/sample returned a tensor of shape \[\]; it must return z/);
  });
});
