/** Element types: float32 is what models run in; float64 is for checking derivatives. */
export type DType = 'float32' | 'float64';

/** The storage of a tensor: row-major, contiguous. */
export type TensorData = Float32Array | Float64Array;

/** The element type of a typed array. */
export function dtypeOf(data: TensorData): DType {
  return data instanceof Float32Array ? 'float32' : 'float64';
}

/**
 * Zero-filled storage for `size` elements. Every array of the engine comes from here, so that a backend can
 * give it another home (an arena, a WebAssembly memory) in one place.
 */
export function allocate(dtype: DType, size: number): TensorData {
  return dtype === 'float32' ? new Float32Array(size) : new Float64Array(size);
}

/** A copy of `values` as `dtype`; float64 values are rounded to the nearest float32 where needed. */
export function convert(values: ArrayLike<number>, dtype: DType): TensorData {
  return dtype === 'float32' ? Float32Array.from(values) : Float64Array.from(values);
}
