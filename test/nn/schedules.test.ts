import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schedules } from '../../src/nn/index.js';
import { agrees, loadGolden, type Schedule } from '../golden/load.js';

const { constant, cosine, stepDecay, warmup } = schedules;

const golden = loadGolden('schedules');

/** The schedule here that a scheduler of PyTorch with these arguments is. */
function ours({ name, scheduler, baseLr, arguments: given }: Schedule): schedules.Schedule {
  const { T_max, eta_min, step_size, gamma, milestone, total_iters, start_factor } = given;
  const cosineOf = () => cosine({ total: T_max, floor: eta_min / baseLr });
  switch (scheduler) {
    case 'LambdaLR':
      return constant();
    case 'StepLR':
      return stepDecay({ every: step_size, factor: gamma });
    case 'CosineAnnealingLR':
      return cosineOf();
    case 'LinearLR':
      return warmup({ steps: total_iters, start: start_factor });
    case 'SequentialLR':
      return warmup({ steps: milestone, start: start_factor }, cosineOf());
    default:
      throw new Error(`no schedule here for '${name}' (${scheduler})`);
  }
}

describe("PyTorch's schedules", () => {
  it.each(golden.schedules)('$name', (reference) => {
    const factor = ours(reference);
    expect(reference.lr.length).toBe(31);
    reference.lr.forEach((rate, epoch) => {
      const actual = reference.baseLr * factor(epoch);
      expect(agrees(actual, rate, 1e-12, 1e-18), `epoch ${epoch}: ${actual}, not ${rate}`).toBe(true);
    });
  });
});

describe('cosine', () => {
  it('agrees with Math.cos, falls all the way, and stays at its floor', () => {
    const times = fc.record({
      total: fc.double({ min: 1, max: 1e6, noNaN: true }),
      floor: fc.double({ min: 0, max: 1, noNaN: true }),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(times, ({ total, floor, at }) => {
        const factor = cosine({ total, floor });
        const expected = floor + (1 - floor) * ((1 + Math.cos(Math.PI * at)) / 2);
        expect(Math.abs(factor(at * total) - expected)).toBeLessThan(1e-14);
        expect(factor(at * total)).toBeGreaterThanOrEqual(floor);
        expect(factor(0)).toBeCloseTo(1, 14);
        expect(factor(total)).toBe(floor);
        expect(cosine({ total })(total)).toBe(0);
        expect(factor(total * (1 + at))).toBe(floor);
      }),
    );
  });
});

describe('stepDecay', () => {
  it('multiplies once every so many steps', () => {
    const factor = stepDecay({ every: 3, factor: 0.5 });
    expect([0, 1, 2, 2.9, 3, 5, 6, 30].map(factor)).toEqual([1, 1, 1, 1, 0.5, 0.5, 0.25, 2 ** -10]);
  });
});

describe('warmup', () => {
  it('is a straight line, then the next schedule from its own start', () => {
    const factor = warmup({ steps: 4, start: 0.2 }, stepDecay({ every: 2, factor: 0.1 }));
    const expected = [0.2, 0.4, 0.6, 0.8, 1, 1, 0.1, 0.1];
    expected.forEach((value, step) => {
      expect(factor(step)).toBeCloseTo(value, 15);
    });
    expect(warmup({ steps: 4 }, warmup({ steps: 2 }))(4)).toBe(0);
    expect(warmup({ steps: 10 })(0)).toBe(0);
    expect(warmup({ steps: 10 })(1000)).toBe(1);
  });
});

describe('every schedule', () => {
  it.each([
    ['constant', constant()],
    ['cosine', cosine({ total: 10 })],
    ['stepDecay', stepDecay({ every: 2, factor: 0.5 })],
    ['warmup', warmup({ steps: 5 })],
  ])('%s refuses a step that is no time', (name, factor) => {
    for (const step of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => factor(step)).toThrow(
        `schedules.${name}: the step is ${step}; it must be a finite number of 0 or more`,
      );
    }
  });

  const wrong: [string, () => unknown][] = [
    ['schedules.cosine: total is 0', () => cosine({ total: 0 })],
    ['schedules.cosine: total is NaN', () => cosine({ total: Number.NaN })],
    ['schedules.cosine: floor is 1.5', () => cosine({ total: 1, floor: 1.5 })],
    ['schedules.stepDecay: every is 0', () => stepDecay({ every: 0, factor: 1 })],
    ['schedules.stepDecay: factor is -1', () => stepDecay({ every: 1, factor: -1 })],
    ['schedules.warmup: steps is -3', () => warmup({ steps: -3 })],
    ['schedules.warmup: start is NaN', () => warmup({ steps: 3, start: Number.NaN })],
  ];
  it.each(wrong)('%s', (message, make) => {
    expect(make).toThrow(RangeError);
    expect(make).toThrow(message);
  });
});
