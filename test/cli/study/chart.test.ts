import { describe, expect, it } from 'vitest';
import { chartSvg } from '../../../src/cli/study/chart.js';
import type { Chart } from '../../../src/study/index.js';

const chart = (given: Partial<Chart>): Chart => ({
  title: 'Variance & <bias>',
  x: { label: 'samples', log: true },
  y: { label: 'variance', log: true },
  series: [{ name: 'pathwise', points: [1, 10, 100].map((k) => [k, 2 / k] as const) }],
  ...given,
});
/** The commands of the curves: M starts one, L goes on. */
const curves = (svg: string): string[] => [...svg.matchAll(/<path d="([^"]*)"/g)].map(([, d]) => d);
const points = (d: string): [number, number][] =>
  [...d.matchAll(/[ML]([\d.-]+),([\d.-]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

describe('chartSvg', () => {
  it('draws a power law as a straight line where both axes are logarithmic', () => {
    const [a, b, c] = points(curves(chartSvg(chart({})))[0]);
    expect((b[1] - a[1]) / (b[0] - a[0])).toBeCloseTo((c[1] - b[1]) / (c[0] - b[0]), 2);
    expect(c[0]).toBeGreaterThan(a[0]);
    // Larger values stand higher, and y grows downwards.
    expect(c[1]).toBeGreaterThan(a[1]);
  });

  it('leaves gaps for what it cannot show', () => {
    const series = [
      {
        name: 'a',
        points: [
          [1, 1],
          [2, Number.NaN],
          [3, 2],
          [4, 0],
          [5, 3],
        ] as [number, number][],
      },
    ];
    expect(curves(chartSvg(chart({ series })))[0].match(/M/g)).toHaveLength(3);
    const linear = { label: 'y' };
    expect(curves(chartSvg(chart({ series, y: linear })))[0].match(/M/g)).toHaveLength(2);
  });

  it('has every name in it as text, and no markup from outside', () => {
    const names = ['a<b', 'c', 'd', 'e'];
    const svg = chartSvg(chart({ series: names.map((name) => ({ name, points: [[1, 1]] })) }));
    for (const text of [
      'a&#60;b',
      '>c<',
      '>d<',
      '>e<',
      'Variance &#38; &#60;bias&#62;',
      'samples',
      'variance',
    ])
      expect(svg).toContain(text);
    expect(svg).not.toContain('<bias>');
  });

  it.each([
    ['nothing', []],
    ['one point', [[3, 3]]],
    ['nothing that can be shown', [[0, 0]]],
  ] as [string, [number, number][]][])('draws axes for %s', (_, given) => {
    const svg = chartSvg(chart({ series: [{ name: 'a', points: given }] }));
    expect(svg.match(/class="grid"/g)?.length).toBeGreaterThan(1);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
  });
});
