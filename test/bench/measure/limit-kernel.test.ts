import { describe, expect, it } from 'vitest';
import { makeSpin } from '../../../bench/measure/limit-kernel.js';

describe('the register-only loop', () => {
  it.each([4, 5, 6])('does its arithmetic with %i pairs of chains', (pairs) => {
    const spin = makeSpin(pairs);
    // 8 turns a round; a multiplication and an addition in each of 4 lanes.
    expect(spin.flop).toBe(pairs * 8 * 4 * 2);
    // It compares every lane with what so many rounds must give, and throws.
    for (const rounds of [0, 1, 100]) expect(() => spin.run(rounds)).not.toThrow();
    expect(() => spin.run(0.5)).toThrow('limit: the results of 0.5 rounds are');
  });
});
