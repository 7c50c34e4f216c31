import type { Tensor } from '../../tensor/tensor.js';
import { noGrad } from '../apply.js';
import { nodeOf } from '../node.js';
import { Random } from '../ops/random.js';
import { compareGradients } from './compare.js';
import { randomCotangents } from './displacements.js';
import { type CheckedFunction, CheckStopped, call, flatten } from './evaluate.js';
import { type GradcheckOptions, type GradcheckSettings, resolveOptions } from './options.js';
import { Recording } from './recording.js';
import {
  describeMismatch,
  type GradcheckEntry,
  GradcheckError,
  type GradcheckFailure,
  GradcheckReport,
} from './report.js';
import { vjpMap } from './vjp-map.js';

/** The op that made an output; a function that only hands its input back has none. */
const outputName = (outputs: readonly Tensor[]): string => {
  const names = outputs.map((y) => nodeOf(y)?.op?.name ?? y.label ?? 'the function');
  return [...new Set(names)].join(', ');
};

/** What {@link gradcheck} does, for chosen orders of derivatives. */
export function checkOrders(
  f: CheckedFunction,
  inputs: readonly Tensor[],
  options: GradcheckOptions,
  orders: readonly (1 | 2)[],
): GradcheckReport {
  const settings = resolveOptions(inputs, options);
  const points = inputs.map((x) => x.detach().to('float64'));
  const checks: GradcheckEntry[] = [];
  const failures: GradcheckFailure[] = [];
  let name = settings.name;
  const cotangentsFor = (order: 1 | 2, outputs: readonly Tensor[]): Tensor[] =>
    randomCotangents(outputs, new Random(settings.seed).stream(`gradcheck/cotangents ${order}`));

  const check = (
    f: CheckedFunction,
    inputs: readonly Tensor[],
    inputNames: readonly string[],
    order: 1 | 2,
  ): void => {
    const recording = new Recording({ f, inputs, inputNames }, settings.held);
    name ??= outputName(recording.outputs);
    // A derivative of one number is shown as it is.
    const one = recording.values.length === 1;
    const cotangents = one ? Float64Array.of(1) : flatten(cotangentsFor(order, recording.outputs));
    for (const entry of compareGradients({ recording, cotangents, output: name, order, settings })) {
      checks.push(entry);
      if (entry.verdict !== 'right')
        failures.push({ message: describeMismatch(entry, settings.tolerance), entry });
    }
  };

  try {
    if (orders.includes(1)) check(f, points, settings.inputNames, 1);
    if (orders.includes(2)) {
      const cotangents = cotangentsFor(
        1,
        noGrad(() => call({ f, inputs: points, inputNames: settings.inputNames }, () => false)).outputs,
      );
      const names = [...settings.inputNames, ...cotangents.map((_, k) => `cotangent ${k}`)];
      check(vjpMap(f, points.length, settings.held), [...points, ...cotangents], names, 2);
    }
    if (checks.length === 0) throw new CheckStopped(nothingCompared(points, settings));
  } catch (error) {
    if (!(error instanceof CheckStopped)) throw error;
    failures.push({ message: error.message, entry: null });
  }
  return new GradcheckReport(name ?? 'the function', checks, failures, settings.tolerance);
}

/** Why there was no derivative to compare. */
function nothingCompared(inputs: readonly Tensor[], { held, elements }: GradcheckSettings): string {
  const why =
    held.size === inputs.length
      ? 'all inputs are held'
      : elements?.every((list) => list.length === 0)
        ? 'no elements are chosen'
        : elements !== undefined
          ? 'the inputs whose elements are chosen are held'
          : 'the inputs have no elements';
  return `nothing was compared: ${why}`;
}

/**
 * Compares gradients from backpropagation with central differences, in float64 whatever the dtype of the inputs.
 *
 * An element is right where its derivative, dy/dx, agrees with the difference within the tolerance, relative to that derivative
 * alone: of each output, however large others are, and of each element of the inputs. A first difference over a small step
 * settles most. Where it does not, differences over many steps are extrapolated to zero (Richardson), and the error of the result is
 * bounded: by how it changes with the step, and by what rounding on the way to y can do, which the adjoints of all inner numbers say.
 * Where that error leaves open whether a rule is wrong by 1 % (a small derivative beside a large value, a kink), the
 * element is 'not decided', and the check has not passed. A random direction is judged as a whole, relative to
 * sum_i |dy/dx_i d_i|: elements that are a millionth of the others do not show in it.
 *
 * Every call gets a copy of the inputs, and one that writes into them fails; so do derivatives that are not finite on either
 * side, and a check with nothing to compare.
 *
 * f must be deterministic: hold random numbers (epsilon) fixed across evaluations.
 * @param f a function of tensors, with one tensor or a list of them as its result, of any shape.
 * @param inputs where to check; keep away from kinks, which a failure names.
 * @throws TypeError when f does not return tensors, RangeError on options that make no sense; DTypeError when f
 * mixes dtypes. What is wrong with gradients (also NaN, infinity, changing shapes or values) is in the report.
 * @example String(gradcheck((x) => tanh(x), [tensor([0.5, -1])])) // "gradcheck passed: 'tanh', 2 derivatives, ..."
 */
export function gradcheck(
  f: CheckedFunction,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): GradcheckReport {
  return checkOrders(f, inputs, options, options.order === 2 ? [1, 2] : [1]);
}

/**
 * Like {@link gradcheck}, for tests: throws unless there are derivatives and every one agrees.
 * @returns the report.
 * @throws GradcheckError with the report's text, and all that {@link gradcheck} throws.
 */
export function assertGradients(
  f: CheckedFunction,
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): GradcheckReport {
  const report = gradcheck(f, inputs, options);
  if (!report.passed) throw new GradcheckError(report);
  return report;
}
