/**
 * Pathwise: tensors, reverse-mode autodiff, dense layers, optimisers and a variational autoencoder in plain TypeScript.
 * This entry has no runtime dependency and runs in Node and in the browser.
 * @packageDocumentation
 */
export * from './autograd/index.js';
export * from './data/index.js';
export * from './nn/index.js';
export * from './tensor/index.js';
export * from './vae/index.js';
