import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { probe, probedTerms, probeParts } from '../../../src/study/probe/index.js';
import { tensor } from '../../../src/tensor/create.js';
import { Random } from '../../../src/tensor/random/index.js';
import { innerNodes } from '../../../src/vae/objective-by.js';
import { VAE } from '../../../src/vae/vae.js';
import { architectures, likelihoods } from '../../vae/arbitraries.js';
import { brokenModel, smallPoint } from './models.js';

const SMOOTH = ['tanh', 'softplus', 'gelu', 'sigmoid', 'silu'];

const targetsOf = (vae: VAE): string[] => [...innerNodes, ...vae.namedParameters().keys()];

describe.each(Object.keys(likelihoods))('random models: %s', (likelihood) => {
  const models = fc.tuple(architectures(likelihoods[likelihood]), fc.nat({ max: 1000 }));

  it('every gradient agrees, and where an activation bends it is not the rules that are blamed', () => {
    fc.assert(
      fc.property(models, fc.constantFrom(...probedTerms), fc.constantFrom(1, 4), (model, term, beta) => {
        const [config, seed] = model;
        const { vae, x, epsilon } = smallPoint({ config, seed });
        for (const target of targetsOf(vae)) {
          const found = probe(vae, x, epsilon, target, { term, beta, seed, count: 3, directions: 1 });
          if (SMOOTH.includes(config.activation)) expect(found.message).toMatch(/agrees/);
          expect(found.verdict, found.message).not.toBe('wrong');
          expect(found.passed).toBe(found.verdict === 'agrees');
        }
      }),
      { numRuns: 12 },
    );
  });

  it('none agrees where epsilon is not held, and the message says why', () => {
    fc.assert(
      fc.property(models, fc.constantFrom('loss', 'reconstruction'), ([given, seed], term) => {
        const { vae, x, epsilon } = smallPoint({ config: { ...given, activation: 'tanh' }, seed });
        for (const target of targetsOf(vae)) {
          const found = probe(vae, x, epsilon, target, { term, seed, count: 3, holdEpsilon: false });
          expect(found).toMatchObject({ passed: false, verdict: 'noise' });
          expect(found.message).toMatch(/Epsilon is drawn anew.*Hold epsilon/);
          expect(found.worst).toBeGreaterThan(1e-3);
        }
      }),
      { numRuns: 8 },
    );
  });
});

describe('probe', () => {
  const { vae, x, epsilon } = smallPoint();

  it('gives for each element its place, value, and both derivatives', () => {
    const found = probe(vae, x, epsilon, 'z', { elements: [0, 5], directions: 1 });
    expect(found).toMatchObject({ target: 'z', shape: [3, 2], term: 'loss', passed: true });
    expect(found.entries.map(({ index, direction }) => [index, direction])).toEqual([
      [[0, 0], null],
      [[2, 1], null],
      [null, 0],
    ]);
    for (const { analytic, numeric, error } of found.entries) {
      expect(analytic).not.toBe(0);
      expect(Math.abs(numeric / analytic - 1)).toBeLessThan(1e-6);
      expect(error).toBeLessThan(1e-7);
    }
    expect(found.message).toContain('3 derivatives');
  });

  it('knows what each node feeds: logvar moves the KL, sigma does not', () => {
    const kl = (target: string) => probe(vae, x, epsilon, target, { term: 'kl' });
    expect(kl('logvar').entries.every(({ analytic }) => analytic !== 0)).toBe(true);
    for (const target of ['sigma', 'epsilon', 'z', 'output', 'decoder.0.weight']) {
      expect(kl(target).entries.every(({ analytic, numeric }) => analytic === 0 && numeric === 0)).toBe(true);
    }
  });

  it('finds no noise in the closed-form KL, for which epsilon does not matter', () => {
    const found = probe(vae, x, epsilon, 'mean', { term: 'kl', holdEpsilon: false });
    expect(found).toMatchObject({ passed: true, verdict: 'agrees' });
  });

  it('weighs the KL by beta', () => {
    const gradient = (term: 'loss' | 'reconstruction' | 'kl', beta?: number) =>
      probe(vae, x, epsilon, 'mean', { term, ...(beta !== undefined && { beta }) }).entries.map(
        ({ analytic }) => analytic,
      );
    const [reconstruction, kl] = [gradient('reconstruction'), gradient('kl')];
    gradient('loss', 3).forEach((g, i) => {
      expect(g).toBeCloseTo(reconstruction[i] + 3 * kl[i], 12);
    });
  });

  it('takes the elements that are given, and chooses others beside them where it is asked to', () => {
    const elementsOf = (options: object) =>
      probe(vae, x, epsilon, 'encoder.0.weight', options).entries.map(({ element }) => element);
    const chosen = elementsOf({ count: 6 });
    expect(new Set(chosen).size).toBe(6);
    const largest = probe(vae, x, epsilon, 'encoder.0.weight', { count: 30 }).entries.reduce((best, entry) =>
      Math.abs(entry.analytic) > Math.abs(best.analytic) ? entry : best,
    );
    expect(chosen).toContain(largest.element);
    const other = [...Array(30).keys()].find((i) => !chosen.includes(i)) ?? expect.unreachable();
    expect(elementsOf({ elements: [other] })).toEqual([other]);
    expect(elementsOf({ elements: [other, chosen[2] ?? 0], count: 6 })).toEqual([
      other,
      chosen[2],
      ...chosen.filter((i) => i !== chosen[2]),
    ]);
  });

  it('chooses elements that differ and are not 0, but for one that is', () => {
    // Two inputs are 0 in every example: so is the gradient of their weights.
    const [rows, features] = x.shape;
    const values = Array.from(x.data, (value, i) => (i % features < 2 ? 0 : value));
    const blank = tensor(
      Array.from({ length: rows }, (_, row) => values.slice(row * features, (row + 1) * features)),
      { dtype: 'float64' },
    );
    const { entries } = probe(vae, blank, epsilon, 'encoder.0.weight', { count: 8 });
    const gradients = entries.map(({ analytic }) => analytic);
    expect(gradients.filter((g) => g === 0).length).toBe(1);
    expect(new Set(gradients.map(Math.abs)).size).toBe(8);
  });

  it('looks at a float32 model in float64, at the values that it has', () => {
    const single = new VAE(vae.config, { stream: new Random(0).stream('init'), dtype: 'float32' });
    single.loadStateDict(vae.stateDict());
    const found = probe(single, x.to('float32'), epsilon.to('float32'), 'encoder.0.weight', { count: 4 });
    expect(found.passed, found.message).toBe(true);
    for (const { value } of found.entries) expect(value).toBe(Math.fround(value ?? Number.NaN));
  });

  it('is decided by its seed, and by nothing else', () => {
    const run = (seed: number) =>
      probe(vae, x, epsilon, 'encoder.0.weight', { seed, holdEpsilon: false, count: 4 });
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it('hands out its differences one by one', () => {
    const parts = [...probeParts(vae, x, epsilon, 'sigma', { step: 0.3, tolerance: 1e-9 })];
    expect(parts.filter(({ search }) => !search)).toHaveLength(6);
    expect(parts.some(({ search }) => search)).toBe(true);
  });

  it('refuses what makes no sense', () => {
    const ask = (target: string, options = {}) => probe(vae, x, epsilon, target, options);
    expect(() => ask('w')).toThrow(/no node or parameter 'w'; there are 'mean'.*'encoder.0.weight'/);
    expect(() => ask('z', { elements: [6] })).toThrow('an element is 6; it must be an index from 0 to 5');
    expect(() => ask('z', { step: 0 })).toThrow('step is 0');
    expect(() => ask('z', { count: -1 })).toThrow('count is -1');
    expect(() => ask('z', { directions: 0.5 })).toThrow('directions is 0.5');
    expect(() => ask('z', { tolerance: 0 })).toThrow('tolerance is 0');
    expect(() => ask('z', { term: 'elbo' })).toThrow('term is "elbo"');
    expect(() => probe(vae, x, tensor([[1]], { dtype: 'float64' }), 'z')).toThrow(/epsilon/);
  });
});

describe('the verdict', () => {
  it.each([0.99, 0, -1])('blames the rules where one is wrong, times %d', (factor) => {
    const { vae, x, epsilon } = smallPoint({ Model: brokenModel(factor) });
    for (const target of ['z', 'mean', 'sigma', 'encoder.0.weight']) {
      const found = probe(vae, x, epsilon, target);
      expect(found).toMatchObject({ passed: false, verdict: 'wrong' });
      expect(found.message).toMatch(/No step makes it agree/);
    }
    // The decoder's own gradients do not pass there.
    expect(probe(vae, x, epsilon, 'decoder.0.weight').passed).toBe(true);
  });

  it('blames a step that is too long, or too short, and names a better one', () => {
    const { vae, x, epsilon } = smallPoint();
    const long = probe(vae, x, epsilon, 'logvar', { step: 0.3 });
    expect(long).toMatchObject({ passed: false, verdict: 'step' });
    expect(long.message).toMatch(/too long.*at h = 1e-\d.*the gradient is right/);
    const short = probe(vae, x, epsilon, 'logvar', { step: 1e-13 });
    expect(short).toMatchObject({ passed: false, verdict: 'step' });
    expect(short.message).toMatch(/too short.*rounding/);
  });

  it('blames a kink that the step crosses', () => {
    const { vae, x, epsilon } = smallPoint({ config: { hidden: [40], activation: 'relu' } });
    const found = probe(vae, x, epsilon, 'z', { step: 0.05 });
    expect(found).toMatchObject({ passed: false, verdict: 'kink' });
    expect(found.message).toMatch(/\d+ activations? change sides? of a kink/);
    expect(found.entries.some(({ kinks }) => kinks > 0)).toBe(true);
  });
});
