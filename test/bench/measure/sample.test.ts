import { describe, expect, it } from 'vitest';
import { sample } from '../../../bench/measure/sample.js';

describe('sample', () => {
  it('calls at least three times after a warm-up, however little time there is', () => {
    let calls = 0;
    const seconds = sample(() => calls++, 0);
    expect(calls).toBeGreaterThanOrEqual(4);
    expect(seconds).toBeGreaterThanOrEqual(0);
  });

  it('passes an error on', () => {
    const broken = () => {
      throw new RangeError('it broke');
    };
    expect(() => sample(broken, 0)).toThrow('it broke');
  });
});
