import { describeValue } from './describe.js';
import { DTypeError } from './errors.js';
import { OutOfMemoryError } from './memory/errors.js';

/** Element types: float32 is what models run in; float64 is for checking derivatives. */
export type DType = 'float32' | 'float64';

/** The storage of a tensor: row-major, contiguous. */
export type TensorData = Float32Array | Float64Array;

/** The element type of a typed array. */
export function dtypeOf(data: TensorData): DType {
  return data instanceof Float32Array ? 'float32' : 'float64';
}

/** @throws DTypeError unless `dtype` is one that exists. */
export function checkDType(dtype: unknown, who: string): void {
  if (dtype === 'float32' || dtype === 'float64') return;
  const given = typeof dtype === 'string' ? `'${dtype}'` : describeValue(dtype);
  throw new DTypeError(`${who}: there is no dtype ${given}; there are 'float32' and 'float64'`);
}

/**
 * The same memory as an array of this realm: the Float32Array of a vm context or an iframe is none by `instanceof`.
 * @throws DTypeError for anything but a Float32Array or Float64Array.
 */
export function ownArray(data: TensorData, who: string): TensorData {
  if (data instanceof Float32Array || data instanceof Float64Array) return data;
  const foreign: unknown = data;
  if (ArrayBuffer.isView(foreign)) {
    const { buffer, byteOffset, byteLength } = foreign;
    const kind = Object.prototype.toString.call(foreign);
    if (kind === '[object Float32Array]') return new Float32Array(buffer, byteOffset, byteLength / 4);
    if (kind === '[object Float64Array]') return new Float64Array(buffer, byteOffset, byteLength / 8);
  }
  throw new DTypeError(
    `${who}: elements are held by a Float32Array or Float64Array, but got ${describeValue(foreign)}; tensor(...) converts others`,
  );
}

/** The largest finite number of a dtype. */
export const maxFinite = (dtype: DType): number =>
  dtype === 'float32' ? 3.4028234663852886e38 : Number.MAX_VALUE;

/**
 * Zero-filled storage for `size` elements. Every array of the engine comes from here, so that a backend can
 * give it another home (an arena, a WebAssembly memory) in one place.
 * @throws OutOfMemoryError for more than an array can hold, or the machine has.
 */
export function allocate(dtype: DType, size: number): TensorData {
  try {
    return dtype === 'float32' ? new Float32Array(size) : new Float64Array(size);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const gib = (size * (dtype === 'float32' ? 4 : 8)) / 2 ** 30;
    throw new OutOfMemoryError(
      `out of memory: an array of ${size} ${dtype} numbers (${gib.toPrecision(3)} GiB) cannot be made here; ` +
        'look for a wrong size, or compute the result in parts',
      { cause },
    );
  }
}

/** A copy of `values` as `dtype`; float64 values are rounded to the nearest float32 where needed. */
export function convert(values: ArrayLike<number>, dtype: DType): TensorData {
  return dtype === 'float32' ? Float32Array.from(values) : Float64Array.from(values);
}
