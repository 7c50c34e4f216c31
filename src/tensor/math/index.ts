/** Every transcendental function the ops use, as a float32 and a float64 form. */
import { erf32, erf64, erfc32, erfc64, normalCdf32, normalCdf64 } from './erf.js';
import { exp32 } from './exponential.js';
import { tanh32 } from './hyperbolic.js';
import { log32 } from './logarithm.js';
import { sigmoid32, sigmoid64, softplus32, softplus64 } from './logistic.js';
import { expMinusOne32, expResidual32, expResidual64, logOnePlus32 } from './near-zero.js';
import { pow32, pow64 } from './power.js';
import type { ScalarFunction, ScalarFunction2 } from './scalar-function.js';
import { cos32, sin32 } from './trigonometric.js';

export type { ScalarFunction, ScalarFunction2 };

/** e^x. */
export const exp: ScalarFunction = { f32: exp32, f64: Math.exp };
/** The natural logarithm. */
export const log: ScalarFunction = { f32: log32, f64: Math.log };
/** e^x - 1, accurate near 0. */
export const expm1: ScalarFunction = { f32: expMinusOne32, f64: Math.expm1 };
/** e^x - 1 - x, accurate near 0. */
export const expResidual: ScalarFunction = { f32: expResidual32, f64: expResidual64 };
/** log(1 + x), accurate near 0. */
export const log1p: ScalarFunction = { f32: logOnePlus32, f64: Math.log1p };
/** The hyperbolic tangent. */
export const tanh: ScalarFunction = { f32: tanh32, f64: Math.tanh };
/** The logistic function 1 / (1 + e^-x). */
export const sigmoid: ScalarFunction = { f32: sigmoid32, f64: sigmoid64 };
/** log(1 + e^x). */
export const softplus: ScalarFunction = { f32: softplus32, f64: softplus64 };
/** The sine of an angle in radians. */
export const sin: ScalarFunction = { f32: sin32, f64: Math.sin };
/** The cosine of an angle in radians. */
export const cos: ScalarFunction = { f32: cos32, f64: Math.cos };
/** x^y. */
export const pow: ScalarFunction2 = { f32: pow32, f64: pow64 };
/** The error function. */
export const erf: ScalarFunction = { f32: erf32, f64: erf64 };
/** The complementary error function 1 - erf x. */
export const erfc: ScalarFunction = { f32: erfc32, f64: erfc64 };
/** The standard normal distribution function. */
export const normalCdf: ScalarFunction = { f32: normalCdf32, f64: normalCdf64 };
