import type { Tensor } from '../../tensor/tensor.js';
import { type Gradients, topologicalOrder } from '../backward.js';
import { nodeOf } from '../node.js';

/** A tensor in a recorded graph. */
export interface GraphNode {
  /** Position in the graph: a node comes after its inputs. */
  readonly id: number;
  /** The op that made it; 'variable' or 'constant' where none did. */
  readonly op: string;
  readonly label: string | undefined;
  readonly inputs: readonly GraphNode[];
  readonly attributes: unknown;
  readonly value: Tensor;
  /** Gradient of the output of `backward` with respect to this tensor, where one was given and reaches it. */
  readonly gradient: Tensor | undefined;
}

/** Everything an output was computed from, in topological order, the output last. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly output: GraphNode;
}

/**
 * The recorded graph of `output`, constants included, for walking and printing.
 * @param gradients of a `backward`, to show beside the values.
 */
export function graphOf(output: Tensor, gradients?: Gradients): Graph {
  const nodes: GraphNode[] = [];
  const known = new Map<Tensor, GraphNode>();
  const enter = (value: Tensor): GraphNode => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const node = nodeOf(value);
    // Inputs first, so that a node's id is larger than theirs.
    const inputs = node?.inputs.map(enter) ?? [];
    const entered: GraphNode = {
      id: nodes.length,
      op: node === null ? 'constant' : (node.op?.name ?? 'variable'),
      label: value.label,
      inputs,
      attributes: node?.attributes,
      value,
      gradient: gradients?.find(value),
    };
    known.set(value, entered);
    nodes.push(entered);
    return entered;
  };
  // In topological order every recorded input is known when it is needed, so `enter` never goes deep.
  for (const { tensor } of topologicalOrder(output)) enter(tensor);
  return { nodes, output: enter(output) };
}
