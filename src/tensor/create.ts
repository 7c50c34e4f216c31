import { convert, type DType, type TensorData } from './dtype.js';
import { ShapeError } from './errors.js';
import type { RandomStream } from './random/stream.js';
import { checkShape, formatShape, type Shape } from './shape.js';
import { type NestedNumbers, Tensor } from './tensor.js';

export interface DTypeOption {
  /** Element type; float32 unless given. */
  readonly dtype?: DType;
}

export interface TensorOptions extends DTypeOption {
  /** Shape to give flat data; by default that of the nesting, or one dimension for a typed array. */
  readonly shape?: Shape;
}

/** A tensor whose numbers are undefined, to be filled. */
function unfilled(shape: Shape, dtype: DType | undefined, who: string): Tensor {
  checkShape(shape, who);
  return Tensor.unfilled(shape, dtype ?? 'float32');
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
      throw new ShapeError(`tensor: expected numbers nested in arrays, but found ${typeof level}`);
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

const isTyped = (values: unknown): values is TensorData =>
  values instanceof Float32Array || values instanceof Float64Array;

/**
 * A tensor from a number, nested arrays or a typed array. The values are copied. A typed array keeps its
 * dtype unless another is asked for.
 * @throws ShapeError when rows differ in length or `shape` needs another number of elements.
 */
export function tensor(values: NestedNumbers | TensorData, options: TensorOptions = {}): Tensor {
  if (isTyped(values)) {
    const dtype = options.dtype ?? (values instanceof Float64Array ? 'float64' : 'float32');
    return new Tensor(convert(values, dtype), options.shape ?? [values.length]);
  }
  const nested = nestedShape(values);
  return new Tensor(convert(flatten(values, nested), options.dtype ?? 'float32'), options.shape ?? nested);
}

/** A tensor filled with `value`. */
export function full(shape: Shape, value: number, options: DTypeOption = {}): Tensor {
  const out = unfilled(shape, options.dtype, 'full');
  out.data.fill(value);
  return out;
}

export const zeros = (shape: Shape, options: DTypeOption = {}): Tensor => full(shape, 0, options);
export const ones = (shape: Shape, options: DTypeOption = {}): Tensor => full(shape, 1, options);

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
  const out = unfilled([Math.max(0, Math.ceil((to - from) / step))], options.dtype, 'arange');
  const { data } = out;
  for (let i = 0; i < data.length; i++) data[i] = from + i * step;
  return out;
}

/** The identity matrix of shape [n, n]. */
export function eye(n: number, options: DTypeOption = {}): Tensor {
  const out = zeros([n, n], options);
  for (let i = 0; i < n; i++) out.data[i * n + i] = 1;
  return out;
}

/** Uniform draws in [low, high) from a named stream. */
export function uniform(
  shape: Shape,
  stream: RandomStream,
  options: DTypeOption & { readonly low?: number; readonly high?: number } = {},
): Tensor {
  const out = unfilled(shape, options.dtype, 'uniform');
  stream.uniform(out.data, options.low ?? 0, options.high ?? 1);
  return out;
}

/** Gaussian draws from a named stream. */
export function normal(
  shape: Shape,
  stream: RandomStream,
  options: DTypeOption & { readonly mean?: number; readonly std?: number } = {},
): Tensor {
  const out = unfilled(shape, options.dtype, 'normal');
  stream.normal(out.data, options.mean ?? 0, options.std ?? 1);
  return out;
}

/**
 * Zeros and ones: 1 with the given probability, one for all elements or a tensor with one for each.
 * @throws ShapeError when a tensor of probabilities has another shape.
 */
export function bernoulli(
  shape: Shape,
  stream: RandomStream,
  probability: number | Tensor,
  options: DTypeOption = {},
): Tensor {
  const out = unfilled(shape, options.dtype, 'bernoulli');
  if (typeof probability !== 'number' && probability.size !== out.size) {
    throw new ShapeError(
      `bernoulli: probabilities ${formatShape(probability.shape)} do not match shape ${formatShape(shape)}`,
    );
  }
  stream.bernoulli(out.data, typeof probability === 'number' ? probability : probability.data);
  return out;
}
