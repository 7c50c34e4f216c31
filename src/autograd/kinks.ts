import { full } from '../tensor/create.js';
import type { Shape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { noGrad, withRecording } from './apply.js';
import { type Node, nodeOf } from './node.js';
import type { Op } from './op.js';
import { savedOf } from './saved.js';
import { topologicalOrder } from './topological-order.js';
import { variable } from './variable.js';

/** One application of an op in a recorded graph. */
export interface Application {
  readonly op: Op;
  readonly node: Node;
  readonly output: Tensor;
}

/**
 * Every application of an op that `output` depends on, in an order that depends on the graph alone. An op that does the work of
 * several comes after those it stands for, where its kinks are.
 */
export function* applications(output: Tensor): Generator<Application> {
  for (const { tensor, node } of topologicalOrder(output)) {
    const { op } = node;
    if (op === null) continue;
    if (op.parts !== undefined) {
      // On fresh leaves: what the inputs depend on is visited anyway.
      const leaves = node.inputs.map((x) => variable(x));
      const parts = withRecording(true, () => op.parts?.(leaves, node.attributes));
      if (parts !== undefined) yield* applications(parts);
    }
    yield { op, node, output: tensor };
  }
}

/** Where a derivative jumps. */
export interface Kink {
  readonly op: string;
  readonly input: number;
  /** Flat index of the element of that input. */
  readonly element: number;
  readonly shape: Shape;
}

const bends = ({ domain }: Op): boolean =>
  domain.distinct === true || domain.inputs.some(({ kinks = [] }) => kinks.length > 0);

/** What shows a jump of an op's derivative with respect to one input: its rule applied to ones, or a step's own value. */
function slopes({ op, node, output }: Application, input: number): Tensor {
  if (op.domain.derivative === 'none') return output;
  const g = full(output.shape, 1, { dtype: output.dtype });
  return op.vjp(input, g, savedOf(node, output));
}

/** Relative change of a derivative over one step of a difference that is a jump, not a bend. */
const JUMP = 1e-3;

const jumps = (a: number, b: number): boolean => Math.abs(a - b) > JUMP * Math.max(Math.abs(a), Math.abs(b));

/**
 * The first kink between two evaluations of one function: a relu whose input changes sign, a maximum that is taken by
 * another element, a clamp on another side of its bound. It is seen in the derivatives of the ops inside, so that ties count.
 * @param a recorded, as `b` is; both from the same ops in the same order.
 */
export function kinkBetween(a: Tensor, b: Tensor): Kink | null {
  if (nodeOf(a) === null || nodeOf(b) === null) return null;
  return noGrad(() => {
    const others = applications(b);
    for (const here of applications(a)) {
      const there = others.next();
      if (there.done === true || there.value.op.name !== here.op.name) return null;
      if (!bends(here.op)) continue;
      for (let input = 0; input < here.node.inputs.length; input++) {
        const step = here.op.domain.derivative === 'none';
        if (!step && !here.op.differentiable(input)) continue;
        const [one, other] = [slopes(here, input), slopes(there.value, input)];
        const element = one.data.findIndex((x, i) => jumps(x, other.data[i]));
        if (element >= 0) return { op: here.op.name, input, element, shape: one.shape };
      }
    }
    return null;
  });
}
