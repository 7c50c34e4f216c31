import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestRate, SLOT } from '../../../bench/measure/limit-slots.js';

const slots = (from: number, flop: readonly number[]) => new Map(flop.map((x, i) => [from + i, x]));
const perSecond = 1000 / SLOT;

describe('bestRate', () => {
  it('takes the best slot of one thread, but not a cut one', () => {
    expect(bestRate([slots(5, [90, 10, 30, 20, 99])])).toBe(30 * perSecond);
  });

  it('adds what threads did at the same time', () => {
    // Their own best slots, 50 and 40, are not the same one.
    const threads = [slots(5, [0, 50, 10, 30, 0]), slots(5, [0, 0, 40, 25, 0])];
    expect(bestRate(threads)).toBe(55 * perSecond);
  });

  it('looks only at slots that all threads were in', () => {
    expect(bestRate([slots(0, [1, 90, 90, 2, 3, 4]), slots(2, [1, 1, 1, 1])])).toBe(4 * perSecond);
    expect(() => bestRate([slots(0, [1, 1, 1]), slots(3, [1, 1, 1])])).toThrow('no time in common');
  });

  it('a slot in which a thread did nothing counts as nothing of it', () => {
    expect(
      bestRate([
        new Map([
          [0, 1],
          [3, 1],
        ]),
        slots(0, [1, 7, 8, 1]),
      ]),
    ).toBe(8 * perSecond);
  });

  it('never is above the sum of what each does alone', () => {
    const thread = fc.array(fc.nat(1000), { minLength: 3, maxLength: 9 }).map((flop) => slots(0, flop));
    fc.assert(
      fc.property(thread, thread, (a, b) => {
        expect(bestRate([a, b])).toBeLessThanOrEqual(
          ([a, b].map((one) => Math.max(...one.values())).reduce((x, y) => x + y) * 1000) / SLOT + 1e-6,
        );
      }),
    );
  });
});
