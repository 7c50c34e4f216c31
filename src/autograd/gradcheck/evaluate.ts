import { DTypeError } from '../../tensor/errors.js';
import { formatShape, type Shape, sameShape, stridesOf } from '../../tensor/shape.js';
import { Tensor } from '../../tensor/tensor.js';
import { noGrad } from '../apply.js';
import { variable } from '../variable.js';

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

/** A function at a point, whose inputs it may not change. */
export interface Guarded {
  readonly f: CheckedFunction;
  readonly inputs: readonly Tensor[];
  readonly inputNames: readonly string[];
}

/** A call of a guarded function. */
export interface Call {
  readonly outputs: readonly Tensor[];
  /** What f was given. */
  readonly given: readonly Tensor[];
  /** @throws CheckStopped when f has written into what it was given, itself or through a view. */
  checkUnchanged(): void;
}

/**
 * Calls f with a copy of each input, so that no call can move the point of another.
 * @param recorded whether an input is one to differentiate by
 * @throws CheckStopped when f writes into its inputs.
 */
export function call({ f, inputs, inputNames }: Guarded, recorded: (input: number) => boolean): Call {
  const given = inputs.map((x, k) => {
    const own = new Tensor(new Float64Array(x.data), x.shape);
    return recorded(k) ? variable(own) : own;
  });
  const checkUnchanged = (): void => {
    given.forEach(({ data }, k) => {
      const before = inputs[k].data;
      const at = data.findIndex((x, i) => !Object.is(x, before[i]));
      if (at < 0) return;
      throw new CheckStopped(
        `the function writes into ${inputNames[k]}: element ${formatShape(indexOf(at, inputs[k].shape))} was ` +
          `${before[at]} and became ${data[at]}; a function that changes its inputs cannot be differentiated ` +
          'by differences: compute on x.clone()',
      );
    });
  };
  const outputs = evaluate(f, given);
  checkUnchanged();
  return { outputs, given, checkUnchanged };
}

/** The elements of all outputs, one tensor after the other, copied: f may use its arrays again. */
export function flatten(outputs: readonly Tensor[]): Float64Array {
  const all = new Float64Array(outputs.reduce((total, y) => total + y.size, 0));
  let offset = 0;
  for (const y of outputs) {
    all.set(y.data, offset);
    offset += y.size;
  }
  return all;
}

/** The number of an output, and the indices in it, of element `at` of what {@link flatten} gives. */
export function placeOf(at: number, outputs: readonly Tensor[]): [output: number, element: number[]] {
  let [output, rest] = [0, at];
  while (rest >= outputs[output].size) rest -= outputs[output++].size;
  return [output, indexOf(rest, outputs[output].shape)];
}

/** Evaluates f at other inputs, without recording. @throws CheckStopped when it gives other shapes than `expected`. */
export function evaluateLike(
  guarded: Guarded,
  expected: readonly Tensor[],
  where: () => string,
): Float64Array {
  const { outputs } = noGrad(() => call(guarded, () => false));
  const shapes = (list: readonly Tensor[]): string => list.map((y) => formatShape(y.shape)).join(', ');
  if (outputs.length !== expected.length || outputs.some((y, k) => !sameShape(y.shape, expected[k].shape))) {
    throw new CheckStopped(
      `the shape of the result changes between evaluations: ${shapes(expected)} at first, ${shapes(outputs)} ${where()}`,
    );
  }
  return flatten(outputs);
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
