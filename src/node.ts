/**
 * What needs Node's file system or network: reading MNIST and IDX folders, downloading with checks, atomic writes.
 * @packageDocumentation
 */
export * from './data/node.js';
