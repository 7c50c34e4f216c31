import { Derivation } from './derive.js';
import { decided, evaluate } from './evaluate.js';
import { lookUpIn } from './explain.js';
import type { ShownNode } from './fold.js';
import { nodeAt, type Walk } from './node.js';
import { print } from './print.js';

/** An arrow of the picture. Plain data. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** Whether its end is held as a number: the derivative stops here. */
  readonly isCut: boolean;
  /**
   * The derivative of the end by the chosen element of the start: what a gradient is multiplied by on its way back. `text` is its
   * formula in the nodes of the picture, without places; null where others are in it. The whole is null where several elements
   * depend on that one, as through a layer.
   */
  readonly local: { readonly text: string | null; readonly value: number } | null;
}

/**
 * The arrows of a picture with the local derivatives on them. Where each arrow from a node has one, its gradient is the sum over
 * them of the gradient at the end times the number on the arrow.
 * @param elementOf the element that is looked at
 */
export function arrowsOf(
  walk: Walk,
  shown: readonly ShownNode[],
  elementOf: (id: string) => readonly number[],
): Arrow[] {
  const derivation = new Derivation(walk);
  const lookUp = lookUpIn(walk);
  const drawn = new Set(shown.map(({ node }) => node.id));
  const localOf = (from: string, to: string): Arrow['local'] => {
    const made = derivation.local(from, elementOf(from), to, (id) => !drawn.has(id));
    if (made === null) return null;
    const { dtype } = nodeAt(walk, from).value;
    let isWithin = true;
    const text = print(decided(made, lookUp, dtype), {
      element({ node }) {
        isWithin &&= drawn.has(node);
        return nodeAt(walk, node).label;
      },
    });
    return { text: isWithin ? text : null, value: evaluate(made, lookUp, dtype).value };
  };
  return shown.flatMap(({ node, inputs }) =>
    inputs.map((from) => {
      const isCut = node.role === 'held';
      const isGiven = ['data', 'noise', 'held'].includes(nodeAt(walk, from).role);
      return { from, to: node.id, isCut, local: isCut || isGiven ? null : localOf(from, node.id) };
    }),
  );
}
