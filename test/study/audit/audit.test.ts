import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backward } from '../../../src/autograd/index.js';
import {
  ANCHORS,
  audit,
  type GivenDescription,
  lossOf,
  WALKTHROUGH,
  type WarningName,
} from '../../../src/study/audit/index.js';
import { tensor } from '../../../src/tensor/create.js';
import { Random } from '../../../src/tensor/random/index.js';
import { objective } from '../../../src/vae/objective.js';
import { VAE } from '../../../src/vae/vae.js';
import { uniformTensor } from '../../vae/arbitraries.js';
import { descriptions, given } from './arbitraries.js';

describe('the implied beta', () => {
  it("is the one at which this library's objective has the same gradient, for every combination", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(descriptions, fc.nat(1000), (description, seed) => {
        const { features, latent, batch } = description;
        const { beta, factor, equivalent } = audit(given(description));
        const vae = new VAE(
          {
            features,
            hidden: [4],
            latent,
            activation: 'tanh',
            likelihood: equivalent.likelihood,
            ...(equivalent.sigma !== null && { sigma: equivalent.sigma }),
          },
          { stream: new Random(seed).stream('init'), dtype: 'float64' },
        );
        const x = uniformTensor([batch, features], seed, 0, 1);
        const epsilon = uniformTensor([batch, latent], seed + 1, -2, 2);
        const theirs = backward(lossOf(given(description)).loss(vae.forward(x, epsilon), x));
        const ours = backward(objective(vae, x, epsilon, { beta }).loss);
        for (const [name, parameter] of vae.namedParameters()) {
          const [a, b] = [theirs.get(parameter).data, ours.get(parameter).data];
          const size = Math.hypot(...b) * factor;
          for (let i = 0; i < a.length; i++)
            expect(Math.abs(a[i] - factor * b[i]), name).toBeLessThan(1e-12 + 1e-9 * size);
        }
        const { likelihood, reconstruction, reconstructionBatch, kl, klBatch } = description;
        seen.add([likelihood, reconstruction, reconstructionBatch, kl, klBatch].join());
      }),
      { numRuns: 300 },
    );
    // Of 3 * 2^4 combinations.
    expect(seen.size).toBeGreaterThan(40);
  });

  const known: readonly (readonly [string, GivenDescription, number])[] = [
    [
      'cross-entropy and KL summed over everything',
      { likelihood: 'bernoulli', reconstructionBatch: 'sum', klBatch: 'sum' },
      1,
    ],
    ['sums per example, means over the batch', { likelihood: 'bernoulli' }, 1],
    [
      'the mean of all squared errors, the KL summed per example',
      { likelihood: 'mse', reconstruction: 'mean' },
      784,
    ],
    ['that times 784', { likelihood: 'mse' }, 1],
    [
      'the mean of all squared errors, the KL summed over everything',
      { likelihood: 'mse', reconstruction: 'mean', klBatch: 'sum' },
      784 * 128,
    ],
    ['means everywhere', { likelihood: 'bernoulli', reconstruction: 'mean', kl: 'mean' }, 784 / 20],
    ['a KL that is a mean over the latent', { likelihood: 'bernoulli', kl: 'mean', latent: 2 }, 0.5],
    [
      'the KL weighted by 1 / 784 against a mean',
      { likelihood: 'mse', reconstruction: 'mean', klWeight: 1 / 784 },
      1,
    ],
    ['half the squared error', { likelihood: 'gaussian', sigma: 1 }, 1],
    ['the squared error, read with sigma 1', { likelihood: 'mse', sigma: 1 }, 0.5],
    ['no KL', { likelihood: 'mse', klWeight: 0 }, 0],
  ];
  it.each(known)('of %s', (_, description, beta) => {
    expect(audit(description).beta).toBeCloseTo(beta, 9);
  });

  it('comes with its derivation and settings', () => {
    const { derivation, equivalent, factor } = audit({
      likelihood: 'mse',
      reconstruction: 'mean',
      latent: 2,
    });
    expect(factor).toBeCloseTo(1 / 784, 12);
    expect(derivation).toEqual([
      'reconstruction: mean over 784 features = sum / 784; mean over the batch',
      'KL: sum over 2 latent dimensions; mean over the batch',
      'squared error = 2 sigma^2 x (-log p of N(x; output, sigma^2), without its constant); at sigma^2 = 0.5 that is 1 x',
      'loss = 0.00127551 x reconstruction + 1 x KL, both in nats per example',
      'beta = 1 / 0.00127551 = 784',
      'the same, but for a factor, as the ELBO itself (beta 1) of a Gaussian whose sigma^2 is beta times as large: sigma = 19.79899',
    ]);
    expect(equivalent).toEqual({
      likelihood: 'gaussian',
      sigma: Math.SQRT1_2,
      beta: expect.closeTo(784, 9),
      command: 'pathwise train --likelihood gaussian --sigma 0.7071068 --beta 784',
    });
    expect(audit({ likelihood: 'gaussian', sigma: 0.1 }).derivation.at(-1)).toMatch(
      /-1084\.779 nats per example, is left out/,
    );
    expect(audit({ likelihood: 'gaussian', constant: true }).derivation.at(-1)).toMatch(/is in the loss/);
  });
});

describe('warnings', () => {
  const names = (description: GivenDescription): WarningName[] =>
    audit(description).warnings.map(({ name }) => name);
  const bernoulli = { likelihood: 'bernoulli' } as const;

  it('are not given where nothing is wrong', () => {
    for (const likelihood of ['bernoulli', 'gaussian', 'mse'] as const) {
      expect(names({ likelihood })).toEqual([]);
      expect(names({ likelihood, reconstructionBatch: 'sum', klBatch: 'sum' })).toEqual([]);
      expect(names({ likelihood, klWeight: 4, validationWeight: 4 })).toEqual([]);
      expect(names({ likelihood, reconstruction: 'mean', klWeight: 1 / 784 })).toEqual([]);
      expect(names({ likelihood, reconstruction: 'mean', features: 1 })).toEqual([]);
      expect(names({ likelihood, kl: 'mean', latent: 1 })).toEqual([]);
      expect(names({ likelihood, kl: 'mean', klWeight: 20 })).toEqual([]);
      expect(names({ likelihood, klBatch: 'sum', batch: 1 })).toEqual([]);
    }
    expect(names({ likelihood: 'mse', grayscale: true })).toEqual([]);
  });

  it.each([
    [{ ...bernoulli, reconstruction: 'mean' }, ['mean-times-sum']],
    [{ likelihood: 'mse', reconstruction: 'mean', klWeight: 0.5 }, ['mean-times-sum']],
    [{ ...bernoulli, kl: 'mean' }, ['kl-mean']],
    [{ ...bernoulli, reconstruction: 'mean', kl: 'mean' }, []],
    [{ ...bernoulli, reconstructionBatch: 'sum' }, ['batch-size']],
    [{ ...bernoulli, klBatch: 'sum' }, ['batch-size']],
    [{ ...bernoulli, deterministic: true }, ['deterministic-z']],
    [{ ...bernoulli, detached: true }, ['detached-z']],
    [{ ...bernoulli, half: false }, ['missing-half']],
    [{ ...bernoulli, grayscale: true }, ['grayscale-cross-entropy']],
    [{ ...bernoulli, klWeight: 4, validationWeight: 1 }, ['validation-weight']],
    [{ ...bernoulli, klWeight: 0, validationWeight: 1 }, ['validation-weight']],
    [
      { ...bernoulli, reconstruction: 'mean', half: false, grayscale: true, validationWeight: 0 },
      ['mean-times-sum', 'missing-half', 'grayscale-cross-entropy', 'validation-weight'],
    ],
  ] as const)('%j: %j', (description, expected) => {
    expect(names(description)).toEqual(expected);
  });

  it('have two lines and lead to where it is shown', () => {
    const { warnings } = audit({ ...bernoulli, reconstruction: 'mean', detached: true });
    expect(warnings.map(({ link }) => link)).toEqual([
      {
        walkthrough: 'docs/reparameterization.md#two-forces-on-one-latent-dimension',
        page: '#/train?beta=784',
      },
      { walkthrough: 'docs/reparameterization.md#break-it', page: '#/break?mutation=detach-z' },
    ]);
    for (const { explanation } of warnings) expect(explanation.every((line) => line.length > 20)).toBe(true);
  });

  it('lead to sections that the walkthrough has', () => {
    const text = readFileSync(join(import.meta.dirname, '../../..', WALKTHROUGH), 'utf8');
    const anchors = Array.from(text.matchAll(/^#+ (.*)$/gm), ([, title]) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(anchors.length).toBeGreaterThan(4);
    for (const anchor of Object.values(ANCHORS)) expect(anchors).toContain(anchor);
  });

  it('give the floor as a number where the data is there, and none for data of 0 and 1', () => {
    const gray = tensor([
      [0, 0.5, 1],
      [0.5, 0.5, 0.25],
    ]);
    const floor = (3 * Math.log(2) - 0.25 * Math.log(0.25) - 0.75 * Math.log(0.75)) / 2;
    const found = audit(bernoulli, { data: gray });
    expect(found.loss).toMatchObject({ features: 3, grayscale: true });
    expect(found.entropyFloor).toBeCloseTo(floor, 6);
    expect(found.warnings[0].explanation[0]).toContain(`${Number(floor.toPrecision(7))}`.slice(0, 7));
    expect(audit({ ...bernoulli, grayscale: true }, { data: tensor([[0, 1]]) }).warnings).toEqual([]);
    expect(audit({ likelihood: 'mse' }, { data: gray }).warnings).toEqual([]);
    expect(() => audit({ ...bernoulli, features: 784 }, { data: gray })).toThrow(
      /features is 784, but.*3 numbers/,
    );
  });
});

describe('a description that makes no sense', () => {
  it.each([
    [null, /are given by name, as in \{ likelihood: \.\.\. \}, but got null/],
    [[1], /are given by name/],
    [{}, /likelihood is undefined; it must be 'bernoulli', 'gaussian' or 'mse'/],
    [{ likelihood: 'l1' }, /likelihood is "l1"; it must be 'bernoulli', /],
    [{ likelihood: 'mse', reduction: 'mean' }, /no option 'reduction'; there are likelihood, reconstruction/],
    [{ likelihood: 'mse', valueOf: 1 }, /no option 'valueOf'/],
    [{ likelihood: 'mse', kl: 'none' }, /kl is "none"; it must be 'sum' or 'mean'/],
    [{ likelihood: 'mse', klWeight: -1 }, /klWeight is -1; it must be a finite number of 0 or more/],
    [{ likelihood: 'mse', sigma: 0 }, /sigma is 0; it must be a finite number above 0/],
    [{ likelihood: 'mse', half: 'no' }, /half is "no"; it must be true or false/],
    [{ likelihood: 'mse', features: 1.5 }, /features is 1.5; it must be an integer of 1 or more/],
    [{ likelihood: 'bernoulli', sigma: 1 }, /the bernoulli likelihood has none/],
    [{ likelihood: 'mse', constant: true }, /only 'gaussian' has one/],
  ])('%j is refused', (description, message) => {
    // As read from a file: of no known type.
    const read = JSON.parse(JSON.stringify(description));
    expect(() => audit(read)).toThrow(message);
  });
});
