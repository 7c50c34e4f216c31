/** Instructions on four float32 numbers in a register. */
import { type F32, lane, lanes, shared, simd, type V128, value } from './values.js';

/** A number in every lane. */
export const all = (x: number): V128 =>
  shared((bytes) => {
    for (let at = 0; at < 16; at += 4) bytes.setFloat32(at, x, true);
  });

const floats = (code: number) => lanes(code, all);

export const splat = (x: F32): V128 => value('v128', x.code, simd(19));
export const extractLane = (a: V128, index: number): F32 => value('f32', a.code, simd(31), index);
export const eq = floats(65);
export const ne = floats(66);
export const lt = floats(67);
export const gt = floats(68);
export const le = floats(69);
export const ge = floats(70);
export const floor = lane(104);
export const abs = lane(224);
export const neg = lane(225);
export const sqrt = lane(227);
export const add = floats(228);
export const sub = floats(229);
export const mul = floats(230);
export const div = floats(231);
/** IEEE minimum: NaN if either is. */
export const min = floats(232);
export const max = floats(233);
/** b < a ? b : a, one instruction where `min` takes many: a, if either is NaN or both are zeros. */
export const pmin = floats(234);
/** a < b ? b : a; the counterpart of `pmin`. */
export const pmax = floats(235);
export const convertI32x4 = lane(250);
/** a * b + c, rounded once or twice, as the machine likes it: of the relaxed instructions, which not every engine knows. */
export const relaxedMadd = (a: V128, b: V128, c: V128): V128 =>
  value('v128', a.code, b.code, c.code, simd(0x105));
