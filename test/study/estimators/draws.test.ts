import { describe, expect, it } from 'vitest';
import { backward, sum, variable } from '../../../src/autograd/index.js';
import { drawGradients } from '../../../src/study/estimators/draws.js';
import { EstimatorBench, estimatorNames, estimators, vaePoint } from '../../../src/study/estimators/index.js';
import { full, normal } from '../../../src/tensor/create.js';
import { Random } from '../../../src/tensor/random/index.js';
import { objective } from '../../../src/vae/objective.js';
import { tinyVae } from './points.js';

const { vae, x } = tinyVae();
const point = vaePoint(vae, x);
const all = estimatorNames.map((name) => estimators[name]);
const beta = 0.7;
const stream = () => new Random(3).stream('epsilon');
const draws = drawGradients(point, all, stream(), 4, { beta, baseline: new Float64Array(3).fill(1.5) });

/** Epsilon of draw k, as a person would draw it. */
function epsilonOf(k: number) {
  const source = stream();
  for (let i = 0; i < k; i++) normal([3, 2], source, { dtype: 'float64' });
  return normal([3, 2], source, { dtype: 'float64' });
}

const largest = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

describe('drawGradients', () => {
  it('gives for the pathwise estimator what backward gives for the objective', () => {
    for (let k = 0; k < 4; k++) {
      const pass = objective(vae, x, epsilonOf(k), { beta });
      const gradients = backward(pass.loss);
      const expected = [...gradients.get(pass.mean).data, ...gradients.get(pass.logvar).data];
      const found = draws.gradients.get('pathwise')?.[k] ?? [];
      expect(found.length).toBe(12);
      expect(largest(found, expected)).toBeLessThan(1e-14);
      const mean = draws.losses[k].reduce((a, b) => a + b, 0) / 3;
      expect(mean).toBeCloseTo(pass.reconstruction.item(), 12);
    }
  });

  it.each(all.map((e) => [e.name, e] as const))(
    'gives what %s gives with the decoder in it',
    (name, estimator) => {
      for (let k = 0; k < 4; k++) {
        const [mean, logvar] = [variable(point.mean), variable(point.logvar)];
        const loss = estimator.surrogate({
          mean,
          logvar,
          epsilon: epsilonOf(k),
          beta,
          reconstruction: point.reconstruction,
          baseline: full([3], 1.5, { dtype: 'float64' }),
        });
        const gradients = backward(sum(loss));
        const expected = [...gradients.get(mean).data, ...gradients.get(logvar).data].map((g) => g / 3);
        expect(largest(draws.gradients.get(name)?.[k] ?? [], expected)).toBeLessThan(1e-12);
        // Another draw is something else.
        const other = draws.gradients.get(name)?.[(k + 1) % 4] ?? [];
        expect(largest(other, expected)).toBeGreaterThan(1e-3);
      }
    },
  );

  it('does not depend on how many draws are made at a time', () => {
    const parts = stream();
    const options = { beta, baseline: new Float64Array(3).fill(1.5) };
    const [first, rest] = [1, 3].map((n) => drawGradients(point, all, parts, n, options));
    for (const name of estimatorNames) {
      const inParts = [...(first.gradients.get(name) ?? []), ...(rest.gradients.get(name) ?? [])];
      expect(inParts).toEqual(draws.gradients.get(name));
    }
  });
});

describe('EstimatorBench', () => {
  const bench = (parts: readonly number[]) => {
    const made = new EstimatorBench(point, { seed: 5 });
    made.extendReference(32);
    for (const part of parts) made.draw(part);
    return made.report();
  };

  it('reports the same bits whatever parts the draws come in', () => {
    expect(bench([3, 60, 1])).toEqual(bench([64]));
    expect(bench([64])).not.toEqual(bench([65]));
  });

  it('says what is missing', () => {
    const made = new EstimatorBench(point);
    expect(() => made.report()).toThrow(/no draws yet/);
    expect(() => made.draw(1)).toThrow(/needs at least 32/);
    made.extendReference(32);
    made.draw(1);
    expect(() => made.extendReference(1)).toThrow(/in use/);
    expect(() => new EstimatorBench(point, { beta: -1 })).toThrow(/beta is -1/);
    expect(() => new EstimatorBench(point, { estimators: [] })).toThrow(/at least one/);
    expect(() => new EstimatorBench(point, { estimators: [all[0], all[0]] })).toThrow(/each name once/);
  });
});
