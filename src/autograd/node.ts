import { formatShape } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import { writeCount } from '../tensor/writes.js';
import type { Op } from './op.js';

let lastId = 0;

/** How a recorded tensor came about: an op and its inputs, or null for a variable. */
export class Node {
  readonly id = ++lastId;
  /**
   * The last pass over the graph that visited this node, and the node's place in the order of that pass. A reader of the place
   * checks that the order has this tensor there, since passes may follow one another or nest.
   * @internal
   */
  pass = 0;
  /** @internal */
  place = -1;
  /**
   * The count of writes into tensors when this was recorded: what is saved must not be written to later.
   * @internal
   */
  readonly writes = writeCount();

  constructor(
    readonly op: Op | null,
    readonly inputs: readonly Tensor[],
    readonly attributes: unknown,
    /** Whether a gradient flows into this tensor: it is a variable, or depends on one differentiably. */
    readonly needsGradient: boolean,
  ) {}

  /** 'mul#17', for messages. */
  toString(): string {
    return `${this.op?.name ?? 'variable'}#${this.id}`;
  }
}

/** The record of how a tensor came about; null for plain data. */
export function nodeOf(t: Tensor): Node | null {
  return t.origin instanceof Node ? t.origin : null;
}

/** Whether `backward` can give a gradient for this tensor. */
export function needsGradient(t: Tensor): boolean {
  return t.origin instanceof Node && t.origin.needsGradient;
}

/** A recorded tensor that was computed from none: what `variable` gives, and what functions are traced with. */
export function leaf(x: Tensor, label = x.label): Tensor {
  const made = x.detach();
  made.origin = new Node(null, [], undefined, true);
  made.label = label;
  return made;
}

/** A short name for messages: `'z'`, `'mul#17'`, or `a constant of shape [2, 3]`. */
export function describe(t: Tensor): string {
  if (t.label !== undefined) return `'${t.label}'`;
  const node = nodeOf(t);
  if (node === null) return `a constant of shape ${formatShape(t.shape)}`;
  return `'${node}'`;
}
