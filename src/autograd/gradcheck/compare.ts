import { allocate } from '../../tensor/dtype.js';
import { Random, type RandomStream } from '../../tensor/random/index.js';
import { Tensor } from '../../tensor/tensor.js';
import type { Analytic } from './analytic.js';
import { type CheckedFunction, CheckStopped, checkDeterministic, checkFinite, indexOf } from './evaluate.js';
import { centralDifference, type Direction, extrapolate, type Slope } from './numeric.js';
import { type GradcheckSettings, MOST_ELEMENTS } from './options.js';
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

/**
 * Rounding hides a derivative this much smaller than the values it is a difference of: at h = 1e-5 a value of 1
 * is uncertain by about 1e-16, and so its slope by 1e-11, which is 1e-8 of a slope of 1e-3.
 */
const HIDDEN = 1e-3;

/**
 * Fills with numbers of either sign and magnitude 1/2 to 1: none so small that it hides an error, none so
 * large that a step leaves the region meant, and no two alike, so that errors do not cancel.
 */
function randomSigned(stream: RandomStream, size: number): Float64Array {
  const draws = stream.uniform(new Float64Array(size), -1, 1);
  return draws.map((u) => u / 2 + (u < 0 ? -0.5 : 0.5));
}

/** Random cotangents in the shapes of the outputs. */
export function randomCotangents(outputs: readonly Tensor[], stream: RandomStream): Tensor[] {
  return outputs.map((y) => new Tensor(randomSigned(stream, y.size), y.shape));
}

/** <v, f>, and the sum of its absolute terms. */
function absoluteValue(outputs: readonly Tensor[], cotangents: readonly Tensor[]): number {
  let total = 0;
  outputs.forEach((y, k) => {
    for (let j = 0; j < y.size; j++) total += Math.abs(y.data[j] * cotangents[k].data[j]);
  });
  return total;
}

interface Displacement {
  readonly input: number | null;
  readonly element: number | null;
  readonly number: number | null;
  readonly direction: Direction;
  readonly step: number;
}

/** One displacement for each element: one unit, with a step in proportion to the element where that is above 1. */
function* elementDisplacements(
  inputs: readonly Tensor[],
  { step, held }: GradcheckSettings,
): Generator<Displacement> {
  for (let input = 0; input < inputs.length; input++) {
    if (held.has(input)) continue;
    for (let element = 0; element < inputs[input].size; element++) {
      const unit = allocate('float64', inputs[input].size);
      unit[element] = 1;
      const direction = inputs.map((_, k) => (k === input ? unit : null));
      const scale = Math.max(1, Math.abs(inputs[input].data[element]));
      yield { input, element, number: null, direction, step: step * scale };
    }
  }
}

/** Random directions of all inputs together, and of each by itself. */
function* randomDisplacements(
  inputs: readonly Tensor[],
  { step, directions, held }: GradcheckSettings,
  stream: RandomStream,
): Generator<Displacement> {
  const scaled = (x: Tensor): Float64Array =>
    randomSigned(stream, x.size).map((d, i) => d * Math.max(1, Math.abs(x.data[i])));
  const filled = inputs.map((_, k) => k).filter((k) => inputs[k].size > 0 && !held.has(k));
  const together = (): Direction => inputs.map((x, k) => (held.has(k) ? null : scaled(x)));
  for (let number = 0; number < directions; number++) {
    if (filled.length > 1) yield { input: null, element: null, number, direction: together(), step };
    for (const input of filled) {
      const direction = inputs.map((x, k) => (k === input ? scaled(x) : null));
      yield { input, element: null, number, direction, step };
    }
  }
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

/** Derivatives that differ by more than this part of the tolerance are measured again. */
const CAREFUL = 0.1;

interface Measured {
  readonly slope: Slope;
  /** The analytic value. */
  readonly value: number;
  /** Numeric minus analytic. */
  readonly excess: number;
  readonly scale: number;
}

/** Steps of the second measurement, in steps of the first. Four times the last stays below 0.002 at h = 1e-5. */
const LARGER_STEPS = [1, 32];

/**
 * The excess measured with more care: the difference formula's own error taken out by its values at 2h and 4h (where a
 * derivative vanishes together with the values, as of x^3 at 0, that error is all there is), and if that is not it, the
 * same with larger steps, where rounding weighs less. A wrong rule differs from all of these.
 */
function remeasured(
  { excess, scale }: Measured,
  measure: (h: number) => Measured,
  step: number,
  goal: number,
): number {
  let least = excess;
  try {
    for (const factor of LARGER_STEPS) {
      const at = (multiple: number): number => measure(multiple * factor * step).excess;
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
  const mode = settings.mode ?? (total <= MOST_ELEMENTS ? 'elements' : 'directions');
  const stream = new Random(settings.seed).stream('gradcheck').split('directions');
  const floor = HIDDEN * absoluteValue(analytic.outputs, cotangents);
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
    const at = describePlace(place);
    const measure = (h: number): Measured => {
      const slope = centralDifference(f, inputs, direction, h, cotangents, at);
      const [value, absolute] = alongDirection(analytic.gradients, slope.direction);
      return { slope, value, excess: slope.value - value, scale: Math.max(absolute, slope.absolute, floor) };
    };
    const first = measure(step);
    const { slope, value, excess, scale } = first;
    const goal = settings.tolerance * CAREFUL;
    const remains = Math.abs(excess) <= goal * scale ? excess : remeasured(first, measure, step, goal);
    const error = remains === 0 ? 0 : Math.abs(remains) / scale;
    // By one element, the derivative itself, not times the rounded displacement.
    const unit = (input === null || element === null ? null : slope.direction[input]?.[element]) ?? 1;
    yield { ...place, analytic: value / unit, numeric: (value + remains) / unit, step, error };
  }
}
