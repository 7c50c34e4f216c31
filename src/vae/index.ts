export * from './checks.js';
export * from './core.js';
