import type { Graph, GraphNode } from '../../autograd/index.js';
import { termsOf } from '../../study/origins.js';
import { fold } from '../../study/walk/fold.js';
import { groupsOf } from '../../study/walk/names.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Objective } from '../../vae/index.js';

/**
 * The part of a VAE's graph around the trick: from mean, logvar and epsilon to z, and on to the terms of the loss. The
 * encoder, the decoder and the likelihood are folded into one node each.
 * @param x the batch that the pass was made from
 */
export function trickGraph(graph: Graph, x: Tensor, pass: Objective): Graph {
  const ends = new Map([
    [pass.mean, 'encoder'],
    [pass.logvar, 'encoder'],
    [pass.output, 'decoder'],
    [pass.reconstruction, 'likelihood'],
  ]);
  const groups = groupsOf(graph, x, pass, termsOf(pass.loss));
  const isFolded = ({ value }: GraphNode): boolean =>
    ['encoder', 'decoder', 'reconstruction'].includes(groups.get(value) ?? '') && !ends.has(value);
  const kept = fold(
    graph.nodes,
    ({ inputs }) => inputs,
    (node) => !isFolded(node),
  );
  const nodes: GraphNode[] = [];
  const made = new Map<GraphNode, GraphNode>();
  const lookUp = (node: GraphNode): GraphNode => {
    const found = made.get(node);
    if (found === undefined) throw new Error('trickGraph: an input stands after the node that uses it');
    return found;
  };
  for (const [node, inputs] of kept) {
    const end = ends.get(node.value);
    const entry: GraphNode = {
      ...node,
      id: nodes.length,
      op: end ?? node.op,
      attributes: end === undefined ? node.attributes : undefined,
      inputs: inputs.map(lookUp),
    };
    nodes.push(entry);
    made.set(node, entry);
  }
  return { nodes, output: lookUp(graph.output) };
}
