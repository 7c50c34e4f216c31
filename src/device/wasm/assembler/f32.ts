/** Instructions on float32 numbers. */
import { type F32, type I32, littleEndian, loads, stores, value } from './values.js';

const constant = (x: number): F32 =>
  value(
    'f32',
    0x43,
    littleEndian(4, (bytes) => bytes.setFloat32(0, x, true)),
  );

export { constant as const };

export const load = loads('f32', [0x2a]);
export const store = stores<F32>([0x38]);
export const ne = (a: F32, b: F32): I32 => value('i32', a.code, b.code, 0x5c);
export const add = (a: F32, b: F32): F32 => value('f32', a.code, b.code, 0x92);
