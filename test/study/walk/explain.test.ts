import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ORIGINS } from '../../../src/study/by-origin.js';
import { type Explanation, explain, formulasOf, type Statement } from '../../../src/study/walk/explain.js';
import { TRICK_MODES, type WalkNode } from '../../../src/study/walk/node.js';
import { walk } from '../../../src/study/walk/walk.js';
import { architectures, between, likelihoods } from '../../vae/arbitraries.js';
import { subject } from '../models.js';

type Config = Parameters<typeof subject>[0];

const statements = ({ forward, backward, chain }: Explanation): Statement[] =>
  [forward, backward, chain].flatMap((statement) => statement ?? []);

/** How far a formula is from the engine, relative to its terms. */
const apart = ({ computed, engine, magnitude }: Statement): number =>
  computed === engine ? 0 : Math.abs(computed - engine) / magnitude;

/** Some element of a node, by a number from 0 to 1. */
const elementAt = ({ shape }: WalkNode, share: number): number[] =>
  shape.map((n, d) => Math.min(n - 1, Math.floor(((share * (d + 1) * 7.3) % 1) * n)));

const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Reads the printed formula as a program: what a person with a calculator would do. */
function calculated(text: string): number {
  const program = text
    .replaceAll('^2', '**2')
    .replace(/\b(exp|log|tanh|sqrt|abs|sign|max|min)\(/g, 'Math.$1(');
  const run = new Function('sigmoid', 'softplus', 'where', `return ${program}`);
  const found: unknown = run(
    (x: number) => 1 / (1 + Math.exp(-x)),
    softplus,
    (holds: boolean, yes: number, no: number) => (holds ? yes : no),
  );
  return typeof found === 'number' ? found : Number.NaN;
}

/** A model and a batch, and an element of each of its nodes. */
const cases = (configs: fc.Arbitrary<Config>) =>
  fc.property(
    configs,
    fc.constantFrom<'float32' | 'float64'>('float64', 'float32'),
    fc.oneof(fc.constantFrom(0, 1), between(0.1, 8)),
    fc.nat(1000),
    between(0, 0.999),
    (config, dtype, beta, seed, share) => {
      const { vae, x, epsilon } = subject(config, { seed, dtype, batch: 1 + (seed % 4) });
      const found = walk(vae, x, epsilon, { beta });
      for (const node of found.nodes.values()) {
        const element = elementAt(node, share);
        for (const origin of ORIGINS) {
          const explanation = explain(found, node.id, element, { origin });
          for (const statement of statements(explanation)) {
            expect(apart(statement), `${statement.left} = ${statement.symbols}`).toBeLessThan(
              dtype === 'float64' ? 1e-12 : 2e-6,
            );
          }
          if (node.role === 'op') expect(explanation.forward, node.id).not.toBeNull();
          if (node.gradient[origin] !== null) expect(explanation.backward, node.id).not.toBeNull();
        }
      }
    },
  );

describe.each(Object.entries(likelihoods))('explain, %s', (_, likelihood) => {
  it('comes to the number of the engine at every node, for every origin', () => {
    fc.assert(cases(architectures(likelihood)), { numRuns: 12 });
  });
});

describe('explain, convolutions', () => {
  const convolutions = fc
    .record({
      shape: fc.tuple(
        fc.integer({ min: 1, max: 2 }),
        fc.integer({ min: 2, max: 6 }),
        fc.integer({ min: 2, max: 5 }),
      ),
      channels: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 }),
      kernel: fc.integer({ min: 1, max: 4 }),
      stride: fc.integer({ min: 1, max: 3 }),
      hidden: fc.constantFrom([], [3]),
      activation: fc.constantFrom<'relu' | 'tanh'>('relu', 'tanh'),
      residual: fc.constantFrom(0, 1),
    })
    .map(
      (config): Config => ({
        ...config,
        body: 'conv',
        features: config.shape.reduce((a, b) => a * b, 1),
        latent: 2,
      }),
    );

  it('comes to the number of the engine at every node, for every origin, the data joined to its images', () => {
    fc.assert(cases(convolutions), { numRuns: 40 });
    const { vae, x, epsilon } = subject({
      body: 'conv',
      shape: [1, 4, 4],
      features: 16,
      channels: [2],
      hidden: [],
    });
    for (const trick of TRICK_MODES) {
      const { nodes } = walk(vae, x, epsilon, { trick });
      const [input] = nodes.get('encoder.0')?.inputs ?? [];
      expect(nodes.get(input)).toMatchObject({ op: 'reshape', inputs: ['x'] });
      expect([...nodes.keys()].indexOf('x')).toBeLessThan([...nodes.keys()].indexOf(input));
    }
  });

  it('writes windows with letters, and of a place only the taps within the image', () => {
    const { vae, x, epsilon } = subject({
      body: 'conv',
      activation: 'relu',
      shape: [1, 5, 4],
      features: 20,
      channels: [2],
      hidden: [],
    });
    const found = walk(vae, x, epsilon);
    expect(formulasOf(found, 'encoder.0').value).toBe(
      'encoder.0[i,j,k,l] = max((sum_mnp(reshape[i,m,2k+n-1,2l+p-1] * encoder.0.weight[j,m,n,p]) + encoder.0.bias[j]), 0)',
    );
    const corner = explain(found, 'encoder.0', [0, 1, 0, 0], { most: 100 }).forward?.numbers ?? '';
    const middle = explain(found, 'encoder.0', [0, 1, 1, 1], { most: 100 }).forward?.numbers ?? '';
    expect([corner.split(' * ').length, middle.split(' * ').length]).toEqual([5, 10]);
  });
});

describe('explain', () => {
  const { vae, x, epsilon } = subject({ activation: 'relu', likelihood: 'gaussian' });
  const found = walk(vae, x, epsilon, { beta: 2.5 });

  it('prints what comes to that number when it is typed into a calculator', () => {
    let count = 0;
    for (const node of found.nodes.values()) {
      const element = elementAt(node, 0.4);
      for (const statement of statements(explain(found, node.id, element, { digits: 'all', most: 1000 }))) {
        const expected = statement.engine;
        expect(
          Math.abs(calculated(statement.numbers) - expected),
          `${statement.left} = ${statement.numbers}`,
        ).toBeLessThanOrEqual(1e-12 * Math.max(1, statement.magnitude));
        count++;
      }
    }
    expect(count).toBeGreaterThan(50);
    expect(calculated('0.5 * (exp(-1) - 1) / 2')).toBeCloseTo(-0.158, 3);
  });

  it('follows the chain rule through the trick, back to dL/dz and the KL', () => {
    const { chain, backward } = explain(found, 'logvar', [2, 1]);
    expect(chain?.symbols).toBe(
      '2.5 / 3 * (exp(logvar[2,1]) - 1) * 0.5 + dL/dz[2,1] * epsilon[2,1] * exp(logvar[2,1] * 0.5) * 0.5',
    );
    expect(backward?.symbols).toBe(
      'dL/d(KL per element)[2,1] * (exp(logvar[2,1]) - 1) * 0.5 + dL/d(logvar / 2)[2,1] * 0.5',
    );
    expect(explain(found, 'mean', [0, 1]).chain?.symbols).toBe('2.5 / 3 * mean[0,1] + dL/dz[0,1]');
    expect(explain(found, 'logvar', [2, 1], { origin: 'reconstruction' }).chain?.symbols).toBe(
      'dR/dz[2,1] * epsilon[2,1] * exp(logvar[2,1] * 0.5) * 0.5',
    );
    expect(explain(found, 'logvar', [2, 1], { origin: 'kl' }).chain?.symbols).toBe(
      '2.5 / 3 * (exp(logvar[2,1]) - 1) * 0.5',
    );
  });

  it('would notice a formula without its 1/2', () => {
    const { chain } = explain(found, 'logvar', [2, 1], { origin: 'reconstruction', digits: 'all' });
    const without = (chain?.numbers ?? '').replace(/ \* 0\.5$/, '');
    expect(without).not.toBe(chain?.numbers);
    expect(calculated(without)).toBeCloseTo(2 * (chain?.engine ?? 0), 14);
  });

  it('writes the formula for any element with letters', () => {
    expect(formulasOf(found, 'z').value).toBe('z[i,j] = mean[i,j] + (sigma * epsilon)[i,j]');
    expect(formulasOf(found, 'sigma').total).toBe(
      'dL/dsigma[i,j] = dL/d(sigma * epsilon)[i,j] * epsilon[i,j]',
    );
    expect(formulasOf(found, 'kl').kl).toBe('dKL/dKL = dKL/d(weighted KL) * 2.5');
    expect(formulasOf(found, 'x')).toEqual({ value: null, total: null, reconstruction: null, kl: null });
  });

  it('shortens long sums, and takes the branches that the numbers take', () => {
    const { forward } = explain(found, 'encoder.0', [1, 2], { most: 2 });
    expect(forward?.numbers).toContain('... (3 more)');
    const hidden = found.nodes.get('decoder.0')?.value.data ?? new Float64Array();
    const idle = hidden.indexOf(0);
    const row = Math.floor(idle / 3);
    expect(idle).toBeGreaterThanOrEqual(0);
    const terms = explain(found, 'z', [row, 0], { most: 3 }).backward?.numbers.split(' + ') ?? [];
    expect(terms).toHaveLength(3);
    expect(terms[idle % 3]).toMatch(/^0 \* /);
    expect(explain(found, 'logvar.linear', [0, 0]).backward?.symbols).toBe('dL/dlogvar[0,0]');
    expect(explain(found, 'logvar', [0, 0]).forward?.symbols).toBe('logvar.linear[0,0]');
  });

  it('refuses a node or an element that there is not', () => {
    expect(() => explain(found, 'zz', [0, 0])).toThrow("there is no node 'zz'");
    expect(() => explain(found, 'z', [3, 0])).toThrow('no element [3, 0] in a tensor of shape [3, 2]');
    expect(() => explain(found, 'x', [0])).toThrow('no element [0]');
  });
});
