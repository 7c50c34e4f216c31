import { describe, expect, it } from 'vitest';
import { followCurve, parseStroke } from '../../../src/data/glyphs/curve.js';

function follow(notation: string, step = 0.05): [number, number][] {
  const { points, corners } = parseStroke(notation);
  const out: number[] = [];
  followCurve(points, corners, step, out);
  return Array.from({ length: out.length / 2 }, (_, i) => [out[2 * i], out[2 * i + 1]]);
}

describe('parseStroke', () => {
  it('reads points in hundredths and corners', () => {
    const { points, corners } = parseStroke(' -50,0  25,100! 0,7');
    expect([...points]).toEqual([-0.5, 0, 0.25, 1, 0, 0.07]);
    expect(corners).toEqual([false, true, false]);
  });

  it('refuses another notation', () => {
    expect(() => parseStroke('1,2 3;4')).toThrow("found '3;4'");
    expect(() => parseStroke('1,2')).toThrow('two or more');
    expect(() => parseStroke('')).toThrow(SyntaxError);
  });
});

describe('followCurve', () => {
  it('passes through every point, in order, in short steps', () => {
    const polyline = follow('-20,0 20,20 -20,60! 30,100');
    const found = [
      [-0.2, 0],
      [0.2, 0.2],
      [-0.2, 0.6],
      [0.3, 1],
    ].map(([x, y]) => polyline.findIndex(([px, py]) => Math.hypot(px - x, py - y) < 1e-12));
    expect(found).not.toContain(-1);
    expect([...found].sort((a, b) => a - b)).toEqual(found);
    expect(found.at(0)).toBe(0);
    expect(found.at(-1)).toBe(polyline.length - 1);
    for (let i = 1; i < polyline.length; i++) {
      const [[ax, ay], [bx, by]] = [polyline[i - 1], polyline[i]];
      expect(Math.hypot(bx - ax, by - ay)).toBeLessThan(0.1);
    }
  });

  it('keeps a straight line straight', () => {
    for (const [x, y] of follow('0,0 10,10 20,20 60,60')) expect(x).toBeCloseTo(y, 12);
  });

  it('stays near a circle whose points it is given', () => {
    const eighths = Array.from({ length: 9 }, (_, i) => {
      const angle = (i * Math.PI) / 4;
      return `${Math.round(10_000 * Math.cos(angle))},${Math.round(10_000 * Math.sin(angle))}`;
    });
    const inner = follow(eighths.join(' '), 5).slice(20, -20);
    expect(inner.length).toBeGreaterThan(50);
    for (const [x, y] of inner) expect(Math.abs(Math.hypot(x, y) - 100)).toBeLessThan(2);
  });

  it('turns sharply only at a corner', () => {
    const sharpest = (notation: string) => {
      const line = follow(notation, 0.01);
      return Math.max(
        ...line.slice(2).map(([x, y], i) => {
          const [[ax, ay], [bx, by]] = [line[i], line[i + 1]];
          const turn = Math.atan2(
            (bx - ax) * (y - by) - (by - ay) * (x - bx),
            (bx - ax) * (x - bx) + (by - ay) * (y - by),
          );
          return Math.abs(turn);
        }),
      );
    };
    expect(sharpest('0,0 50,0! 50,50')).toBeCloseTo(Math.PI / 2, 6);
    expect(sharpest('0,0 50,0 50,50')).toBeLessThan(0.2);
  });

  it('copes with points that coincide', () => {
    for (const [x, y] of follow('0,0 10,10 10,10 20,0')) expect(Number.isFinite(x + y)).toBe(true);
  });
});
