import type { Tensor } from '../../tensor/tensor.js';
import type { ByOrigin } from '../by-origin.js';

/** The stretches of the way, in the order of the forward pass. */
export const GROUPS = ['input', 'encoder', 'trick', 'decoder', 'reconstruction', 'kl', 'loss'] as const;
/** The part of a model that a node belongs to. */
export type Group = (typeof GROUPS)[number];

/** One tensor that the engine recorded. All numbers are copies: they stay what they are while training goes on. */
export interface WalkNode {
  /** Its name in links: letters, digits, `.` and `-`; the same for every model of one architecture. */
  readonly id: string;
  /** Its name for people. */
  readonly label: string;
  readonly group: Group;
  /**
   * 'data' and 'noise' are given, 'parameter' is learned, 'constant' stands in a formula, 'op' is computed; 'held' is computed from
   * its inputs but taken as a number: no derivative passes.
   */
  readonly role: 'data' | 'noise' | 'parameter' | 'constant' | 'op' | 'held';
  /** The op that made it, or its role. */
  readonly op: string;
  /** The op's own line about itself; '' where none made it. */
  readonly doc: string;
  readonly attributes: unknown;
  /** Ids, in the order of the op's operands. */
  readonly inputs: readonly string[];
  readonly shape: readonly number[];
  readonly value: Tensor;
  /** The gradient of the loss and of its terms with respect to this tensor; null where none reaches it. */
  readonly gradient: ByOrigin<Tensor | null>;
}

/**
 * How the encoder's gradient is computed: by the trick; with z a draw that no derivative passes; or by the score function, from
 * the value of the reconstruction and the derivative of log q(z).
 */
export const TRICK_MODES = ['with', 'without', 'score'] as const;
/** How the encoder's gradient is computed; see {@link TRICK_MODES}. */
export type TrickMode = (typeof TRICK_MODES)[number];

/** An op that takes a tensor. */
export interface Consumer {
  readonly id: string;
  /** Which of its operands the tensor is, from 0. */
  readonly position: number;
}

/** One batch through the model and back, as the engine recorded it. */
export interface Walk {
  readonly trick: TrickMode;
  readonly batch: number;
  readonly latent: number;
  readonly beta: number;
  /** In the order of the forward pass: a node comes after its inputs. */
  readonly nodes: ReadonlyMap<string, WalkNode>;
  /** Ids in the order in which backward has their gradients complete. */
  readonly backward: readonly string[];
  /** Who takes a tensor and can be differentiated by it, in the order in which backward adds their contributions. */
  readonly consumers: ReadonlyMap<string, readonly Consumer[]>;
  /** The nodes from which the three backward passes start: the loss, and its two terms. */
  readonly starts: ByOrigin<string>;
}

/** The node of this id. @throws RangeError listing the ids when there is none. */
export function nodeAt({ nodes }: Walk, id: string): WalkNode {
  const node = nodes.get(id);
  if (node !== undefined) return node;
  throw new RangeError(`walk: there is no node '${id}'; there are ${[...nodes.keys()].join(', ')}`);
}
