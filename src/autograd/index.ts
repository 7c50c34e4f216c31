export * from './core.js';
export * from './gradcheck/index.js';
export * from './graph/index.js';
