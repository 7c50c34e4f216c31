/**
 * Pathwise: tensors and reverse-mode autodiff in plain TypeScript. The rooms built on it are entries of their own: `pathwise/nn`,
 * `pathwise/vae`, `pathwise/data`, `pathwise/check`, `pathwise/graph` and `pathwise/study`. None of them has a runtime
 * dependency, and all run in Node and in the browser.
 * @packageDocumentation
 */
export * from './autograd/core.js';
export * from './tensor/core.js';
