import { describe, expect, it } from 'vitest';
import { integer, real } from '../../src/cli/arguments.js';

describe('parsers of options', () => {
  it('take what is allowed', () => {
    expect(integer(1)('12')).toBe(12);
    expect(integer(0)('1e3')).toBe(1000);
    expect(real()('0')).toBe(0);
    expect(real({ positive: true })('.5')).toBe(0.5);
  });

  it('say what is allowed', () => {
    expect(() => integer(1)('1.5')).toThrow('It must be an integer of 1 or more.');
    expect(() => integer(1, 10)('11')).toThrow('It must be an integer from 1 to 10.');
    expect(() => real()('-0.1')).toThrow('It must be a finite number of 0 or more.');
    expect(() => real({ positive: true })('0')).toThrow('It must be a finite number above 0.');
  });
});
