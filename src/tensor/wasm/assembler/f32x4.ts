/** Instructions on four float32 numbers in a register. */
import { constant, type F32, lane, lanes, simd, unary, type V128, value } from './values.js';

const four = (x: number): V128 =>
  constant((bytes) => {
    for (let at = 0; at < 16; at += 4) bytes.setFloat32(at, x, true);
  });

export { four as const };

export const splat = unary<'f32', 'v128'>('v128', simd(19));
export const extractLane = (a: V128, index: number): F32 => value('f32', a.code, simd(31), index);
export const eq = lanes(65);
export const ne = lanes(66);
export const lt = lanes(67);
export const gt = lanes(68);
export const le = lanes(69);
export const ge = lanes(70);
export const floor = lane(104);
export const trunc = lane(105);
export const nearest = lane(106);
export const abs = lane(224);
export const neg = lane(225);
export const sqrt = lane(227);
export const add = lanes(228);
export const sub = lanes(229);
export const mul = lanes(230);
export const div = lanes(231);
/** IEEE minimum: NaN if either is. */
export const min = lanes(232);
export const max = lanes(233);
/** b < a ? b : a, one instruction where `min` takes many: a, if either is NaN or both are zeros. */
export const pmin = lanes(234);
/** a < b ? b : a, likewise. */
export const pmax = lanes(235);
export const convertI32x4 = lane(250);
/** a * b + c, rounded once or twice, as the machine likes it: of the relaxed instructions, which not every engine knows. */
export const relaxedMadd = (a: V128, b: V128, c: V128): V128 =>
  value('v128', a.code, b.code, c.code, simd(0x105));
