export { type Graph, type GraphNode, graphOf } from './graph.js';
export { formatGraph, toDot, toJson } from './print.js';
