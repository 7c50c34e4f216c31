import { type Group, nodeAt, type Walk, type WalkNode } from './node.js';

/**
 * Leaves out nodes of a graph: what a kept one was computed from are the nearest kept ones behind it, each once.
 * @param nodes in an order in which inputs come first
 */
export function fold<T>(
  nodes: Iterable<T>,
  inputsOf: (node: T) => readonly T[],
  isKept: (node: T) => boolean,
): Map<T, readonly T[]> {
  const kept = new Map<T, readonly T[]>();
  /** What stands for a node: itself, or the kept ones behind it. */
  const standsFor = new Map<T, readonly T[]>();
  for (const node of nodes) {
    const behind = [...new Set(inputsOf(node).flatMap((input) => standsFor.get(input) ?? []))];
    standsFor.set(node, isKept(node) ? [node] : behind);
    if (isKept(node)) kept.set(node, behind);
  }
  return kept;
}

/** A node of the picture, with the ids of those it is drawn to come from. */
export interface ShownNode {
  readonly node: WalkNode;
  readonly inputs: readonly string[];
}

/** The stretches that can be shown as one step, or layer by layer. */
export const FOLDABLE = ['encoder', 'decoder', 'reconstruction', 'kl'] as const;
/** A group of nodes that is shown as one. */
export type Foldable = (typeof FOLDABLE)[number];

/** The ids of what the score function adds to the graph. */
const SCORE_NODES = ['log-q', 'R-as-a-number', 'score-term', 'reconstruction'];

const isFoldable = (group: Group): group is Foldable => FOLDABLE.some((name) => name === group);

/**
 * The walk as a picture: from the data through the encoder's last layer, mean and logvar, the trick and the decoder to the terms of the
 * loss. Parameters and constants are left out; their numbers are in the formulas.
 * @param unfolded stretches to be shown in all their steps
 */
export function shownNodes(walk: Walk, unfolded: ReadonlySet<Foldable> = new Set()): ShownNode[] {
  const [lastLayer] = nodeAt(walk, 'mean').inputs;
  const always = new Set([
    lastLayer,
    'output',
    'kl-per-element',
    'kl',
    walk.starts.reconstruction,
    walk.starts.kl,
    ...SCORE_NODES,
  ]);
  const isShown = ({ id, group, role }: WalkNode): boolean =>
    role !== 'parameter' &&
    role !== 'constant' &&
    (!isFoldable(group) || unfolded.has(group) || always.has(id));
  const kept = fold(walk.nodes.values(), ({ inputs }) => inputs.map((id) => nodeAt(walk, id)), isShown);
  return [...kept].map(([node, inputs]) => ({ node, inputs: inputs.map(({ id }) => id) }));
}
