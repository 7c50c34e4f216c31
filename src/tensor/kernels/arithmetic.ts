import { type Kernel, zip1, zip2, zip3 } from './elementwise.js';

/*
 * Kernels whose loop is spelled out. These operations take less time than a function call, and `map1`, `map2` and
 * `map3` make one for each element: the engine cannot put the function into a loop that many functions share.
 */

/** a + b. */
export const addKernel: Kernel = zip2((y, a, s, b, t) => {
  const n = y.length;
  for (let i = 0; i < n; i++) y[i] = a[i & s] + b[i & t];
});

/** a - b. */
export const subKernel: Kernel = zip2((y, a, s, b, t) => {
  const n = y.length;
  for (let i = 0; i < n; i++) y[i] = a[i & s] - b[i & t];
});

/** a * b. */
export const mulKernel: Kernel = zip2((y, a, s, b, t) => {
  const n = y.length;
  for (let i = 0; i < n; i++) y[i] = a[i & s] * b[i & t];
});

/** a / b. */
export const divKernel: Kernel = zip2((y, a, s, b, t) => {
  const n = y.length;
  for (let i = 0; i < n; i++) y[i] = a[i & s] / b[i & t];
});

/** The larger of a and b; NaN if either is. */
export const maximumKernel: Kernel = zip2((y, a, s, b, t) => {
  const n = y.length;
  for (let i = 0; i < n; i++) y[i] = Math.max(a[i & s], b[i & t]);
});

/** The smaller of a and b; NaN if either is. */
export const minimumKernel: Kernel = zip2((y, a, s, b, t) => {
  const n = y.length;
  for (let i = 0; i < n; i++) y[i] = Math.min(a[i & s], b[i & t]);
});

/** 1 where a > b, else 0. */
export const greaterKernel: Kernel = zip2((y, a, s, b, t) => {
  const n = y.length;
  for (let i = 0; i < n; i++) y[i] = a[i & s] > b[i & t] ? 1 : 0;
});

/** 1 where a >= b, else 0. */
export const greaterEqualKernel: Kernel = zip2((y, a, s, b, t) => {
  const n = y.length;
  for (let i = 0; i < n; i++) y[i] = a[i & s] >= b[i & t] ? 1 : 0;
});

/** a where the condition is not 0, else b. */
export const whereKernel: Kernel = zip3((y, condition, s, a, t, b, u) => {
  const n = y.length;
  for (let i = 0; i < n; i++) y[i] = condition[i & s] !== 0 ? a[i & t] : b[i & u];
});

/** -x. */
export const negKernel: Kernel = zip1((y, x) => {
  const n = y.length;
  for (let i = 0; i < n; i++) y[i] = -x[i];
});

/** x^2. */
export const squareKernel: Kernel = zip1((y, x) => {
  const n = y.length;
  for (let i = 0; i < n; i++) y[i] = x[i] * x[i];
});

/** The square root of x. */
export const sqrtKernel: Kernel = zip1((y, x) => {
  const n = y.length;
  for (let i = 0; i < n; i++) y[i] = Math.sqrt(x[i]);
});

/** max(x, 0). */
export const reluKernel: Kernel = zip1((y, x) => {
  const n = y.length;
  for (let i = 0; i < n; i++) y[i] = Math.max(x[i], 0);
});
