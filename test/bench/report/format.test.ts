import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatRate,
  formatSeconds,
  formatShare,
  significant,
} from '../../../bench/report/format.js';
import { formatTable } from '../../../bench/report/table.js';

describe('figures', () => {
  it.each([
    [0, '0.00'],
    [1234, '1230'],
    [9.996, '10.0'],
    [0.0012345, '0.00123'],
    [-2.5, '-2.50'],
    [Number.NaN, 'NaN'],
  ])('%d to three digits is %s', (x, text) => {
    expect(significant(x)).toBe(text);
  });

  it('keep their value to the digits shown', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-9, max: 1e15, noNaN: true }), (x) => {
        expect(Number(significant(x))).toBe(Number(x.toPrecision(3)));
      }),
    );
  });

  it.each([
    [12.34, '12.3 s'],
    [0.0721, '72.1 ms'],
    [2.06e-6, '2.06 us'],
    [8.34e-7, '834 ns'],
  ])('%d seconds are %s', (x, text) => {
    expect(formatSeconds(x)).toBe(text);
  });

  it('bytes, rates and shares', () => {
    expect([0, 1023, 1024, 3_670_016, 2 ** 31].map(formatBytes)).toEqual([
      '0.00 B',
      '1020 B',
      '1.00 KiB',
      '3.50 MiB',
      '2.00 GiB',
    ]);
    expect([0.5, 999, 7.77e6].map(formatRate)).toEqual(['0.500 ', '999 ', '7.77 M']);
    expect(formatShare(0.314)).toBe('31 %');
  });
});

describe('formatTable', () => {
  it('aligns names left and figures right', () => {
    expect(
      formatTable(
        ['', 'time', 'n'],
        [
          ['a', '1 ms', '10'],
          ['long', '10 ms', '9'],
        ],
      ),
    ).toBe(['         time   n', '  a      1 ms  10', '  long  10 ms   9'].join('\n'));
  });

  it('ends every column at the same place in every line', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '1', '.'), minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { minLength: 1 }), (rows) => {
        const lines = formatTable(['name', 'x', 'y'], rows).split('\n');
        expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
        expect(lines.slice(1).map((line) => line.trim().split(/\s+/))).toEqual(rows);
      }),
    );
  });

  it('refuses a row with a cell too few', () => {
    expect(() => formatTable(['a', 'b'], [['1']])).toThrow('the row [1] has 1 cells for 2 columns');
  });
});
