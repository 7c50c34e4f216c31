import { describeValue } from './describe.js';
import { checkDType, convert, type DType } from './dtype.js';
import { ShapeError } from './errors.js';
import { checkOptions } from './known-options.js';
import { checkStream } from './random/check-stream.js';
import type { RandomStream } from './random/stream.js';
import { checkShape, formatShape, type Shape } from './shape.js';
import { type NestedNumbers, Tensor } from './tensor.js';

/** The element type of a new tensor. */
export interface DTypeOption {
  /** Element type. Defaults to float32. */
  readonly dtype?: DType;
}

/** Options of {@link tensor}. */
export interface TensorOptions extends DTypeOption {
  /** Shape to give flat data; by default that of the nesting, or one dimension for a typed array. */
  readonly shape?: Shape;
}

/** A tensor whose numbers are undefined, to be filled. */
function uninitialized(
  shape: Shape,
  options: DTypeOption,
  who: string,
  known: readonly string[] = ['dtype'],
): Tensor {
  checkShape(shape, who);
  checkOptions(options, known, who);
  const { dtype = 'float32' } = options;
  checkDType(dtype, who);
  return Tensor.uninitialized(shape, dtype);
}

function nestedShape(values: NestedNumbers): number[] {
  const shape: number[] = [];
  for (let level = values; Array.isArray(level) && shape.at(-1) !== 0; level = level[0])
    shape.push(level.length);
  return shape;
}

function flatten(values: NestedNumbers, shape: Shape): number[] {
  const flat: number[] = [];
  const visit = (level: NestedNumbers, depth: number): void => {
    if (typeof level === 'number') {
      if (depth !== shape.length)
        throw new ShapeError(
          `tensor: a number stands at depth ${depth}, but arrays elsewhere go ${shape.length} deep`,
        );
      flat.push(level);
      return;
    }
    if (!Array.isArray(level))
      throw new ShapeError(`tensor: expected numbers nested in arrays, but found ${describeValue(level)}`);
    if (level.length !== shape[depth]) {
      throw new ShapeError(
        `tensor: rows differ in length: at depth ${depth} one has ${level.length} entries and the first has ${shape[depth] ?? 'none'}`,
      );
    }
    for (const entry of level) visit(entry, depth + 1);
  };
  visit(values, 0);
  return flat;
}

/** A typed array of numbers, of any kind and realm. */
type NumberArray = ArrayBufferView & ArrayLike<number>;

/** Whether `values` is a typed array. @throws TypeError for one of bigints, and for a DataView. */
function isNumberArray(values: unknown): values is NumberArray {
  if (!ArrayBuffer.isView(values)) return false;
  const kind = Object.prototype.toString.call(values).slice('[object '.length, -1);
  if (!kind.startsWith('Big') && kind !== 'DataView') return true;
  throw new TypeError(`tensor: takes numbers, but got a ${kind}; convert its elements with Number`);
}

/**
 * A tensor from a number, nested arrays or a typed array of any kind. The values are copied. A Float64Array gives
 * float64, everything else float32, unless a dtype is given.
 * @throws ShapeError when rows differ in length or `shape` needs another number of elements; TypeError for what are no
 * numbers; DTypeError for another dtype.
 */
export function tensor(values: NestedNumbers | NumberArray, options: TensorOptions = {}): Tensor {
  checkOptions(options, ['dtype', 'shape'], 'tensor');
  const typed = isNumberArray(values);
  const wide = typed && Object.prototype.toString.call(values) === '[object Float64Array]';
  const { dtype = wide ? 'float64' : 'float32' } = options;
  checkDType(dtype, 'tensor');
  if (typed) return new Tensor(convert(values, dtype), options.shape ?? [values.length]);
  const nested = nestedShape(values);
  return new Tensor(convert(flatten(values, nested), dtype), options.shape ?? nested);
}

function filled(shape: Shape, value: number, options: DTypeOption, who: string): Tensor {
  const out = uninitialized(shape, options, who);
  out.data.fill(value);
  return out;
}

/** A tensor filled with `value`. @throws ShapeError for what is no shape; TypeError for what is no number or option. */
export function full(shape: Shape, value: number, options: DTypeOption = {}): Tensor {
  if (typeof value !== 'number') {
    throw new TypeError(`full: the value is ${describeValue(value)}; give a number, as in full([2, 3], 1)`);
  }
  return filled(shape, value, options, 'full');
}

/** A tensor of zeros. @throws ShapeError for what is no shape. */
export const zeros = (shape: Shape, options: DTypeOption = {}): Tensor => filled(shape, 0, options, 'zeros');

/** A tensor of ones. @throws ShapeError for what is no shape. */
export const ones = (shape: Shape, options: DTypeOption = {}): Tensor => filled(shape, 1, options, 'ones');

/**
 * start, start + step, ... up to but not including stop; `arange(n)` counts from 0.
 * @throws ShapeError when step is 0 or an argument is not finite.
 */
export function arange(start: number, stop?: number, step = 1, options: DTypeOption = {}): Tensor {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  if (step === 0 || ![from, to, step].every(Number.isFinite)) {
    throw new ShapeError(
      `arange: needs finite bounds and a step that is not 0, but got (${from}, ${to}, ${step})`,
    );
  }
  const out = uninitialized([Math.max(0, Math.ceil((to - from) / step))], options, 'arange');
  const { data } = out;
  for (let i = 0; i < data.length; i++) data[i] = from + i * step;
  return out;
}

/** The identity matrix of shape [n, n]. @throws ShapeError unless n is a non-negative integer. */
export function eye(n: number, options: DTypeOption = {}): Tensor {
  const out = filled([n, n], 0, options, 'eye');
  for (let i = 0; i < n; i++) out.data[i * n + i] = 1;
  return out;
}

/** Uniform draws in [low, high) from a named stream. */
export function uniform(
  shape: Shape,
  stream: RandomStream,
  options: DTypeOption & { readonly low?: number; readonly high?: number } = {},
): Tensor {
  const out = uninitialized(shape, options, 'uniform', ['dtype', 'low', 'high']);
  checkStream(stream, 'uniform');
  stream.uniform(out.data, options.low ?? 0, options.high ?? 1);
  return out;
}

/** Gaussian draws from a named stream. */
export function normal(
  shape: Shape,
  stream: RandomStream,
  options: DTypeOption & { readonly mean?: number; readonly std?: number } = {},
): Tensor {
  const out = uninitialized(shape, options, 'normal', ['dtype', 'mean', 'std']);
  checkStream(stream, 'normal');
  stream.normal(out.data, options.mean ?? 0, options.std ?? 1);
  return out;
}

/**
 * Zeros and ones: 1 with the given probability, one for all elements or a tensor with one for each.
 * @throws ShapeError when a tensor of probabilities has another shape; TypeError when there is no stream or probability;
 * RangeError for a probability outside [0, 1].
 */
export function bernoulli(
  shape: Shape,
  stream: RandomStream,
  probability: number | Tensor,
  options: DTypeOption = {},
): Tensor {
  const out = uninitialized(shape, options, 'bernoulli');
  checkStream(stream, 'bernoulli');
  if (typeof probability !== 'number' && !(probability instanceof Tensor)) {
    throw new TypeError(
      `bernoulli: the probability is ${describeValue(probability)}; give a number, or a tensor with one for each element`,
    );
  }
  if (typeof probability !== 'number' && probability.size !== out.size) {
    throw new ShapeError(
      `bernoulli: probabilities ${formatShape(probability.shape)} do not match shape ${formatShape(shape)}`,
    );
  }
  stream.bernoulli(out.data, typeof probability === 'number' ? probability : probability.data);
  return out;
}
