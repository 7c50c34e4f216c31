import type { Graph, GraphNode } from '../../autograd/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { VAEOutput } from '../../vae/index.js';

/** A stretch of the graph that is shown as one node: what it starts from, and its name. */
interface Folded {
  readonly inputs: readonly Tensor[];
  readonly op: string;
}

/**
 * The part of a VAE's graph around the trick: from mean, logvar and epsilon to z, and on to the terms of the loss. The
 * encoder, the decoder and the likelihood are folded into one node each.
 * @param x the batch that the pass was made from
 */
export function trickGraph(graph: Graph, x: Tensor, pass: VAEOutput, reconstruction: Tensor): Graph {
  const folded = new Map<Tensor, Folded>([
    [pass.mean, { op: 'encoder', inputs: [x] }],
    [pass.logvar, { op: 'encoder', inputs: [x] }],
    [pass.output, { op: 'decoder', inputs: [pass.z] }],
    [reconstruction, { op: 'likelihood', inputs: [pass.output, x] }],
  ]);
  const original = new Map(graph.nodes.map((node) => [node.value, node]));
  const kept = new Set<Tensor>();
  const keep = (value: Tensor): void => {
    if (kept.has(value)) return;
    kept.add(value);
    const inputs = folded.get(value)?.inputs ?? original.get(value)?.inputs.map((input) => input.value) ?? [];
    inputs.forEach(keep);
  };
  keep(graph.output.value);

  const nodes: GraphNode[] = [];
  const made = new Map<Tensor, GraphNode>();
  const lookUp = (value: Tensor): GraphNode => {
    const node = made.get(value);
    if (node === undefined) throw new Error('trickGraph: an input stands after the node that uses it');
    return node;
  };
  for (const node of graph.nodes) {
    if (!kept.has(node.value)) continue;
    const fold = folded.get(node.value);
    const inputs = fold?.inputs ?? node.inputs.map((input) => input.value);
    const entry: GraphNode = {
      ...node,
      id: nodes.length,
      op: fold?.op ?? node.op,
      attributes: fold === undefined ? node.attributes : undefined,
      inputs: inputs.map(lookUp),
    };
    nodes.push(entry);
    made.set(node.value, entry);
  }
  return { nodes, output: lookUp(graph.output.value) };
}
