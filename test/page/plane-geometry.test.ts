import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  centres,
  fromCanvas,
  nearest,
  reachOf,
  toCanvas,
} from '../../src/page/views/train/plane-geometry.js';

const coordinate = fc.double({ min: -20, max: 20, noNaN: true });
const anyFrame = fc.record({
  side: fc.integer({ min: 50, max: 2000 }),
  reach: fc.double({ min: 1, max: 50, noNaN: true }),
});
const anyPoints = fc.array(fc.tuple(coordinate, coordinate), { minLength: 1, maxLength: 30 });

describe('the latent plane', () => {
  it('goes to the canvas and back, upwards and to the right', () => {
    fc.assert(
      fc.property(anyFrame, coordinate, coordinate, (frame, x, y) => {
        const [left, top] = toCanvas(frame, x, y);
        const [backX, backY] = fromCanvas(frame, left, top);
        expect(backX).toBeCloseTo(x, 9);
        expect(backY).toBeCloseTo(y, 9);
        expect(toCanvas(frame, x + 1, y)[0]).toBeGreaterThan(left);
        expect(toCanvas(frame, x, y + 1)[1]).toBeLessThan(top);
      }),
    );
  });

  it('finds the nearest point, and none that is too far', () => {
    fc.assert(
      fc.property(
        anyPoints,
        coordinate,
        coordinate,
        fc.double({ min: 0, max: 10, noNaN: true }),
        (points, x, y, most) => {
          const flat = Float32Array.from(points.flat());
          const distances = points.map((_, i) => Math.hypot(flat[2 * i] - x, flat[2 * i + 1] - y));
          const found = nearest(flat, x, y, most);
          const least = Math.min(...distances);
          if (found >= 0) expect(distances[found]).toBeCloseTo(least, 9);
          else expect(least).toBeGreaterThan(most - 1e-9);
        },
      ),
    );
  });

  it('reaches as far as nearly all points, never less than the prior', () => {
    expect(reachOf(new Float32Array(0))).toBe(3.25);
    expect(reachOf(Float32Array.from([0.1, -0.2]))).toBe(3.25);
    expect(reachOf(new Float32Array(200).fill(-6))).toBe(7);
    expect(reachOf(new Float32Array(200).fill(Number.NaN))).toBe(3.25);
  });

  it('has the centre of each class that there is', () => {
    expect(centres(Float32Array.from([0, 1, 2, 3, 5, 5]), Uint8Array.from([0, 0, 2]), 3)).toEqual([
      [1, 2],
      undefined,
      [5, 5],
    ]);
  });
});
