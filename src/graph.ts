/**
 * The recorded graph of a calculation, with values and gradients, as text, Graphviz or JSON.
 * @packageDocumentation
 */
export * from './autograd/graph/index.js';
