import type { FusedProgram, FusedStep } from '../../../tensor/fused-program.js';
import type { Tensor } from '../../../tensor/tensor.js';
import * as f32x4 from '../assembler/f32x4.js';
import type { V128 } from '../assembler/index.js';
import type { Runtime } from '../runtime.js';
import { type ElementwiseRun, elementwiseRun, type Operand } from './elementwise.js';
import { attributeNumbers, type VectorOp, vectorOps } from './expressions.js';
import type { Expression } from './vector-loop.js';

interface ResolvedStep extends FusedStep {
  readonly vectorOp: VectorOp;
  readonly numbers: readonly number[];
}

function resolve(step: FusedStep, { name }: FusedProgram): ResolvedStep {
  const vectorOp = vectorOps.get(step.op);
  const numbers = vectorOp && attributeNumbers(vectorOp, step.attributes);
  if (vectorOp === undefined || numbers === undefined) {
    throw new Error(
      `fuse: '${name}' uses the op '${step.op}', which has no expression on vectors; those that have are ` +
        `${[...vectorOps.keys()].join(', ')}; call the function without fuse, or add an expression`,
    );
  }
  return { ...step, vectorOp, numbers };
}

/** The expressions of the steps, put together. */
const compose =
  (steps: readonly ResolvedStep[]): Expression =>
  (bind, ...inputs) => {
    const results: V128[] = [];
    for (const { vectorOp, numbers, sources } of steps) {
      const operands = sources.map((source) => {
        if ('input' in source) return inputs[source.input];
        return 'step' in source ? results[source.step] : f32x4.all(source.constant);
      });
      const attributes = numbers.map((x) => f32x4.all(x));
      results.push(bind(vectorOp.expression(bind, ...operands, ...attributes)));
    }
    return results[results.length - 1];
  };

const known = new WeakMap<FusedProgram, ElementwiseRun>();

function build(program: FusedProgram): ElementwiseRun {
  const steps = program.steps.map((step) => resolve(step, program));
  const nanoseconds = steps.reduce((sum, { vectorOp }) => sum + vectorOp.nanoseconds, 0);
  return elementwiseRun(program.name, program.arity, compose(steps), nanoseconds);
}

/** Runs a program in one pass; its kernel is built at the first call. @throws Error for an op without an expression. */
export function runFused(
  runtime: Runtime,
  program: FusedProgram,
  out: Tensor,
  inputs: readonly Operand[],
): boolean {
  let run = known.get(program);
  if (run === undefined) {
    run = build(program);
    known.set(program, run);
  }
  return run(runtime, out, inputs);
}
