import * as f32x4 from '../../device/wasm/assembler/f32x4.js';
import { NANOSECONDS } from '../../device/wasm/costs.js';
import { normalCdf as normalCdfVector } from '../../device/wasm/kernels/erf.js';
import {
  sigmoid as sigmoidVector,
  softplus as softplusVector,
  tanh as tanhVector,
} from '../../device/wasm/kernels/transcendental.js';
import { exactly, loops1 } from '../../program/primitive.js';
import * as math from '../../tensor/math/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { defineOp } from '../define-op.js';
import { definePrimitive } from '../define-primitive.js';
import { fuse, fuseOver } from '../fuse.js';
import type { OpFunction } from '../op.js';
import { anyShape } from '../shape-rules.js';
import { add, mul, square, sub } from './arithmetic.js';
import { greater, greaterEqual } from './compare.js';
import { exp, expm1 } from './exponential.js';
import { clamp, minimum, where } from './select.js';

const smooth = { cases: anyShape };
const kinked = { range: [-3, 3] as const, kinks: [0] };

const tanhGradient = fuse('gradient of tanh', (g, y) => mul(g, sub(1, square(y))));

/** The hyperbolic tangent of x, elementwise. */
export const tanh = definePrimitive({
  name: 'tanh',
  doc: 'The hyperbolic tangent of x, elementwise.',
  arity: 1,
  plain: loops1(math.tanh),
  vector: tanhVector,
  nanoseconds: NANOSECONDS.exp,
  saves: ['output'],
  vjp: [(g, { y }) => tanhGradient(g, y)],
  domain: smooth,
});

const sigmoidGradient = fuse('gradient of sigmoid', (g, y) => mul(g, mul(y, sub(1, y))));

/** 1 / (1 + e^-x), elementwise; it overflows at neither end. */
export const sigmoid = definePrimitive({
  name: 'sigmoid',
  doc: '1 / (1 + e^-x), elementwise; no overflow at either end.',
  arity: 1,
  plain: loops1(math.sigmoid),
  vector: sigmoidVector,
  nanoseconds: NANOSECONDS.exp,
  saves: ['output'],
  vjp: [(g, { y }) => sigmoidGradient(g, y)],
  domain: smooth,
});

const softplusGradient = fuse('gradient of softplus', (g, x) => mul(g, sigmoid(x)));

/** log(1 + e^x), elementwise, computed as max(x, 0) + log1p(e^-|x|). */
export const softplus = definePrimitive({
  name: 'softplus',
  doc: 'log(1 + e^x), elementwise, as max(x, 0) + log1p(e^-|x|).',
  arity: 1,
  plain: loops1(math.softplus),
  vector: softplusVector,
  nanoseconds: 2 * NANOSECONDS.exp,
  saves: ['inputs'],
  vjp: [(g, { x }) => softplusGradient(g, x)],
  domain: smooth,
});

const reluGradient = fuseOver('gradient of relu', (g, y) => mul(g, greater(y, 0)));

/** max(x, 0), elementwise; the derivative at 0 is 0. */
export const relu = definePrimitive({
  name: 'relu',
  symbol: 'max(x, 0)',
  doc: 'max(x, 0), elementwise; the derivative at 0 is 0.',
  arity: 1,
  plain: exactly((y, n, x, s) => {
    for (let i = 0; i < n; i++) y[i] = Math.max(x[i & s], 0);
  }),
  // pmax takes one instruction where max takes many; adding 0 turns the -0 that it leaves into 0.
  vector: (_, x) => f32x4.add(f32x4.pmax(x, 0), 0),
  saves: ['output'],
  vjp: [(g, { y }) => reluGradient(g, y)],
  domain: { inputs: [kinked], cases: anyShape },
});

const leakyReluGradient = fuse('gradient of leakyRelu', (g, x, slope) =>
  mul(g, where(greater(x, 0), 1, slope)),
);

/** x where x > 0, else slope * x, elementwise. `slope` defaults to 0.01. */
export const leakyRelu: OpFunction<1, { readonly slope?: number }> = defineOp({
  name: 'leakyRelu',
  doc: 'x if x > 0, else slope * x, elementwise; slope defaults to 0.01.',
  arity: 1,
  options: ['slope'],
  attributes: (given: { readonly slope?: number } | undefined) => ({ slope: given?.slope ?? 0.01 }),
  body: (x, { slope }) => where(greater(x, 0), x, mul(slope, x)),
  saves: ['inputs'],
  vjp: [(g, { x, attributes }) => leakyReluGradient(g, x, attributes.slope)],
  domain: {
    inputs: [kinked],
    cases: [{ shapes: 'any' }, { shapes: 'any', attributes: { slope: 0.2 } }],
  },
});

// The minimum keeps e^x finite on the side that is not chosen.
const eluGradient = fuse('gradient of elu', (g, x, alpha) =>
  mul(g, where(greater(x, 0), 1, mul(exp(minimum(x, 0)), alpha))),
);

/** x where x > 0, else alpha * (e^x - 1), elementwise (Clevert et al. 2015). `alpha` defaults to 1. */
export const elu: OpFunction<1, { readonly alpha?: number }> = defineOp({
  name: 'elu',
  doc: 'x if x > 0, else alpha * (e^x - 1), elementwise; alpha defaults to 1.',
  arity: 1,
  options: ['alpha'],
  attributes: (given: { readonly alpha?: number } | undefined) => ({ alpha: given?.alpha ?? 1 }),
  body: (x, { alpha }) => where(greater(x, 0), x, mul(alpha, expm1(x))),
  saves: ['inputs'],
  vjp: [(g, { x, attributes }) => eluGradient(g, x, attributes.alpha)],
  domain: {
    inputs: [kinked],
    cases: [{ shapes: 'any' }, { shapes: 'any', attributes: { alpha: 0.7 } }],
  },
});

/** The density of the standard normal distribution. */
const normalPdf = (x: Tensor): Tensor => mul(exp(mul(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));

const normalCdfGradient = fuse('gradient of normalCdf', (g, x) => mul(g, normalPdf(x)));

/** The distribution function of the standard normal, (1 + erf(x / sqrt 2)) / 2, elementwise. */
export const normalCdf = definePrimitive({
  name: 'normalCdf',
  doc: 'The distribution function of the standard normal, (1 + erf(x / sqrt 2)) / 2, elementwise.',
  arity: 1,
  plain: loops1(math.normalCdf),
  vector: normalCdfVector,
  nanoseconds: 1.5 * NANOSECONDS.double,
  saves: ['inputs'],
  vjp: [(g, { x }) => normalCdfGradient(g, x)],
  domain: smooth,
});

// Beyond the clamp the density is 0; the limits at infinity are 1 and 0, which infinity * 0 would miss.
const geluGradient = fuse('gradient of gelu', (g, x) =>
  mul(g, add(normalCdf(x), mul(clamp(x, { min: -100, max: 100 }), normalPdf(x)))),
);

/** x * normalCdf(x), elementwise: the exact form (Hendrycks & Gimpel 2016). */
export const gelu: OpFunction<1, never> = defineOp({
  name: 'gelu',
  doc: 'x * normalCdf(x), elementwise (Hendrycks & Gimpel 2016, the exact form).',
  arity: 1,
  // The limit at -infinity is 0, which -infinity * 0 would miss.
  body: (x) => where(greaterEqual(Number.NEGATIVE_INFINITY, x), 0, mul(x, normalCdf(x))),
  saves: ['inputs'],
  vjp: [(g, { x }) => geluGradient(g, x)],
  domain: smooth,
});
