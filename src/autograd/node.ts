import { describeValue } from '../tensor/describe.js';
import { formatShape } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import type { Op } from './op.js';

let lastId = 0;

/** How a recorded tensor came about: an op and its inputs, or null for a variable. */
export class Node {
  readonly id = ++lastId;
  /**
   * The last pass over the graph that came by, and the node's place in the order which that pass made. Whoever reads
   * the place checks that the order has this tensor there: passes can follow on one another, and nest.
   * @internal
   */
  pass = 0;
  /** @internal */
  place = -1;

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

/** The record behind a tensor; null for plain data. */
export function nodeOf(t: Tensor): Node | null {
  return t.origin instanceof Node ? t.origin : null;
}

/** Whether `backward` can give a gradient for this tensor. */
export function needsGradient(t: Tensor): boolean {
  return t.origin instanceof Node && t.origin.needsGradient;
}

/**
 * A tensor to differentiate with respect to: it shares the data of `x`, and ops on it are recorded.
 * @param label a name for graphs, reports and errors.
 * @throws TypeError when `x` is no tensor.
 */
export function variable(x: Tensor, label?: string): Tensor {
  if (!(x instanceof Tensor)) {
    throw new TypeError(`variable: takes a tensor, but got ${describeValue(x)}; make one with tensor(...)`);
  }
  const leaf = x.view();
  leaf.origin = new Node(null, [], undefined, true);
  leaf.label = label ?? x.label;
  return leaf;
}

/** A short name for messages: `'z'`, `'mul#17'`, or `a constant of shape [2, 3]`. */
export function describe(t: Tensor): string {
  if (t.label !== undefined) return `'${t.label}'`;
  const node = nodeOf(t);
  if (node === null) return `a constant of shape ${formatShape(t.shape)}`;
  return `'${node}'`;
}
