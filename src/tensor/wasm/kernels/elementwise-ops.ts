import type { FastKernel } from '../fast-kernel.js';
import { type ElementwiseRun, elementwiseRun } from './elementwise.js';
import { attributeNumbers, type VectorOp, vectorOps } from './expressions.js';

/** Below this, a loop in TypeScript is as quick; and so it is where copies are needed, below a few times as many. */
const LEAST = 32;
const LEAST_COPIED = 64;

function opKernel(op: string, vectorOp: VectorOp): FastKernel {
  const { arity, attributes: names, expression, nanoseconds } = vectorOp;
  const run: ElementwiseRun = elementwiseRun(op, arity + names.length, expression, nanoseconds);
  return {
    op,
    run: (runtime, out, inputs, attributes) => {
      if (out.size < (out.address === 0 ? LEAST_COPIED : LEAST)) return false;
      if (names.length === 0) return run(runtime, out, inputs);
      const numbers = attributeNumbers(vectorOp, attributes);
      return numbers !== undefined && run(runtime, out, [...inputs, ...numbers]);
    },
  };
}

/** What stretches a scalar, a row or a column over the result: the identity. */
const broadcastTo: VectorOp = { arity: 1, expression: (_, x) => x, attributes: [], nanoseconds: 0 };

/** Fast kernels of elementwise ops. */
export const elementwiseKernels: readonly FastKernel[] = [
  ...[...vectorOps].map(([op, vectorOp]) => opKernel(op, vectorOp)),
  opKernel('broadcastTo', broadcastTo),
];
