import type { Tensor } from '../tensor/tensor.js';
import { type Node, nodeOf } from './node.js';

/** A recorded tensor and its record. */
export interface Recorded {
  readonly tensor: Tensor;
  readonly node: Node;
}

/** A tensor on the way to its place: `next` is the input to look at next. */
class Visit implements Recorded {
  next = 0;

  constructor(
    readonly tensor: Tensor,
    readonly node: Node,
  ) {}
}

let passes = 0;

/**
 * Every recorded tensor that `output` depends on, each after its inputs, `output` last. It keeps its own stack, so
 * that a long chain of ops cannot exhaust the engine's, and marks nodes instead of collecting them in a set, which
 * would take longer than the rest. Each node is told its place in the order.
 */
export function topologicalOrder(output: Tensor): Recorded[] {
  const order: Visit[] = [];
  const stack: Visit[] = [];
  const pass = ++passes;
  const enter = (tensor: Tensor): void => {
    const node = nodeOf(tensor);
    if (node === null || node.pass === pass) return;
    node.pass = pass;
    stack.push(new Visit(tensor, node));
  };
  enter(output);
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    const { inputs } = top.node;
    if (top.next < inputs.length) enter(inputs[top.next++]);
    else {
      top.node.place = order.length;
      order.push(top);
      stack.pop();
    }
  }
  return order;
}
