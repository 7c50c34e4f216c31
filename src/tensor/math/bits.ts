const float = new Float32Array(1);
const integer = new Int32Array(float.buffer);

/** The bits of a float32 as a signed 32-bit integer. */
export function bitsOfFloat32(x: number): number {
  float[0] = x;
  return integer[0];
}

/** The float32 with these bits. */
export function float32FromBits(bits: number): number {
  integer[0] = bits;
  return float[0];
}

/** `magnitude` with the sign of `sign`, zeros and all; the sign of `magnitude` must be positive. */
export function withSign32(magnitude: number, sign: number): number {
  return float32FromBits(bitsOfFloat32(magnitude) | (bitsOfFloat32(sign) & 0x80000000));
}

/** The exact float32 power of two 2^k, for k from -126 to 127. */
export function powerOfTwo32(k: number): number {
  return float32FromBits((k + 127) << 23);
}
