import type { Graph, GraphNode } from '../../autograd/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { Objective } from '../../vae/objective.js';
import type { ByOrigin } from '../by-origin.js';
import type { Group } from './node.js';

/** What some tensors without a label are to people. */
const BY_OP: Readonly<Record<string, string>> = {
  gaussianKl: 'KL per element',
  sigmoidSquaredError: 'squared error per pixel',
  bernoulliNll: 'cross-entropy per pixel',
};

/** 'logvar / 2' as it stands in a link: 'logvar-over-2'. */
const slug = (label: string): string =>
  label.replaceAll('KL', 'kl').replaceAll(' / ', '-over-').replaceAll(' * ', '-times-').replaceAll(' ', '-');

/** The names of the tensors of a pass: ids for links, labels for people. */
export interface Names {
  readonly id: string;
  readonly label: string;
}

/** The layer whose weight a linear op takes: 'encoder.0'. */
function layerOf({ op, inputs }: GraphNode): string | undefined {
  if (!['linear', 'matmul', 'conv2d', 'convTranspose2d'].includes(op)) return undefined;
  return inputs[1]?.label?.replace(/\.weight$/, '');
}

/**
 * Gives each tensor of the graph a name. One with a label keeps it; a layer's output is called as the layer, an activation by what it is
 * applied to ('encoder.0.tanh'), anything else by its op.
 * @param known labels for tensors that have none, or another
 */
export function namesOf(graph: Graph, known: ReadonlyMap<Tensor, string>): Map<Tensor, Names> {
  const labelOf = ({ value, label, op }: GraphNode): string | undefined =>
    known.get(value) ?? label ?? BY_OP[op];
  const names = new Map<Tensor, Names>();
  const taken = new Set(graph.nodes.flatMap((node) => labelOf(node) ?? []).map(slug));
  const free = (...wishes: readonly string[]): string => {
    const found = wishes.find((wish) => !taken.has(wish));
    if (found !== undefined) return found;
    let count = 2;
    while (taken.has(`${wishes[0]}-${count}`)) count++;
    return `${wishes[0]}-${count}`;
  };
  for (const node of graph.nodes) {
    const label = labelOf(node);
    if (label !== undefined) {
      names.set(node.value, { id: slug(label), label });
      continue;
    }
    const first = node.inputs[0] && names.get(node.inputs[0].value)?.id;
    const layer = layerOf(node);
    const behind = first === undefined ? node.op : `${first}.${node.op}`;
    const id =
      layer !== undefined
        ? free(layer, `${layer}.${node.op}`)
        : first?.includes('coder.')
          ? free(behind)
          : free(node.op, behind);
    taken.add(id);
    names.set(node.value, { id, label: id });
  }
  return names;
}

/** Marks everything that `from` was computed from and that belongs to no group yet. */
function claim(from: GraphNode, group: Group, groups: Map<Tensor, Group>): void {
  const stack = [from];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (groups.has(node.value)) continue;
    groups.set(node.value, group);
    stack.push(...node.inputs);
  }
}

/** Which stretch of the way each tensor belongs to, by what is computed from it. */
export function groupsOf(
  graph: Graph,
  x: Tensor,
  pass: Objective,
  terms: ByOrigin<Tensor>,
): Map<Tensor, Group> {
  const groups = new Map<Tensor, Group>([[x, 'input']]);
  const nodeOf = (t: Tensor): GraphNode => {
    const node = graph.nodes.find(({ value }) => value === t);
    if (node === undefined) throw new Error('walk: a tensor of the pass is not part of its graph');
    return node;
  };
  for (const head of [pass.mean, pass.logvar]) {
    groups.set(head, 'trick');
    for (const input of nodeOf(head).inputs) claim(input, 'encoder', groups);
  }
  claim(nodeOf(pass.z), 'trick', groups);
  claim(nodeOf(pass.output), 'decoder', groups);
  claim(nodeOf(terms.reconstruction), 'reconstruction', groups);
  claim(nodeOf(terms.kl), 'kl', groups);
  claim(graph.output, 'loss', groups);
  return groups;
}
