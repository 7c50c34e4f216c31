import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CloudSeries, meanOf, outsideOf, scaleFor } from '../../../src/page/ui/cloud-scale.js';

const number = fc.float({ min: -1000, max: 1000, noNaN: true });
const seriesOf = (points: readonly (readonly [number, number])[]): CloudSeries => ({
  name: 'a',
  title: 'a',
  color: 'accent',
  mark: 'disc',
  x: Float32Array.from(points, ([x]) => x),
  y: Float32Array.from(points, ([, y]) => y),
  mean: { x: 0, y: 0 },
});
const points = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 200 });

describe('scaleFor', () => {
  it('keeps its centre, and shows all points but the farthest few', () => {
    fc.assert(
      fc.property(points, number, number, (list, x, y) => {
        const series = seriesOf(list);
        const scale = scaleFor([series], { x, y });
        expect(scale).toMatchObject({ x, y });
        expect(scale.half).toBeGreaterThan(0);
        expect(outsideOf(series, scale)).toBeLessThanOrEqual(Math.ceil(0.02 * list.length));
        // A tenth of it would not do.
        const reach = Math.max(...list.map(([a, b]) => Math.max(Math.abs(a - x), Math.abs(b - y))));
        if (list.length === 1 && reach > 1)
          expect(outsideOf(series, { x, y, half: scale.half / 10 })).toBe(1);
      }),
    );
  });

  it('is about the same from a part of many points', () => {
    const many = Array.from({ length: 5000 }, (_, i) => [Math.sin(i) * 10, Math.cos(3 * i) * 10] as const);
    const scale = scaleFor([seriesOf(many)], { x: 0, y: 0 });
    expect(scale.half).toBe(15);
    expect(outsideOf(seriesOf(many), scale)).toBe(0);
  });

  it('shows something where there are no points, and takes the widest of several series', () => {
    expect(scaleFor([seriesOf([])], { x: 0, y: 0 }).half).toBeGreaterThan(0);
    const [near, far] = [seriesOf([[1, 0]]), seriesOf([[0, -40]])];
    expect(scaleFor([near, far], { x: 0, y: 0 })).toEqual(scaleFor([far], { x: 0, y: 0 }));
    expect(scaleFor([near], { x: 0, y: 0 }).half).toBe(1.5);
  });
});

describe('meanOf', () => {
  it('is the mean, and NaN of nothing', () => {
    expect(meanOf(Float32Array.of(1, 3, 8))).toBe(4);
    expect(meanOf(new Float32Array(0))).toBeNaN();
  });
});
