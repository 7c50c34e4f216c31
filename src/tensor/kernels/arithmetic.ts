import { type Kernel, zip1, zip2, zip3 } from './elementwise.js';

/*
 * Kernels whose loop is spelled out. These operations take less time than a function call, and `map1`, `map2` and
 * `map3` make one for each element: the engine cannot put the function into a loop that many functions share.
 */

/** a + b. */
export const addKernel: Kernel = zip2((y, at, n, a, p, s, b, q, t) => {
  for (let i = 0; i < n; i++) y[at + i] = a[p + i * s] + b[q + i * t];
});

/** a - b. */
export const subKernel: Kernel = zip2((y, at, n, a, p, s, b, q, t) => {
  for (let i = 0; i < n; i++) y[at + i] = a[p + i * s] - b[q + i * t];
});

/** a * b. */
export const mulKernel: Kernel = zip2((y, at, n, a, p, s, b, q, t) => {
  for (let i = 0; i < n; i++) y[at + i] = a[p + i * s] * b[q + i * t];
});

/** a / b. */
export const divKernel: Kernel = zip2((y, at, n, a, p, s, b, q, t) => {
  for (let i = 0; i < n; i++) y[at + i] = a[p + i * s] / b[q + i * t];
});

/** The larger of a and b; NaN if either is. */
export const maximumKernel: Kernel = zip2((y, at, n, a, p, s, b, q, t) => {
  for (let i = 0; i < n; i++) y[at + i] = Math.max(a[p + i * s], b[q + i * t]);
});

/** The smaller of a and b; NaN if either is. */
export const minimumKernel: Kernel = zip2((y, at, n, a, p, s, b, q, t) => {
  for (let i = 0; i < n; i++) y[at + i] = Math.min(a[p + i * s], b[q + i * t]);
});

/** 1 where a > b, 0 where a < b, and a half where they tie: the share of a in the gradient of the larger. */
export const shareKernel: Kernel = zip2((y, at, n, a, p, s, b, q, t) => {
  for (let i = 0; i < n; i++) {
    const left = a[p + i * s];
    const right = b[q + i * t];
    y[at + i] = left > right ? 1 : left === right ? 0.5 : 0;
  }
});

/** a where the condition is not 0, else b. */
export const whereKernel: Kernel = zip3((y, at, n, condition, p, s, a, q, t, b, r, u) => {
  for (let i = 0; i < n; i++) y[at + i] = condition[p + i * s] !== 0 ? a[q + i * t] : b[r + i * u];
});

/** -x. */
export const negKernel: Kernel = zip1((y, x) => {
  for (let i = 0; i < y.length; i++) y[i] = -x[i];
});

/** x^2. */
export const squareKernel: Kernel = zip1((y, x) => {
  for (let i = 0; i < y.length; i++) y[i] = x[i] * x[i];
});

/** The square root of x. */
export const sqrtKernel: Kernel = zip1((y, x) => {
  for (let i = 0; i < y.length; i++) y[i] = Math.sqrt(x[i]);
});

/** max(x, 0). */
export const reluKernel: Kernel = zip1((y, x) => {
  for (let i = 0; i < y.length; i++) y[i] = Math.max(x[i], 0);
});

/** 1 where x > 0, else 0: the derivative of relu. */
export const positiveKernel: Kernel = zip1((y, x) => {
  for (let i = 0; i < y.length; i++) y[i] = x[i] > 0 ? 1 : 0;
});
