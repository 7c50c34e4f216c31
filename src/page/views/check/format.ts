import type { Shape } from '../../../tensor/shape.js';

/** A number in a few digits, with a power of ten where that is shorter. */
export function digits(x: number, count = 6): string {
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return x.toExponential(Math.min(count - 1, 3));
  return String(Number(x.toPrecision(count)));
}

/** A step or an error: two digits and a power of ten. */
export const power = (x: number): string => (x === 0 ? '0' : x.toExponential(1).replace('.0e', 'e'));

/** `[4, 2]` as `4 x 2`. */
export const sizes = (shape: Shape): string => (shape.length === 0 ? '1' : shape.join(' × '));
