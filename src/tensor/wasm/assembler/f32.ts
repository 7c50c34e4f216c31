/** Instructions on float32 numbers. */
import { binary, type F32, littleEndian, loads, stores, value } from './values.js';

const constant = (x: number): F32 =>
  value(
    'f32',
    0x43,
    littleEndian(4, (bytes) => bytes.setFloat32(0, x, true)),
  );

export { constant as const };

const floats = (code: number) => binary<'f32', 'f32', 'f32'>('f32', [code]);

export const load = loads('f32', [0x2a]);
export const store = stores<'f32'>([0x38]);
export const ne = binary<'f32', 'f32', 'i32'>('i32', [0x5c]);
export const add = floats(0x92);
export const sub = floats(0x93);
export const mul = floats(0x94);
export const div = floats(0x95);
