const float = new Float32Array(1);
const integer = new Int32Array(float.buffer);

export const SMALLEST_DENORMAL = 2 ** -149;
export const SMALLEST_NORMAL = 2 ** -126;
export const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/** The bits of a float32. */
export function bitsOf(x: number): number {
  float[0] = x;
  return integer[0];
}

/** The float32 with these bits. */
export function fromBits(bits: number): number {
  integer[0] = bits;
  return float[0];
}

/** The distance from the float32 at `x` to the next one away from zero. */
export function ulp(x: number): number {
  const exponent = ((bitsOf(Math.abs(x)) >> 23) & 0xff) - 127;
  return exponent < -126 ? SMALLEST_DENORMAL : 2 ** (exponent - 23);
}

/** |got - exact| in units of the last place of `exact`; 0 where both are NaN or the same infinity. */
export function ulpError(got: number, exact: number): number {
  if (Number.isNaN(exact)) return Number.isNaN(got) ? 0 : Number.POSITIVE_INFINITY;
  if (got === exact) return 0;
  if (Math.abs(exact) > LARGEST) {
    const rounded = Math.sign(exact) * Number.POSITIVE_INFINITY;
    if (got === rounded) return 0;
    return Math.abs(Math.abs(exact) - LARGEST) / 2 ** 104;
  }
  if (!Number.isFinite(got)) return (2 ** 128 - Math.abs(exact)) / 2 ** 104;
  return Math.abs(got - exact) / ulp(exact);
}

/** float32 values from `low` to `high`, both of one sign, evenly spread over their bit patterns: all exponents. */
export function spread(low: number, high: number, count: number): Float32Array {
  const first = bitsOf(low);
  const step = (bitsOf(high) - first) / (count - 1);
  return Float32Array.from({ length: count }, (_, i) => fromBits(first + Math.round(i * step)));
}

/** The values and their negatives. */
export function bothSigns(values: Float32Array): Float32Array {
  const out = new Float32Array(2 * values.length);
  out.set(values);
  out.set(
    values.map((x) => -x),
    values.length,
  );
  return out;
}

/** float32 values of both signs and all exponents, zero, denormals and infinity included. */
export function allExponents(count: number): Float32Array {
  const positive = spread(0, Number.POSITIVE_INFINITY, Math.ceil(count / 2));
  return bothSigns(positive);
}

/** The largest {@link ulpError} of results against what they should be. */
export function worstUlp(got: ArrayLike<number>, exact: Float64Array): number {
  let worst = 0;
  for (let i = 0; i < exact.length; i++) {
    const error = ulpError(got[i], exact[i]);
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

/** Fowler, Noll and Vo's hash, over the bits of float32 values. NaN counts as one value: its payload is the engine's. */
export function checksum(values: ArrayLike<number>): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < values.length; i++) {
    hash = Math.imul(hash ^ (Number.isNaN(values[i]) ? 0x7fc00000 : bitsOf(values[i])), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
