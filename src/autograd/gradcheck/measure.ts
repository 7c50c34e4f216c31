import type { Tensor } from '../../tensor/tensor.js';
import type { CheckedFunction } from './evaluate.js';
import { centralDifference, type Direction, type Slope } from './numeric.js';

/**
 * Rounding hides a derivative this much smaller than the values it is a difference of: at h = 1e-5 a value of 1
 * is uncertain by about 1e-16, and so its slope by 1e-11, which is 1e-8 of a slope of 1e-3.
 */
const HIDDEN = 1e-3;

/** The sum of the absolute terms of <v, f>. */
function absoluteValue(outputs: readonly Tensor[], cotangents: readonly Tensor[]): number {
  let total = 0;
  outputs.forEach((y, k) => {
    for (let j = 0; j < y.size; j++) total += Math.abs(y.data[j] * cotangents[k].data[j]);
  });
  return total;
}

/** <gradient, d>, and the sum of its absolute terms. */
function alongDirection(
  gradients: readonly Tensor[],
  direction: Direction,
): [value: number, absolute: number] {
  let value = 0;
  let absolute = 0;
  direction.forEach((d, k) => {
    for (let i = 0; d !== null && i < d.length; i++) {
      const term = gradients[k].data[i] * d[i];
      value += term;
      absolute += Math.abs(term);
    }
  });
  return [value, absolute];
}

/** A function at one point, with its gradients there by backpropagation of the cotangents. */
export interface Differentiated {
  readonly f: CheckedFunction;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly cotangents: readonly Tensor[];
  readonly gradients: readonly Tensor[];
}

/** One derivative, from the rules and by a central difference. */
export interface Measured {
  readonly slope: Slope;
  /** The analytic value. */
  readonly value: number;
  /** Numeric minus analytic. */
  readonly excess: number;
  /** What the excess is an error relative to. */
  readonly scale: number;
}

/**
 * The derivative of <v, f> along a direction, both ways; the scale is the largest of the absolute terms of either, and of a
 * thousandth of the value's own.
 * @param where for messages
 * @throws CheckStopped when a displaced value is not finite, or has another shape.
 */
export function measure(at: Differentiated, direction: Direction, step: number, where: string): Measured {
  const slope = centralDifference(at.f, at.inputs, direction, step, at.cotangents, where);
  const [value, absolute] = alongDirection(at.gradients, slope.direction);
  const floor = HIDDEN * absoluteValue(at.outputs, at.cotangents);
  return { slope, value, excess: slope.value - value, scale: Math.max(absolute, slope.absolute, floor) };
}
