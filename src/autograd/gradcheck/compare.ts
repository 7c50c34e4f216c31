import type { Tensor } from '../../tensor/tensor.js';
import { Random } from '../ops/random.js';
import type { Analytic } from './analytic.js';
import { elementDisplacements, randomDisplacements } from './displacements.js';
import { type CheckedFunction, CheckStopped, checkDeterministic, checkFinite, indexOf } from './evaluate.js';
import { type Measured, measure } from './measure.js';
import { extrapolate } from './numeric.js';
import { type GradcheckSettings, MAX_ELEMENTS } from './options.js';
import { describePlace, type GradcheckEntry } from './report.js';

/** One function at one point, with what is needed to compare any of its derivatives. */
export interface Comparison {
  readonly f: CheckedFunction;
  readonly inputs: readonly Tensor[];
  readonly inputNames: readonly string[];
  readonly output: string;
  readonly order: 1 | 2;
  readonly settings: GradcheckSettings;
}

/** Derivatives that differ by more than this part of the tolerance are measured again. */
const CAREFUL = 0.1;

/** Steps of the second measurement, in steps of the first. Four times the last stays below 0.002 at h = 1e-5. */
const LARGER_STEPS = [1, 32];

/**
 * The excess measured with more care: the difference formula's own error taken out by its values at 2h and 4h (where a
 * derivative vanishes together with the values, as of x^3 at 0, that error is all there is), and if that is not it, the
 * same with larger steps, where rounding weighs less. A wrong rule differs from all of these.
 */
function remeasured(
  { excess, scale }: Measured,
  again: (h: number) => Measured,
  step: number,
  goal: number,
): number {
  let least = excess;
  try {
    for (const factor of LARGER_STEPS) {
      const at = (multiple: number): number => again(multiple * factor * step).excess;
      const limit = extrapolate(factor === 1 ? excess : at(1), at(2), at(4));
      if (Math.abs(limit) < Math.abs(least)) least = limit;
      if (Math.abs(least) <= goal * scale) break;
    }
  } catch (error) {
    // The larger steps leave the domain of the function: what is known by then stands.
    if (!(error instanceof CheckStopped)) throw error;
  }
  return least;
}

/**
 * Compares the derivatives of one function at one point, each entry as it is made.
 * @throws CheckStopped when the function cannot be checked there.
 */
export function* compareGradients(
  comparison: Comparison,
  analytic: Analytic,
  cotangents: readonly Tensor[],
): Generator<GradcheckEntry> {
  const { f, inputs, inputNames, output, order, settings } = comparison;
  const here = 'at the given inputs';
  checkFinite(analytic.outputs, (k) => `'${output}', output ${k}`, here);
  checkFinite(analytic.gradients, (k) => `'${output}', the gradient of ${inputNames[k]}`, here);
  checkDeterministic(f, inputs, analytic.outputs);

  const total = inputs.reduce((sum, x, k) => sum + (settings.held.has(k) ? 0 : x.size), 0);
  const mode = settings.mode ?? (total <= MAX_ELEMENTS ? 'elements' : 'directions');
  const stream = new Random(settings.seed).stream('gradcheck').split('directions');
  const at = { f, inputs, cotangents, ...analytic };
  const displacements =
    mode === 'elements'
      ? elementDisplacements(inputs, settings)
      : randomDisplacements(inputs, settings, stream);
  for (const { input, element, number, direction, step } of displacements) {
    const place = {
      output,
      order,
      input,
      inputName: input === null ? 'all inputs' : inputNames[input],
      element: input === null || element === null ? null : indexOf(element, inputs[input].shape),
      direction: number,
    };
    const where = describePlace(place);
    const again = (h: number): Measured => measure(at, direction, h, where);
    const first = again(step);
    const { slope, value, excess, scale } = first;
    const goal = settings.tolerance * CAREFUL;
    const remains = Math.abs(excess) <= goal * scale ? excess : remeasured(first, again, step, goal);
    const error = remains === 0 ? 0 : Math.abs(remains) / scale;
    // By one element, the derivative itself, not times the rounded displacement.
    const unit = (input === null || element === null ? null : slope.direction[input]?.[element]) ?? 1;
    yield { ...place, analytic: value / unit, numeric: (value + remains) / unit, step, error };
  }
}
