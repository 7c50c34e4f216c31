import { analyticGradients } from '../../autograd/gradcheck/analytic.js';
import type { Displacement } from '../../autograd/gradcheck/displacements.js';
import { indexOf } from '../../autograd/gradcheck/evaluate.js';
import { type Differentiated, measure } from '../../autograd/gradcheck/measure.js';
import { variable } from '../../autograd/index.js';
import { ones } from '../../tensor/create.js';
import { Tensor } from '../../tensor/tensor.js';
import { kinksCrossed } from '../../vae/kink-distance.js';
import type { Subject } from './subject.js';

/** One derivative, from the rules and by a central difference. */
export interface ProbeEntry {
  /** Flat index; null along a random direction. */
  readonly element: number | null;
  /** That element as one index for each dimension. */
  readonly index: readonly number[] | null;
  /** Number of the random direction; null for an element. */
  readonly direction: number | null;
  /** The value of the element; null along a direction. */
  readonly value: number | null;
  /** By backpropagation, epsilon held. */
  readonly analytic: number;
  /** (f(x + h) - f(x - h)) / 2h, unmodified. */
  readonly numeric: number;
  /** h, times max(1, |x|) of the element. */
  readonly step: number;
  /** |analytic - numeric| relative to the larger of the two, and at least to a thousandth of f, as in gradcheck. */
  readonly error: number;
  /**
   * Activations on different sides of their kink at x + h and x - h: if there are any, the difference means little. Not
   * counted, and 0, if the derivative agrees.
   */
  readonly kinks: number;
}

/** The gradient of a subject at its point. */
export interface Gradient {
  readonly subject: Subject;
  readonly value: Tensor;
  readonly at: Differentiated;
}

/** Backpropagates through the subject once. */
export function gradientOf(subject: Subject): Gradient {
  const cotangents = [ones([], { dtype: 'float64' })];
  const { outputs, gradients } = analyticGradients(subject.held, [subject.at], new Set(), () => cotangents);
  const at = { f: subject.evaluated, inputs: [subject.at], outputs, cotangents, gradients };
  return { subject, value: gradients[0], at };
}

/**
 * Takes one difference; kinks are not counted.
 * @throws CheckStopped when a displaced value is not finite.
 */
export function differenceAlong(
  { subject, at }: Gradient,
  { element, number, direction, step }: Displacement,
): ProbeEntry {
  const { slope, value, excess, scale } = measure(at, direction, step, `'${subject.name}'`);
  // For one element, the derivative itself, not times the rounded displacement.
  const unit = (element === null ? null : slope.direction[0]?.[element]) ?? 1;
  return {
    element,
    index: element === null ? null : indexOf(element, subject.at.shape),
    direction: number,
    value: element === null ? null : subject.at.data[element],
    analytic: value / unit,
    numeric: (value + excess) / unit,
    step,
    error: excess === 0 ? 0 : Math.abs(excess) / scale,
    kinks: 0,
  };
}

/** Activations that change sides of a kink between the two ends of a displacement. */
export function kinksAcross({ at, held }: Subject, { direction: [direction], step }: Displacement): number {
  if (direction === null) return 0;
  const moved = (h: number): Tensor => {
    const data = new Float64Array(at.data);
    for (let i = 0; i < data.length; i++) if (direction[i] !== 0) data[i] += h * direction[i];
    // A variable, so that its graph is recorded.
    return held(variable(new Tensor(data, at.shape)));
  };
  return kinksCrossed(moved(step), moved(-step));
}
