import { describe, expect, it } from 'vitest';
import {
  bestOfEach,
  formatComparison,
  limitLine,
  limitOf,
  rateColumns,
  ratio,
} from '../../../bench/report/comparison.js';
import { summarize } from '../../../bench/report/statistics.js';
import type { Measured } from '../../../bench/suite.js';

const reading = (family: string, setting: string, row: string, seconds: number[], threads = 1): Measured => ({
  who: { family, name: `${family}${setting}`, threads },
  row,
  values: { seconds: summarize(seconds) },
});

const limits: Measured[] = [
  { who: limitOf(2), row: '1', values: { flops: summarize([90e9, 100e9, 50e9]) } },
  { who: limitOf(2), row: '2', values: { flops: summarize([200e9]) } },
];

const results: Measured[] = [
  ...limits,
  reading('pathwise', ', 1', 'a', [4, 5, 6]),
  reading('pathwise', ', 2', 'a', [2, 2.5, 3], 2),
  reading('PyTorch', ', 1', 'a', [10]),
  reading('PyTorch', ', 2', 'a', [5], 2),
  reading('pathwise', ', 1', 'b', [1]),
];

describe('a comparison', () => {
  it('shows all settings of ours and the best of each peer', () => {
    expect(bestOfEach(results).map(({ row, who }) => [row, who.name])).toEqual([
      ['a', 'pathwise, 1'],
      ['a', 'pathwise, 2'],
      ['a', 'PyTorch, 2'],
      ['b', 'pathwise, 1'],
    ]);
  });

  it('divides the best of ours by theirs', () => {
    expect(bestOfEach(results).map((measured) => ratio(results, measured))).toEqual([null, null, 0.5, null]);
    const alone = reading('NumPy', '', 'c', [1]);
    expect(ratio([...results, alone], alone)).toBeNull();
  });

  it('quotes rates against the best limit of as many threads', () => {
    const [rate, share] = rateColumns(results, () => 100e9);
    const shown = bestOfEach(results).map((measured) => [rate.cell(measured), share.cell(measured)]);
    expect(shown).toEqual([
      ['20.0', '20 %'],
      ['40.0', '20 %'],
      ['20.0', '10 %'],
      ['100', '100 %'],
    ]);
    const [, unknown] = rateColumns([], () => 100e9);
    expect(unknown.cell(results[2])).toBe('-');
    expect(limitLine(results)).toBe('  limit of 128-bit SIMD: 100 GFLOP/s on 1, 200 GFLOP/s on 2 threads');
  });

  it('prints median, minimum, maximum and the ratio, and no ratio where there is nobody to compare with', () => {
    const lines = formatComparison(results).split('\n');
    expect(lines[0]).toMatch(/median +min +max +ours \/ it$/);
    expect(lines[2]).toMatch(/a +pathwise, 2 +2\.50 s +2\.00 s +3\.00 s$/);
    expect(lines[3]).toMatch(/a +PyTorch, 2 +5\.00 s +5\.00 s +5\.00 s +0\.500$/);
    expect(formatComparison([results[2]])).not.toContain('ours');
  });

  it('shows the note of one that has no time', () => {
    const unable: Measured = {
      who: { family: 'tfjs', name: 'tfjs wasm', threads: 1 },
      row: 'b',
      note: 'cannot',
      values: {},
    };
    const lines = formatComparison(
      [...results, unable],
      rateColumns(results, () => 1),
    ).split('\n');
    expect(lines.at(-1)).toMatch(/b +tfjs wasm +cannot$/);
  });
});
