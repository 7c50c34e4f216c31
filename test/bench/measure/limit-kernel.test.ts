import { describe, expect, it } from 'vitest';
import { makeSpin } from '../../../bench/measure/limit-kernel.js';

describe('the register-only loop', () => {
  it.each([8, 10, 12])('does its arithmetic with %i accumulators', (accumulators) => {
    const spin = makeSpin(accumulators);
    // 8 turns a round; a multiplication and an addition in each of 4 lanes.
    expect(spin.flop).toBe(accumulators * 8 * 4 * 2);
    expect(() => spin.run(100)).not.toThrow();
  });

  it('notices sums that are not there', () => {
    // No round at all: the accumulators are as they began.
    expect(() => makeSpin(8).run(0)).toThrow('limit: the sums are 0,0,0,0,1,1,1,1');
  });
});
