import { describe, expect, it } from 'vitest';
import { integer, real, sigma, widths } from '../../src/cli/arguments.js';

describe('parsers of options', () => {
  it('take what is allowed', () => {
    expect(integer(1)('12')).toBe(12);
    expect(integer(0)('1e3')).toBe(1000);
    expect(real()('0')).toBe(0);
    expect(real({ positive: true })('.5')).toBe(0.5);
    expect(sigma('learned')).toBe('learned');
    expect(sigma('0.1')).toBe(0.1);
    expect(widths('512,256')).toEqual([512, 256]);
    expect(widths('64')).toEqual([64]);
  });

  it.each(['0', '-1', '1.5', '', 'ten', 'NaN', 'Infinity', '0x10', '1e400', '9007199254740993'])(
    'refuse %j as a whole number, saying what is allowed',
    (text) => expect(() => integer(1)(text)).toThrow('It must be a whole number, 1 or more.'),
  );

  it('say the range where there is one', () => {
    expect(() => integer(1, 10)('11')).toThrow('a whole number from 1 to 10');
    expect(() => real()('-0.1')).toThrow('a number of 0 or more');
    expect(() => real({ positive: true })('0')).toThrow('a number above 0');
    expect(() => sigma('small')).toThrow("a number above 0, or 'learned'");
  });

  it.each(['', '512,', '512,0', '12.5', 'a,b', '512 256'])('refuse %j as widths', (text) => {
    expect(() => widths(text)).toThrow('as 512,256');
  });
});
