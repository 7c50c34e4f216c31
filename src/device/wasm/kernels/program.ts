import type { Primitive } from '../../../program/primitive.js';
import type { Program } from '../../../program/program.js';
import type { Tensor } from '../../../tensor/tensor.js';
import * as f32x4 from '../assembler/f32x4.js';
import type { V128 } from '../assembler/index.js';
import { MIN_SIZE } from '../costs.js';
import type { FastKernel } from '../fast-kernel.js';
import { elementwiseRun, type Operand } from './elementwise.js';
import type { Bind, Expression } from './vector-loop.js';

/** A primitive with its form on vectors: the operations of the plain definition, one for one. */
export interface VectorPrimitive extends Primitive {
  readonly vector?: Expression;
  /** What an element takes beside loads and stores, in nanoseconds. */
  readonly nanoseconds: number;
}

/** From so many nanoseconds an element on, a kernel pays for few elements. */
const COSTLY = 1;

/** The registers that hold what each output of a program is, from those that hold its inputs. */
export function composed(
  { steps, outputs }: Program<VectorPrimitive>,
  bind: Bind,
  inputs: readonly V128[],
): V128[] {
  const results: V128[] = [];
  const read = (source: Program['outputs'][number]): V128 => {
    if ('input' in source) return inputs[source.input];
    return 'step' in source ? results[source.step] : f32x4.all(source.constant);
  };
  for (const { primitive, sources } of steps) {
    const { name, vector } = primitive;
    if (vector === undefined) throw new Error(`'${name}' has no form on vectors`);
    const last = sources[sources.length - 1];
    const simple = 'constant' in last ? vector.withLast?.get(Math.fround(last.constant)) : undefined;
    const operands = (simple === undefined ? sources : sources.slice(0, -1)).map(read);
    results.push(bind((simple ?? vector)(bind, ...operands)));
  }
  return outputs.map(read);
}

/** What an element of a program takes, in nanoseconds. */
export const costOf = ({ steps }: Program<VectorPrimitive>): number =>
  steps.reduce((total, { primitive }) => total + primitive.nanoseconds, 0);

/** Whether each step of a program has a form on vectors. */
export const hasVectors = ({ steps }: Program<VectorPrimitive>): boolean =>
  steps.every(({ primitive }) => primitive.vector !== undefined);

/** The kernel of a program with one output, in one pass over its operands, numbers standing for scalars. */
export function programKernel(
  program: Program<VectorPrimitive>,
): FastKernel<undefined, Tensor, readonly Operand[]> {
  const { name, inputs, steps } = program;
  const nanoseconds = costOf(program);
  // A primitive on its own may have faster forms for some numbers.
  const alone =
    steps.length === 1 && steps[0].sources.every((source, i) => 'input' in source && source.input === i);
  const expression: Expression =
    (alone ? steps[0].primitive.vector : undefined) ??
    ((bind, ...operands) => composed(program, bind, operands)[0]);
  const run = elementwiseRun(name, inputs, expression, nanoseconds);
  const kind = nanoseconds >= COSTLY ? 'costly' : steps.length > 1 ? 'steps' : 'simple';
  const { copied, inPlace } = MIN_SIZE[kind];
  return {
    name,
    run: (runtime, out, operands) =>
      out.size >= (out.address === 0 ? copied : inPlace) && run(runtime, out, operands),
  };
}
