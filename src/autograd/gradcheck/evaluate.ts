import { equal } from '../../tensor/compare.js';
import { DTypeError } from '../../tensor/errors.js';
import { formatShape, type Shape, sameShape, stridesOf } from '../../tensor/shape.js';
import { Tensor } from '../../tensor/tensor.js';
import { noGrad } from '../apply.js';

/** What gradcheck can check: a function of tensors with one tensor, or a list of them, as its result. */
export type CheckedFunction = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

/** Why a check cannot go on; gradcheck turns it into a failure of the report. */
export class CheckStopped extends Error {}

function kindOf(x: unknown): string {
  if (x instanceof Promise) return 'a promise (it must not be async)';
  if (Array.isArray(x)) return 'an array';
  return x === null || x === undefined ? String(x) : typeof x === 'object' ? 'an object' : `a ${typeof x}`;
}

/** The indices of element `at` of a row-major tensor. */
export function indexOf(at: number, shape: Shape): number[] {
  return stridesOf(shape).map((stride, d) => Math.floor(at / stride) % shape[d]);
}

/** The results of f as a list. @throws TypeError when f gives anything but tensors; DTypeError unless in float64. */
export function evaluate(f: CheckedFunction, inputs: readonly Tensor[]): Tensor[] {
  let result: unknown;
  try {
    result = f(...inputs);
  } catch (error) {
    if (!(error instanceof DTypeError)) throw error;
    const advice = 'gradcheck runs the function in float64: make constants inside it with { dtype: x.dtype }';
    throw new DTypeError(`${error.message}; ${advice}`, { cause: error });
  }
  const outputs: unknown[] = Array.isArray(result) ? result : [result];
  if (outputs.length === 0)
    throw new TypeError('gradcheck: the function returned an empty list, not a tensor');
  return outputs.map((y, k) => {
    const which = Array.isArray(result) ? ` as output ${k}` : '';
    if (!(y instanceof Tensor)) {
      throw new TypeError(
        `gradcheck: the function returned ${kindOf(y)}${which}; it must return a tensor or a list of tensors`,
      );
    }
    if (y.dtype !== 'float64') {
      throw new DTypeError(
        `gradcheck: the function got float64 and returned ${y.dtype}${which}; compute in the dtype of the inputs`,
      );
    }
    return y;
  });
}

/** Evaluates f without recording. @throws CheckStopped when it gives other shapes than `expected`, or NaN, or infinity. */
export function evaluateLike(
  f: CheckedFunction,
  inputs: readonly Tensor[],
  expected: readonly Tensor[],
  where: string,
): Tensor[] {
  const outputs = noGrad(() => evaluate(f, inputs));
  const shapes = (list: readonly Tensor[]): string => list.map((y) => formatShape(y.shape)).join(', ');
  if (outputs.length !== expected.length || outputs.some((y, k) => !sameShape(y.shape, expected[k].shape))) {
    throw new CheckStopped(
      `the shape of the result changes between evaluations: ${shapes(expected)} at first, ${shapes(outputs)} ${where}`,
    );
  }
  checkFinite(outputs, (k) => (outputs.length === 1 ? 'the output' : `output ${k}`), where);
  return outputs;
}

/** @throws CheckStopped naming the first element that is NaN or infinite. */
export function checkFinite(tensors: readonly Tensor[], name: (k: number) => string, where: string): void {
  tensors.forEach((t, k) => {
    const at = t.data.findIndex((x) => !Number.isFinite(x));
    if (at < 0) return;
    throw new CheckStopped(
      `${name(k)}, element ${formatShape(indexOf(at, t.shape))} is ${t.data[at]} ${where}`,
    );
  });
}

/** @throws CheckStopped when a second evaluation at the same point gives other bits. */
export function checkDeterministic(
  f: CheckedFunction,
  inputs: readonly Tensor[],
  first: readonly Tensor[],
): void {
  const again = evaluateLike(f, inputs, first, 'at the second');
  const k = again.findIndex((y, i) => !equal(y, first[i]));
  if (k < 0) return;
  const at = again[k].data.findIndex((y, i) => !Object.is(y, first[k].data[i]));
  throw new CheckStopped(
    `not deterministic: two evaluations at the same point gave ${first[k].data[at]} and ${again[k].data[at]}; ` +
      'hold random numbers (epsilon) fixed across evaluations',
  );
}
