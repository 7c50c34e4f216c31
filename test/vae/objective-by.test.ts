import { describe, expect, it } from 'vitest';
import { backward, gradcheck } from '../../src/autograd/index.js';
import { normal, uniform } from '../../src/tensor/create.js';
import { Random } from '../../src/tensor/random/index.js';
import { objective } from '../../src/vae/objective.js';
import { innerNodes, objectiveBy } from '../../src/vae/objective-by.js';
import { VAE } from '../../src/vae/vae.js';
import { uniformTensor } from './arbitraries.js';

const dtype = 'float64';
const vae = new VAE(
  { features: 5, hidden: [4], latent: 2, activation: 'tanh' },
  { stream: new Random(2).stream('init'), dtype },
);
const x = uniform([3, 5], new Random(2).stream('data'), { dtype });
const epsilon = normal([3, 2], new Random(2).stream('epsilon'), { dtype });
const point = { vae, x, epsilon, options: { beta: 1.5 } };
const whole = objective(vae, x, epsilon, { beta: 1.5, composed: true });
const recorded = backward(whole.loss);

describe.each([...innerNodes, ...vae.namedParameters().keys()])('the objective by %s', (name) => {
  const by = objectiveBy(name, point);

  it('is the objective, at the point', () => {
    expect(by.objective(by.at).loss.item()).toBeCloseTo(whole.loss.item(), 12);
  });

  it('has the derivative that a difference gives', () => {
    const report = gradcheck((t) => by.objective(t).loss, [by.at]);
    expect(report.passed, String(report)).toBe(true);
  });

  it('has the gradient that the whole graph has there', () => {
    const found = [...recorded.entries()].find(([t]) => t.label === name);
    // The noise is plain data in the graph: no gradient flows to it.
    if (name === 'epsilon') return expect(found).toBeUndefined();
    const [tensor, gradient] = found ?? expect.unreachable(name);
    const own = gradcheck((t) => by.objective(t).loss, [tensor], { mode: 'elements' });
    expect(own.passed).toBe(true);
    // Random cotangents of a scalar scale the derivative by one number.
    const scale = own.checks[0].analytic / gradient.data[0];
    own.checks.forEach(({ analytic }, i) => {
      expect(analytic).toBeCloseTo(scale * gradient.data[i], 10);
    });
  });
});

describe('objectiveBy', () => {
  it('moves a node that is drawn anew by the displacement alone', () => {
    const noise = uniformTensor([3, 2], 5, -2, 2);
    for (const name of innerNodes) {
      const { at, objective: by } = objectiveBy(name, { ...point, redraw: () => noise });
      const other = objective(vae, x, noise, { beta: 1.5 });
      expect(by(at).loss.item()).toBeCloseTo(other.loss.item(), 12);
    }
  });

  it('refuses names and shapes that do not fit', () => {
    expect(() => objectiveBy('zz', point)).toThrow(RangeError);
    expect(() => objectiveBy('z', { ...point, epsilon: uniformTensor([1, 2], 1) })).toThrow(
      'epsilon is [1, 2]; it must be [3, 2]',
    );
    const full = Object.create(vae, {
      posterior: { value: { name: 'full', diagonal: false } },
      namedParameters: { value: () => new Map() },
    });
    expect(() => objectiveBy('z', { ...point, vae: full })).toThrow(
      "the inner nodes are those of a diagonal Gaussian, but the posterior is 'full'",
    );
    expect(() => objectiveBy('mean.bias', point).objective(x)).toThrow("'mean.bias' has shape [2]");
  });
});
