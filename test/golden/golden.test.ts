import { describe, expect, test } from 'vitest';
import { agrees, type GoldenArray, type GoldenArrays, loadGolden } from './load.js';

const close = (actual: number, expected: number, tolerance = 1e-12) =>
  expect(Math.abs(actual - expected), `${actual} against ${expected}`).toBeLessThanOrEqual(tolerance);

function array(arrays: GoldenArrays, name: string): GoldenArray {
  const found = arrays[name];
  if (found === undefined)
    throw new Error(`no array named '${name}'; there are ${Object.keys(arrays).join(', ')}`);
  return found;
}

const at = (values: readonly number[], i: number) => values[i] ?? Number.NaN;

describe('vae_step', () => {
  const golden = loadGolden('vae_step');
  const batch = at(golden.x.shape, 0);

  test('has the five cases, on the same weights and batch', () => {
    expect(golden.cases.map((c) => c.name)).toEqual([
      'bernoulli',
      'bernoulli beta 4',
      'bernoulli tanh',
      'gaussian',
      'gaussian learned sigma',
    ]);
    expect(golden.x.shape).toEqual([5, 12]);
    expect(golden.epsilon.shape).toEqual([5, 3]);
    expect(golden.x.data).toContain(0);
    expect(golden.x.data).toContain(1);
    expect(Object.keys(golden.weights)).toHaveLength(14);
  });

  test.each(golden.cases)('$name: loss = reconstruction + beta * kl', (c) => {
    close(c.loss, c.reconstruction + c.beta * c.kl);
    close(c.reconstruction, mean(c.perExample.reconstruction.data));
    close(c.kl, mean(c.perExample.kl.data));
    expect(c.losses[0]).toBe(c.loss);
    expect(at(c.losses, 2)).toBeLessThan(c.loss);
  });

  test.each(golden.cases)('$name: the KL follows from mean and logvar', (c) => {
    const { mean: mu, logvar } = c.intermediates;
    const terms = mu.data.map((m, i) => {
      const lv = at(logvar.data, i);
      return -0.5 * (1 + lv - m * m - Math.exp(lv));
    });
    close(terms.reduce((sum, term) => sum + term, 0) / batch, c.kl);
  });

  test.each(golden.cases)('$name: z is mean + sigma * epsilon', (c) => {
    const { mean: mu, logvar, z } = c.intermediates;
    mu.data.forEach((m, i) => {
      close(m + Math.exp(at(logvar.data, i) / 2) * at(golden.epsilon.data, i), at(z.data, i));
    });
  });

  test.each(golden.cases)("$name: Adam's first step is lr against the gradient's sign", (c) => {
    const start = { ...golden.weights, ...c.extraWeights };
    expect(Object.keys(c.gradients).sort()).toEqual(Object.keys(start).sort());
    let moved = 0;
    for (const [name, gradient] of Object.entries(c.gradients)) {
      const before = array(start, name);
      const after = array(c.step1, name);
      expect(gradient.shape).toEqual(before.shape);
      expect(after.shape).toEqual(before.shape);
      gradient.data.forEach((g, i) => {
        const step = at(after.data, i) - at(before.data, i);
        close(step, (-golden.lr * g) / (Math.abs(g) + 1e-8));
        if (Math.abs(g) < 1e-4) return;
        close(step, -golden.lr * Math.sign(g), golden.lr * 1e-4);
        moved++;
      });
    }
    expect(moved).toBeGreaterThan(250); // most of the 388 weights: the check is not empty
  });
});

describe('optimizers', () => {
  const golden = loadGolden('optimizers');

  test.each(golden.runs)(
    '$name: five checkpoints, and the loss at each follows from its parameters',
    (run) => {
      expect(run.checkpoints.map((c) => c.step)).toEqual([1, 2, 10, 50, 100]);
      for (const { loss, parameters } of run.checkpoints) {
        close(lossAt('W', parameters.W) + lossAt('b', parameters.b), loss);
      }
      expect(run.checkpoints.at(-1)?.loss).toBeLessThan(golden.startLoss);
    },
  );

  test('plain SGD takes lr times the stated gradient', () => {
    const run = golden.runs.find((r) => r.name === 'sgd');
    const first = run?.checkpoints[0]?.parameters.W.data ?? [];
    const { start, target, coefficient } = golden;
    expect(first).toHaveLength(12);
    first.forEach((w, i) => {
      const from = at(start.W.data, i);
      close(w, from - 0.1 * at(coefficient.W.data, i) * Math.tanh(from - at(target.W.data, i)));
    });
  });

  function lossAt(name: 'W' | 'b', values: GoldenArray): number {
    return values.data.reduce((sum, w, i) => {
      const distance = w - at(golden.target[name].data, i);
      return sum + at(golden.coefficient[name].data, i) * Math.log(Math.cosh(distance));
    }, 0);
  }
});

describe('schedules', () => {
  const golden = loadGolden('schedules');

  test.each(golden.schedules)('$name: a positive rate for each epoch and the one after', (schedule) => {
    expect(schedule.lr).toHaveLength(golden.epochs + 1);
    expect(Math.max(...schedule.lr)).toBeLessThanOrEqual(schedule.baseLr * (1 + 1e-12));
    expect(Math.min(...schedule.lr)).toBeGreaterThanOrEqual(0);
  });
});

describe('functions', () => {
  const golden = loadGolden('functions');

  test.each(golden.cases)('$name $params: shapes agree', (c) => {
    expect(c.upstream.shape).toEqual(c.value.shape);
    expect(Object.keys(c.gradients)).toEqual(Object.keys(c.inputs));
    for (const [name, input] of Object.entries(c.inputs)) {
      expect(array(c.gradients, name).shape).toEqual(input.shape);
    }
  });

  test.each(golden.cases.filter((c) => ['tanh', 'expm1', 'log1p'].includes(c.name)))(
    '$name: the decoded values are those of Math.$name, infinities and NaN too',
    (c) => {
      const functions = new Map([
        ['tanh', Math.tanh],
        ['expm1', Math.expm1],
        ['log1p', Math.log1p],
      ]);
      const x = array(c.inputs, 'x').data;
      const f = functions.get(c.name) ?? (() => Number.POSITIVE_INFINITY);
      expect(x.some(Number.isNaN)).toBe(true);
      expect(x).toContain(Number.POSITIVE_INFINITY);
      x.forEach((point, i) => {
        const expected = at(c.value.data, i);
        expect(agrees(f(point), expected, golden.rtol), `${c.name}(${point}) against ${expected}`).toBe(true);
      });
    },
  );
});

test('agrees tells numbers, infinities and NaN apart', () => {
  expect(agrees(1 + 1e-14, 1, 1e-13)).toBe(true);
  expect(agrees(1 + 1e-12, 1, 1e-13)).toBe(false);
  expect(agrees(1e-15, 0, 1e-13)).toBe(false);
  expect(agrees(1e-15, 0, 1e-13, 1e-14)).toBe(true);
  expect(agrees(Number.NaN, 1, 1)).toBe(false);
  expect(agrees(Number.NaN, Number.NaN, 0)).toBe(true);
  expect(agrees(1e308, Number.POSITIVE_INFINITY, 1)).toBe(false);
  expect(agrees(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 1)).toBe(false);
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
