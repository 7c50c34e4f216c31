import { apply, noGrad, withRecording } from '../autograd/apply.js';
import { Node } from '../autograd/node.js';
import type { Op, Saved } from '../autograd/op.js';
import { Random } from '../autograd/ops/random.js';
import { savedOf } from '../autograd/saved.js';
import { variable } from '../autograd/variable.js';
import { uniform } from '../tensor/create.js';
import type { DType } from '../tensor/dtype.js';
import type { Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import type { OpSample } from './draw.js';

/** A derivative rule run on recorded arguments, so that its computation is a graph. */
export interface RuleTrace {
  /** What the rule returned. */
  readonly gradient: Tensor;
  /** Its arguments as independent variables; inputs or output are absent when the op does not save them. */
  readonly g: Tensor;
  readonly inputs: readonly Tensor[] | null;
  readonly output: Tensor | null;
}

/** `saved` with other inputs or another output; null leaves a part as it is. */
export function replaceSaved(
  saved: Saved<unknown>,
  inputs: readonly Tensor[] | null,
  output: Tensor | null,
): Saved<unknown> {
  return {
    get inputs() {
      return inputs ?? saved.inputs;
    },
    get x() {
      return this.inputs[0];
    },
    get a() {
      return this.inputs[0];
    },
    get b() {
      return this.inputs[1];
    },
    get y() {
      return output ?? saved.y;
    },
    attributes: saved.attributes,
    shapes: saved.shapes,
    dtype: saved.dtype,
    shared: (_, compute) => compute(),
  };
}

/** Random numbers from -1 to 1, to be the gradient of an output. */
export const cotangentLike = (shape: Shape, dtype: DType, seed: number): Tensor =>
  uniform(shape, new Random(seed).stream('cotangent'), { low: -1, high: 1, dtype });

/** Runs the rule for one input on recorded arguments. */
export function traceRule(op: Op, input: number, g: Tensor, saved: Saved<unknown>): RuleTrace {
  return withRecording(true, () => {
    const leaf = variable(g);
    const inputs = op.saves.includes('inputs') ? saved.inputs.map((x) => variable(x)) : null;
    const output = op.saves.includes('output') ? variable(saved.y) : null;
    return { gradient: op.vjp(input, leaf, replaceSaved(saved, inputs, output)), g: leaf, inputs, output };
  });
}

/** The op applied to a sample without recording, and what its rules may read. */
export function applySample(
  op: Op,
  { inputs, attributes }: OpSample,
): { output: Tensor; saved: Saved<unknown> } {
  const output = noGrad(() => apply(op, [...inputs], attributes));
  const resolved = op.attributes(
    attributes,
    inputs.map((x) => x.shape),
  );
  return { output, saved: savedOf(new Node(op, inputs, resolved, true), output) };
}
