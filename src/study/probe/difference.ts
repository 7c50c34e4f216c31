import type { Displacement } from '../../autograd/gradcheck/displacements.js';
import { CheckStopped, indexOf } from '../../autograd/gradcheck/evaluate.js';
import { backward, noGrad, variable } from '../../autograd/index.js';
import { needsGradient } from '../../autograd/node.js';
import { zeros } from '../../tensor/create.js';
import type { TensorData } from '../../tensor/dtype.js';
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
  /** |analytic - numeric| relative to the larger of the two, and at least to a thousandth of f, below which rounding hides. */
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
  /** By the tensor that the subject is a function of. */
  readonly value: Tensor;
  /** The term at the point. */
  readonly term: number;
}

/** Backpropagates through the subject once. */
export function gradientOf(subject: Subject): Gradient {
  const x = variable(subject.at);
  const y = subject.held(x);
  const value = (needsGradient(y) ? backward(y).find(x) : undefined) ?? zeros(x.shape, { dtype: x.dtype });
  return { subject, value, term: y.item() };
}

/** Rounding hides a derivative this much smaller than the value it is a difference of. */
const HIDDEN = 1e-3;

/** The tensor of a subject, h times a direction from its point. */
function moved({ at }: Subject, direction: TensorData, h: number): Tensor {
  const data = new Float64Array(at.data);
  for (let i = 0; i < data.length; i++) if (direction[i] !== 0) data[i] += h * direction[i];
  return new Tensor(data, at.shape);
}

/**
 * Takes one difference; kinks are not counted.
 * @throws CheckStopped when a displaced value is not finite.
 */
export function differenceAlong(
  { subject, value: gradient, term }: Gradient,
  { element, number, direction: [along], step }: Displacement,
): ProbeEntry {
  const direction = along ?? new Float64Array(subject.at.size);
  const [above, below] = [step, -step].map((h) => moved(subject, direction, h));
  const [high, low] = noGrad(() => [above, below].map((t) => subject.evaluated(t).item()));
  if (!Number.isFinite(high) || !Number.isFinite(low)) {
    throw new CheckStopped(`'${subject.name}' is ${high} one step up, and ${low} one step down`);
  }
  const slope = (high - low) / (2 * step);
  // Along the displacement as it is after rounding.
  const actual = Array.from(above.data, (x, i) => (x - below.data[i]) / (2 * step));
  const terms = actual.map((d, i) => gradient.data[i] * d);
  const value = terms.reduce((sum, t) => sum + t, 0);
  const absolute = terms.reduce((sum, t) => sum + Math.abs(t), 0);
  const excess = slope - value;
  const scale = Math.max(absolute, Math.abs(slope), HIDDEN * Math.abs(term));
  // For one element, the derivative itself, not times the rounded displacement.
  const unit = element === null ? 1 : actual[element];
  return {
    element,
    index: element === null ? null : indexOf(element, subject.at.shape),
    direction: number,
    value: element === null ? null : subject.at.data[element],
    analytic: value / unit,
    numeric: slope / unit,
    step,
    error: excess === 0 ? 0 : Math.abs(excess) / scale,
    kinks: 0,
  };
}

/** Activations that change sides of a kink between the two ends of a displacement. */
export function kinksAcross(subject: Subject, { direction: [direction], step }: Displacement): number {
  if (direction === null) return 0;
  // Variables, so that their graphs are recorded.
  const [a, b] = [step, -step].map((h) => subject.held(variable(moved(subject, direction, h))));
  return kinksCrossed(a, b);
}
