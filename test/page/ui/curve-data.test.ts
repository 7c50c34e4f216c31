import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignSeries, describeCurve, spread } from '../../../src/page/ui/curve-data.js';
import { formatNumber } from '../../../src/tensor/format.js';

const rising = fc
  .uniqueArray(fc.integer({ min: -50, max: 50 }), { maxLength: 12 })
  .map((x) => x.sort((a, b) => a - b));

describe('the data of a chart', () => {
  it('has every value of every series at its x, and gaps elsewhere', () => {
    fc.assert(
      fc.property(fc.array(rising, { maxLength: 4 }), (all) => {
        const series = all.map((x, s) => ({ label: String(s), x, y: x.map((value) => value * 10 + s) }));
        const { x, y } = alignSeries(series);
        expect(x).toEqual([...new Set(all.flat())].sort((a, b) => a - b));
        y.forEach((values, s) => {
          expect(values).toEqual(x.map((value) => (all[s].includes(value) ? value * 10 + s : null)));
        });
      }),
    );
  });

  it('leaves gaps where an axis cannot show a value', () => {
    const series = [{ label: 'a', x: [0, 1, 2, 3], y: [1, -1, Number.NaN, 5] }];
    expect(alignSeries(series, { logX: true, logY: true })).toEqual({ x: [1, 2, 3], y: [[null, null, 5]] });
  });

  it('shows rows evenly, the first and the last among them', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({ min: 2, max: 20 }), (count, most) => {
        const rows = spread(count, most);
        expect(rows.length).toBe(Math.min(count, most));
        expect(new Set(rows).size).toBe(rows.length);
        if (count > 0) expect([rows[0], rows.at(-1)]).toEqual([0, count - 1]);
      }),
    );
  });

  it('says in words what there is to see', () => {
    expect(
      describeCurve('Loss', 'step', [
        { label: 'train', x: [1, 2], y: [180.1234, 90] },
        { label: 'test', x: [], y: [] },
      ]),
    ).toBe('Loss. train: from 180.1 at step 1 to 90 at step 2; test: no values yet.');
    expect([1234567.8, 0.00001234, 12, Number.NaN].map((x) => formatNumber(x))).toEqual([
      '1.235e6',
      '1.234e-5',
      '12',
      'NaN',
    ]);
  });
});
