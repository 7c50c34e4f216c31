import type { FastKernel } from '../fast-kernel.js';
import { type ElementwiseRun, elementwiseRun } from './elementwise.js';
import { attributeNumbers, type VectorOp, vectorOps } from './expressions.js';

/**
 * Below these, in elements, a loop in TypeScript is as quick: a kernel takes 1.2 microseconds before its first element, and as
 * much again to copy operands and result. A plain loop takes 6 ns an element, or 60 for a transcendental function.
 */
const LEAST = { simple: { inPlace: 160, copied: 320 }, costly: { inPlace: 16, copied: 32 } } as const;
const COSTLY = 1;

function opKernel(op: string, vectorOp: VectorOp): FastKernel {
  const { arity, attributes: names, expression, nanoseconds } = vectorOp;
  const least = nanoseconds < COSTLY ? LEAST.simple : LEAST.costly;
  const run: ElementwiseRun = elementwiseRun(op, arity + names.length, expression, nanoseconds);
  return {
    op,
    run: (runtime, out, inputs, attributes) => {
      if (out.size < (out.address === 0 ? least.copied : least.inPlace)) return false;
      if (names.length === 0) return run(runtime, out, inputs);
      const numbers = attributeNumbers(vectorOp, attributes);
      return numbers !== undefined && run(runtime, out, [...inputs, ...numbers]);
    },
  };
}

/** The fast kernel of an elementwise op, where it has an expression on vectors. */
export function elementwiseKernel(op: string): FastKernel | undefined {
  const vectorOp = vectorOps.get(op);
  return vectorOp && opKernel(op, vectorOp);
}
