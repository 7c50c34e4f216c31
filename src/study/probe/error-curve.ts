import { elementDisplacements } from '../../autograd/gradcheck/displacements.js';
import { complete, type Given, integer, list, number, optional } from '../../nn/schema/index.js';
import { runThrough } from '../../tensor/run-through.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { LatentVariableModel } from '../../vae/model.js';
import { largest } from './choose.js';
import { differenceAlong, gradientOf, kinksAcross, type ProbeEntry } from './difference.js';
import { checkElement, checkStep, subjectSchema } from './options.js';
import { type FittedSlopes, fitSlopes } from './slopes.js';
import { subjectOf } from './subject.js';

/** The error of a central difference against its step, for one element. */
export interface ErrorCurve extends FittedSlopes {
  readonly points: readonly ProbeEntry[];
  /** The point with the smallest error. */
  readonly best: ProbeEntry;
}

const PER_DECADE = 3;
const LONGEST = -1;
const SHORTEST = -12;

/** 0.1, 0.046, 0.022, 0.01, ... 1e-12. */
export const curveSteps: readonly number[] = Array.from(
  { length: (LONGEST - SHORTEST) * PER_DECADE + 1 },
  (_, i) => Number((10 ** (LONGEST - i / PER_DECADE)).toPrecision(3)),
);

const curveSchema = {
  ...subjectSchema,
  /** Flat index. Defaults to the element with the largest gradient. */
  element: optional(integer({ help: 'a flat index' })),
  /** The steps h. Defaults to three in each power of ten, from 1e-1 down to 1e-12. */
  steps: list(number({ help: 'a step' }), { default: curveSteps, help: 'the steps h' }),
};
/** Options of {@link errorCurve}. */
export interface ErrorCurveOptions extends Given<typeof curveSchema> {}

/**
 * The error of a central difference against h, point by point, so that the caller can do something else in between. On a log-log
 * chart it has the shape of a V: on the right the error of the formula, h^2 |f'''| / 6, falls with slope 2; on the left the
 * rounding of the two values, about 1e-16 |f| / h, rises with slope -1.
 * @returns the whole curve. For arguments and errors see {@link probeParts}.
 */
export function* errorCurvePoints(
  vae: LatentVariableModel,
  x: Tensor,
  epsilon: Tensor,
  target: string,
  options: ErrorCurveOptions = {},
): Generator<ProbeEntry, ErrorCurve> {
  const { steps, element: chosen, ...settings } = complete(curveSchema, options, 'errorCurve');
  if (steps.length === 0) throw new RangeError('errorCurve: there are no steps; give one or more');
  for (const step of steps) checkStep('errorCurve', step);
  const subject = subjectOf(vae, x, epsilon, target, settings);
  const gradient = gradientOf(subject);
  const element = chosen ?? largest(gradient.value);
  checkElement('errorCurve', element, subject.at);
  const points: ProbeEntry[] = [];
  // From the longest step down: once a step crosses no kink, shorter ones do not either.
  let bends = true;
  for (const step of [...steps].sort((a, b) => b - a)) {
    const where = { step, held: new Set<number>(), elements: [[element]] };
    for (const displacement of elementDisplacements([subject.at], where)) {
      const kinks: number = bends ? kinksAcross(subject, displacement) : 0;
      bends = kinks > 0;
      const point = { ...differenceAlong(gradient, displacement), kinks };
      points.push(point);
      yield point;
    }
  }
  const best = points.reduce((min, point) => (point.error < min.error ? point : min));
  return { points, best, ...fitSlopes(points) };
}

/** {@link errorCurvePoints}, all at once. */
export const errorCurve = (...args: Parameters<typeof errorCurvePoints>): ErrorCurve =>
  runThrough(errorCurvePoints(...args));
