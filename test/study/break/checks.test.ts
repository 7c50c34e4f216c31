import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CHECKS,
  type CheckName,
  checks,
  MUTATIONS,
  type MutationName,
  mutations,
  rightTrick,
  runCheck,
  type Trick,
} from '../../../src/study/break/index.js';
import { Random } from '../../../src/tensor/random/index.js';
import { VAE } from '../../../src/vae/vae.js';
import { architectures, likelihoods, uniformTensor } from '../../vae/arbitraries.js';
import { smallSubject } from './subject.js';

/** Which checks fail. Written out here once more, so that the claims of the mutations are tested and not repeated. */
const FAILS: Readonly<Record<MutationName, readonly CheckName[]>> = {
  'drop-half': ['gradient'],
  'detach-z': ['gradient'],
  'variance-as-sigma': ['elbo', 'sample'],
  'kl-sign': ['elbo', 'kl'],
  'prior-sample': ['elbo', 'sample'],
  'epsilon-redrawn': ['gradient'],
};

const noise = (seed: number) => new Random(seed).stream('check');
const failing = (trick: Trick, subject: Parameters<typeof runCheck>[2], seed: number) =>
  CHECKS.filter((check) => !runCheck(check, trick, subject, noise(seed)).passed);

describe('the checks', () => {
  it('are described, each once', () => {
    expect(checks.map(({ name }) => name)).toEqual(CHECKS);
    expect(mutations.map(({ name }) => name)).toEqual(MUTATIONS);
  });

  it.each(['gaussian', 'bernoulli'] as const)('pass the right trick (%s)', (likelihood) => {
    for (let seed = 0; seed < 4; seed++)
      expect(failing(rightTrick, smallSubject({ likelihood }, seed), seed)).toEqual([]);
  });

  it.each(mutations)('see $name, and no others do', (mutation) => {
    expect(mutation.seenBy).toEqual(FAILS[mutation.name]);
    for (let seed = 0; seed < 4; seed++) {
      const trick = mutation.make(new Random(seed).stream('redrawn'));
      for (const likelihood of ['gaussian', 'bernoulli'] as const)
        expect(failing(trick, smallSubject({ likelihood }, seed), seed)).toEqual(FAILS[mutation.name]);
    }
  });

  it('of gradients pass what is differentiated rightly, for any architecture', () => {
    const every = fc.oneof(...Object.values(likelihoods).map(architectures));
    const rightly = mutations.filter(({ seenBy }) => !seenBy.includes('gradient'));
    expect(rightly).toHaveLength(3);
    fc.assert(
      fc.property(every, fc.nat(1000), fc.constantFrom(null, ...rightly), (config, seed, mutation) => {
        const vae = new VAE(config, { stream: new Random(seed).stream('init') });
        const subject = { vae, x: uniformTensor([2, config.features], seed, 0, 1), examples: 2 };
        const trick = mutation?.make(new Random(seed).stream('redrawn')) ?? rightTrick;
        const { passed, message } = runCheck('gradient', trick, subject, noise(seed));
        expect(passed, message).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('say what they found', () => {
    const subject = smallSubject();
    const says = (name: MutationName, check: CheckName) => {
      const mutation = mutations.find((m) => m.name === name);
      return runCheck(check, mutation?.make(noise(1)) ?? rightTrick, subject, noise(0)).message;
    };
    expect(says('drop-half', 'gradient')).toMatch(
      /^gradcheck failed: 'loss', input 1 'logvar', element \[0, \d\]: analytic \S+, numeric /,
    );
    expect(says('epsilon-redrawn', 'gradient')).toMatch(
      /not deterministic.*hold random numbers \(epsilon\) fixed/,
    );
    expect(says('variance-as-sigma', 'sample')).toMatch(
      /the variance of z of N\(0\.5, exp\(-2\)\) is 0\.018\d+, but should be 0\.135\d+/,
    );
    expect(says('kl-sign', 'kl')).toMatch(/the KL of N\(1\.5, exp\(1\.4\)\) is -1\.95/);
    expect(says('kl-sign', 'sample')).toMatch(/^sample check passed: average and variance of 4096 samples/);
    expect(says('prior-sample', 'elbo')).toMatch(/^elbo check failed: the loss at a wide posterior is /);
  });

  it('show noise in the place of derivatives where epsilon is redrawn', () => {
    const { rows } = runCheck('gradient', mutations[5].make(noise(1)), smallSubject(), noise(0));
    expect(rows).toHaveLength(4);
    for (const { expected, found } of rows) expect(Math.abs(expected)).toBeGreaterThan(100 * Math.abs(found));
  });

  it('take random directions where there are many latent dimensions, and still see what is wrong', () => {
    const subject = smallSubject({ latent: 20 });
    const right = runCheck('gradient', rightTrick, subject, noise(0));
    expect(right.passed, right.message).toBe(true);
    expect(right.rows.length).toBeLessThan(10);
    expect(runCheck('gradient', mutations[0].make(noise(1)), subject, noise(0)).passed).toBe(false);
  });

  it('see a spread that is a tenth too wide, and none where it is right', () => {
    const wider = (by: number): Trick => ({
      ...rightTrick,
      sample: (mean, logvar, epsilon) => {
        const z = rightTrick.sample(mean, logvar, epsilon).clone();
        for (let i = 0; i < z.size; i++) z.data[i] += by * (z.data[i] - mean.data[i]);
        return z;
      },
    });
    expect(runCheck('sample', wider(0), smallSubject(), noise(0)).passed).toBe(true);
    expect(runCheck('sample', wider(0.1), smallSubject(), noise(0)).passed).toBe(false);
  });
});
