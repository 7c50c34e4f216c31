import type { Tensor } from '../../tensor/tensor.js';
import { noGrad } from '../apply.js';
import { nodeOf } from '../node.js';
import { Random } from '../ops/random.js';
import { analyticGradients, vjpMap } from './analytic.js';
import { type Comparison, compareGradients } from './compare.js';
import { randomCotangents } from './displacements.js';
import { type CheckedFunction, CheckStopped, evaluate } from './evaluate.js';
import { type GradcheckOptions, resolveOptions } from './options.js';
import {
  describeMismatch,
  type GradcheckEntry,
  GradcheckError,
  type GradcheckFailure,
  GradcheckReport,
} from './report.js';

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

  const check = (about: Pick<Comparison, 'f' | 'inputs' | 'inputNames' | 'order'>): void => {
    let cotangents: readonly Tensor[] = [];
    const analytic = analyticGradients(about.f, about.inputs, settings.held, (outputs) => {
      name ??= outputName(outputs);
      cotangents = cotangentsFor(about.order, outputs);
      return cotangents;
    });
    const output = name ?? 'the function';
    for (const entry of compareGradients({ ...about, output, settings }, analytic, cotangents)) {
      checks.push(entry);
      if (!(entry.error <= settings.tolerance))
        failures.push({ message: describeMismatch(entry, settings.tolerance), entry });
    }
  };

  try {
    if (orders.includes(1)) check({ f, inputs: points, inputNames: settings.inputNames, order: 1 });
    if (orders.includes(2)) {
      const cotangents = cotangentsFor(
        1,
        noGrad(() => evaluate(f, points)),
      );
      check({
        f: vjpMap(f, points.length, settings.held),
        inputs: [...points, ...cotangents],
        inputNames: [...settings.inputNames, ...cotangents.map((_, k) => `cotangent ${k}`)],
        order: 2,
      });
    }
  } catch (error) {
    if (!(error instanceof CheckStopped)) throw error;
    failures.push({ message: error.message, entry: null });
  }
  return new GradcheckReport(name ?? 'the function', checks, failures, settings.tolerance);
}

/**
 * Compares gradients from backpropagation with central differences, in float64 whatever the dtype of the inputs.
 *
 * For random cotangents v, the derivative of <v, f(x)> along d is once <J^T v, d>, from the rules, and once
 * sum_j v_j (f_j(x + h d) - f_j(x - h d)) / 2h, from f alone. Their difference is taken relative to the largest of
 * sum_i |(J^T v)_i d_i|, sum_j |v_j (f_j(x + h d) - f_j(x - h d))| / 2h, and 0.001 sum_j |v_j f_j|: to the absolute
 * terms, so that a sum which happens to cancel is not held to more digits than it has; the last one because rounding
 * hides a derivative a thousand times smaller than the values. The step is h max(1, |x_i|) for each element. Where the
 * two come near the tolerance, differences over 2h and 4h, and over 32 times these, decide how much of that is the error
 * of the difference formula, which goes to zero with h, or of rounding, which grows.
 *
 * f must be deterministic: hold random numbers (epsilon) fixed across evaluations.
 * @param f a function of tensors, with one tensor or a list of them as its result, of any shape.
 * @param inputs where to check; keep a few steps away from kinks.
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
 * Like {@link gradcheck}, for tests: throws unless every derivative agrees.
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
