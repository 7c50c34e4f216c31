import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backward, noGrad, stopGradient, sum, variable } from '../../../src/autograd/index.js';
import {
  type Arrow,
  arrowsOf,
  estimators,
  explain,
  FOLDABLE,
  ORIGINS,
  type Origin,
  rightTrick,
  shownNodes,
  TRICK_MODES,
  type Trick,
  trickObjective,
  type Walk,
  walk,
} from '../../../src/study/index.js';
import { zeros } from '../../../src/tensor/create.js';
import type { Tensor } from '../../../src/tensor/tensor.js';
import { architectures, between, likelihoods } from '../../vae/arbitraries.js';
import { subject } from '../models.js';

const [EXAMPLE, NUMBER] = [1, 1];
/** The element at one place, whatever the shape: the last example or number where there are fewer. */
const placeIn = ({ nodes, batch }: Walk, id: string): number[] => {
  const { shape } = nodes.get(id) ?? { shape: [] };
  return shape.map((n, d) => Math.min(d === 0 && n === batch ? EXAMPLE : NUMBER, n - 1));
};
const numberAt = (found: Walk, id: string, t: Tensor | null | undefined): number =>
  t ? t.at(...placeIn(found, id)) : 0;

const arrowsIn = (found: Walk, ...unfolded: (typeof FOLDABLE)[number][]): Arrow[] =>
  arrowsOf(found, shownNodes(found, new Set(unfolded)), (id) => placeIn(found, id));

describe.each(Object.entries(likelihoods))('the numbers on arrows, %s', (_, likelihood) => {
  it('times the gradients there add up to the gradient here', () => {
    let count = 0;
    fc.assert(
      fc.property(
        architectures(likelihood),
        fc.constantFrom(...TRICK_MODES),
        between(0.1, 8),
        fc.boolean(),
        fc.nat(1000),
        (config, trick, beta, isUnfolded, seed) => {
          const { vae, x, epsilon } = subject(config, { seed, batch: 2 + (seed % 3) });
          const found = walk(vae, x, epsilon, { beta, trick });
          const arrows = arrowsIn(found, ...(isUnfolded ? FOLDABLE : []));
          for (const { id, gradient } of found.nodes.values()) {
            const own = arrows.filter(({ from, isCut }) => from === id && !isCut);
            if (own.length === 0 || own.some(({ local }) => local === null)) continue;
            for (const origin of ORIGINS.filter((one) => found.starts[one] !== id)) {
              const terms = own.map(
                ({ to, local }) =>
                  numberAt(found, to, found.nodes.get(to)?.gradient[origin]) * (local?.value ?? 0),
              );
              const sum = terms.reduce((total, term) => total + term, 0);
              const size = terms.reduce((total, term) => total + Math.abs(term), 0);
              const apart = Math.abs(sum - numberAt(found, id, gradient[origin]));
              expect(apart, `${id}, ${origin}`).toBeLessThanOrEqual(1e-12 * (1 + size));
              count++;
            }
          }
        },
      ),
      { numRuns: 10 },
    );
    expect(count).toBeGreaterThan(200);
  });
});

describe('the arrows of the trick', () => {
  const { vae, x, epsilon } = subject({ activation: 'relu' }, { batch: 4 });
  const found = walk(vae, x, epsilon, { beta: 2 });
  const on = (from: string, to: string) =>
    arrowsIn(found).find((arrow) => arrow.from === from && arrow.to === to)?.local;

  it('carry 1, 1/2, epsilon and sigma', () => {
    const at = (id: string) => numberAt(found, id, found.nodes.get(id)?.value);
    expect(on('mean', 'z')).toEqual({ text: '1', value: 1 });
    expect(on('sigma-times-epsilon', 'z')).toEqual({ text: '1', value: 1 });
    expect(on('sigma', 'sigma-times-epsilon')).toEqual({ text: 'epsilon', value: at('epsilon') });
    expect(on('logvar-over-2', 'sigma')).toEqual({ text: 'sigma', value: at('sigma') });
    expect(on('logvar', 'logvar-over-2')).toEqual({ text: '0.5', value: 0.5 });
    expect(on('kl-per-element', 'kl')).toEqual({ text: '1 / 4', value: 0.25 });
    expect(on('kl', 'weighted-kl')).toEqual({ text: '2', value: 2 });
  });

  it('carry nothing where many numbers depend on one, or nothing is differentiated', () => {
    expect([on('z', 'output'), on('encoder.2', 'mean'), on('epsilon', 'sigma-times-epsilon')]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('a walk without the trick', () => {
  const { vae, x, epsilon } = subject({ activation: 'silu' }, { batch: 4 });
  const gradientOf = (found: Walk, id: string, origin: Origin = 'total') =>
    found.nodes.get(id)?.gradient[origin]?.data;

  it('has the gradients of a loss whose z is detached, at every parameter', () => {
    const found = walk(vae, x, epsilon, { beta: 3, trick: 'without' });
    const detached: Trick = { ...rightTrick, sample: (...args) => stopGradient(rightTrick.sample(...args)) };
    const { loss } = trickObjective(detached, vae, x, epsilon, { beta: 3 });
    const gradients = backward(loss);
    for (const [name, parameter] of vae.namedParameters()) {
      expect(gradientOf(found, name), name).toEqual(gradients.get(parameter).data);
    }
    expect(found.nodes.get('loss')?.value.item()).toBe(loss.item());
    expect(gradientOf(found, 'mean', 'reconstruction')).toBeUndefined();
    expect(found.consumers.get('mean')?.map(({ id }) => id)).toEqual(['kl-per-element']);
  });

  it("has the score function's estimate where that takes its place", () => {
    const found = walk(vae, x, epsilon, { trick: 'score' });
    const posterior = noGrad(() => vae.encode(x));
    const [mean, logvar] = [variable(posterior.mean.clone()), variable(posterior.logvar.clone())];
    const draw = { mean, logvar, epsilon, beta: 0, baseline: zeros([4]) };
    const reconstruction = (z: Tensor) => vae.likelihood.perExample(vae.decode(z), x);
    const gradients = backward(sum(estimators.score.surrogate({ ...draw, reconstruction })));
    for (const [id, t] of [
      ['mean', mean],
      ['logvar', logvar],
    ] as const) {
      gradientOf(found, id, 'reconstruction')?.forEach((g, i) => {
        expect(g, id).toBeCloseTo(gradients.get(t).data[i] / 4, 12);
      });
    }
    // The decoder still learns from R itself.
    const own = walk(vae, x, epsilon);
    expect(gradientOf(found, 'decoder.0.weight')).toEqual(gradientOf(own, 'decoder.0.weight'));
    expect(found.nodes.get('z')?.gradient.total).toBeNull();
    const { backward: chain } = explain(found, 'log-q', [1]);
    expect(chain?.computed).toBeCloseTo(chain?.engine ?? Number.NaN, 12);
  });

  it('draws what is held below what it was computed from, and refuses another way', () => {
    const shown = shownNodes(walk(vae, x, epsilon, { trick: 'score' }));
    const inputs = new Map(shown.map(({ node, inputs }) => [node.id, inputs]));
    expect(inputs.get('z')).toEqual(['mean', 'sigma-times-epsilon']);
    expect(inputs.get('log-q')).toEqual(['z', 'mean', 'logvar']);
    expect(inputs.get('R-as-a-number')).toEqual(['output', 'x']);
    expect(inputs.get('score-term')).toEqual(['R-as-a-number', 'log-q']);
    expect(() => Reflect.apply(walk, undefined, [vae, x, epsilon, { trick: 'none' }])).toThrow(
      "walk: trick is \"none\"; it must be 'with', 'without' or 'score'",
    );
  });
});
