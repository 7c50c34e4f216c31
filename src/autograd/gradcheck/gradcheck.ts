import { Random } from '../../tensor/random/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { nodeOf } from '../node.js';
import { type Analytic, analyticGradients, vjpMap } from './analytic.js';
import { type Comparison, compareGradients, randomCotangents } from './compare.js';
import { type CheckedFunction, CheckStopped } from './evaluate.js';
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

/**
 * Compares gradients from backpropagation with central differences, in float64 whatever the dtype of the inputs.
 *
 * For random cotangents v, the derivative of <v, f(x)> along d is once <J^T v, d>, from the rules, and once
 * sum_j v_j (f_j(x + h d) - f_j(x - h d)) / 2h, from f alone. Their difference is taken relative to the largest of
 * sum_i |(J^T v)_i d_i|, sum_j |v_j (f_j(x + h d) - f_j(x - h d))| / 2h, and 0.001 sum_j |v_j f_j|: to the absolute
 * terms, so that a sum which happens to cancel is not held to more digits than it has; the last one because rounding
 * hides a derivative a thousand times smaller than the values. The step is h max(1, |x_i|) for each element.
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
  const settings = resolveOptions(inputs, options);
  const checks: GradcheckEntry[] = [];
  const failures: GradcheckFailure[] = [];
  let name = settings.name;
  let stopped = false;

  /** Adds the derivatives of one function to the report; returns the cotangents they were taken with. */
  const check = (about: Pick<Comparison, 'f' | 'inputs' | 'inputNames' | 'order'>): readonly Tensor[] => {
    const stream = new Random(settings.seed).stream('gradcheck').split(`cotangents of order ${about.order}`);
    let cotangents: readonly Tensor[] = [];
    const analytic: Analytic = analyticGradients(about.f, about.inputs, (outputs) => {
      cotangents = randomCotangents(outputs, stream);
      return cotangents;
    });
    name ??= outputName(analytic.outputs);
    try {
      for (const entry of compareGradients({ ...about, output: name, settings }, analytic, cotangents)) {
        checks.push(entry);
        if (!(entry.error <= settings.tolerance))
          failures.push({ message: describeMismatch(entry, settings.tolerance), entry });
      }
    } catch (error) {
      if (!(error instanceof CheckStopped)) throw error;
      stopped = true;
      failures.push({ message: error.message, entry: null });
    }
    return cotangents;
  };

  const points = inputs.map((x) => x.to('float64'));
  const cotangents = check({ f, inputs: points, inputNames: settings.inputNames, order: 1 });
  if (settings.order === 2 && !stopped) {
    check({
      f: vjpMap(f, points.length),
      inputs: [...points, ...cotangents],
      inputNames: [...settings.inputNames, ...cotangents.map((_, k) => `cotangent ${k}`)],
      order: 2,
    });
  }
  return new GradcheckReport(name ?? 'the function', checks, failures, settings.tolerance);
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
