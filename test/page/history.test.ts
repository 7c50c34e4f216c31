import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { extended, type History, NO_HISTORY, type Point } from '../../src/page/shared/history.js';

const MAX = 8;
const steps = (values: readonly number[]): Point[] =>
  values.map((loss, i) => ({ at: i + 1, loss, reconstruction: 2 * loss, kl: -loss }));

/** The sum of the losses that a history stands for. */
const total = ({ points, stride, open }: History): number =>
  points.reduce((sum, { loss }) => sum + stride * loss, 0) +
  (open === null ? 0 : open.count * open.mean.loss);

describe('the history of a training', () => {
  it('stays bounded, in order, and keeps the mean, however the steps come in', () => {
    const values = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 200 });
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 20 }), (losses, chunk) => {
        const all = steps(losses);
        let history = NO_HISTORY;
        for (let i = 0; i < all.length; i += chunk) history = extended(history, all.slice(i, i + chunk), MAX);
        const { points, stride, open } = history;
        expect(points.length).toBeLessThan(MAX);
        expect(stride * points.length + (open?.count ?? 0)).toBe(all.length);
        expect(points.map(({ at }) => at)).toEqual(points.map((_, i) => (i + 1) * stride));
        expect(total(history)).toBeCloseTo(
          losses.reduce((a, b) => a + b, 0),
          6,
        );
        for (const { loss, reconstruction, kl } of points) {
          expect(reconstruction).toBeCloseTo(2 * loss, 6);
          expect(kl).toBeCloseTo(-loss, 6);
        }
        expect(extended(NO_HISTORY, all, MAX)).toEqual(history);
      }),
    );
  });

  it('holds each step as it is while there are few', () => {
    const few = steps([3, 1, 2]);
    expect(extended(NO_HISTORY, few)).toEqual({ points: few, stride: 1, open: null });
  });
});
