import { normalizeAxes, type Shape, sizeOf } from '../../tensor/shape.js';
import type { Origin } from '../by-origin.js';
import {
  type Expression,
  expressionOf,
  greaterThan,
  type Index,
  over,
  plus,
  type Reference,
  rectified,
  substitute,
  sumOver,
  times,
} from './expression.js';
import { type Consumer, nodeAt, type Walk, type WalkNode } from './node.js';
import { programOf, ruleOf } from './programs.js';
import { affine, type Tap, Windows } from './windows.js';

const LETTERS = ['i', 'j', 'k', 'l', 'm', 'n', 'p', 'q', 'r'];

/** A letter for each dimension of a tensor. */
export const lettersOf = (shape: Shape): string[] => shape.map((_, d) => LETTERS[d]);

/** Letters that stand for no place of an index, written with letters or with numbers. */
const fresh = (index: Index, count: number): string[] => LETTERS.slice(index.length, index.length + count);

const reference = (of: Reference['of'], node: WalkNode, index: Index): Expression =>
  node.role === 'constant' && node.value.size === 1
    ? { kind: 'number', value: node.value.data[0] }
    : { kind: 'element', of, node: node.id, index };

const attribute = ({ attributes }: WalkNode, name: string): unknown =>
  typeof attributes === 'object' && attributes !== null ? Reflect.get(attributes, name) : undefined;

/** The element of a tensor of shape `shape` that broadcasting puts at `index` of a larger one. */
const broadcastIndex = (index: Index, shape: Shape): Index =>
  shape.map((n, d) => (n === 1 ? 0 : index[index.length - shape.length + d]));

/** The dimensions that a reduction takes away. */
function axesOf(node: WalkNode, shape: Shape): readonly number[] {
  const axes = attribute(node, 'axes');
  const given = Array.isArray(axes) ? axes.filter((axis) => typeof axis === 'number') : undefined;
  return normalizeAxes(given, shape.length, node.op);
}

const isReduction = ({ op }: WalkNode): boolean => op === 'sum' || op === 'mean';

/** How many elements a reduction adds up for each of its own. */
const countOf = (node: WalkNode, shape: Shape): number =>
  axesOf(node, shape).reduce((count, axis) => count * shape[axis], 1);

const NOTHING: Expression = { kind: 'number', value: 0 };
const ONE: Expression = { kind: 'number', value: 1 };

/** The place in a tensor of another shape that has as many elements: the same in row-major order. */
function reshaped(index: Index, from: Shape, to: Shape): Index {
  let same = 0;
  while (same < from.length && from[same] === to[same]) same++;
  const flat = affine(
    index.slice(same).map((place, d) => [sizeOf(from.slice(same + d + 1)), place] as const),
    0,
  );
  const rest = to.slice(same).map((n, d): Index[number] => {
    const below = sizeOf(to.slice(same + d + 1));
    if (typeof flat === 'number') return Math.floor(flat / below) % n;
    const own = /^\w+$/.test(flat) ? flat : `(${flat})`;
    const whole = below === 1 ? own : `${own} div ${below}`;
    if (d === 0) return below === 1 ? flat : whole;
    return `${whole} mod ${n}`;
  });
  return [...index.slice(0, same), ...rest];
}

/** Formulas for the elements of a walk, made from the recorded graph. */
export class Derivation {
  constructor(readonly walk: Walk) {}

  /** The element as an atom of a formula. */
  value(id: string, index: Index): Expression {
    return reference('value', nodeAt(this.walk, id), index);
  }

  /** How the engine came to a value; null for what it was given, and for an op that has no formula here. */
  forward(id: string, index: Index): Expression | null {
    const node = nodeAt(this.walk, id);
    const program = programOf(node.op, node.attributes);
    if (program !== null) return expressionOf(program, this.#operands(node, index));
    if (isReduction(node)) {
      const [input] = node.inputs;
      const { shape } = nodeAt(this.walk, input);
      const axes = axesOf(node, shape);
      const kept = attribute(node, 'keepDims') === true;
      const total = sumOver(
        fresh(index, axes.length),
        axes.map((axis) => shape[axis]),
        (at) => {
          let next = 0;
          const place = shape.map((_, d) => {
            if (axes.includes(d)) return at[axes.indexOf(d)];
            return kept ? index[d] : index[next++];
          });
          return this.value(input, place);
        },
      );
      return node.op === 'mean' ? over(total, countOf(node, shape)) : total;
    }
    if (node.op === 'linear') return this.#linear(node, index);
    if (node.op === 'reshape') {
      const [input] = node.inputs;
      return this.value(input, reshaped(index, node.shape, nodeAt(this.walk, input).shape));
    }
    const windows = Windows.of(this.walk, node);
    return windows && this.#convolution(windows, index);
  }

  /**
   * How the engine came to a gradient: one contribution for each op that takes the tensor, by that op's rule, in the order in which
   * they are added. Null where no gradient reaches, and where an op has no formula here.
   */
  gradient(id: string, index: Index, origin: Origin): Expression | null {
    const node = nodeAt(this.walk, id);
    if (node.gradient[origin] === null) return null;
    if (this.walk.starts[origin] === id) return { kind: 'number', value: 1 };
    let total: Expression | null = null;
    for (const consumer of this.walk.consumers.get(id) ?? []) {
      if (nodeAt(this.walk, consumer.id).gradient[origin] === null) continue;
      const share = this.#contribution(node, index, consumer, origin);
      if (share === null) return null;
      total = total === null ? share : plus(total, share);
    }
    return total;
  }

  /**
   * The derivative of the one element of `to` that depends on an element of `id`, along the paths whose inner nodes `isPassed`.
   * Null where several elements depend on it, as through a matrix product.
   */
  local(id: string, index: Index, to: string, isPassed: (id: string) => boolean): Expression | null {
    const node = nodeAt(this.walk, id);
    let total: Expression = NOTHING;
    for (const consumer of this.walk.consumers.get(id) ?? []) {
      if (consumer.id !== to && !isPassed(consumer.id)) continue;
      const share = this.#contribution(node, index, consumer, 'total');
      if (share === null || share.kind === 'sum') return null;
      let rest: Expression | null = ONE;
      const own = substitute(share, (reference) => {
        if (reference.of === 'value') return reference;
        if (consumer.id !== to) rest = this.local(consumer.id, reference.index, to, isPassed);
        return rest ?? reference;
      });
      if (rest === null) return null;
      if (rest === NOTHING) continue;
      total = total === NOTHING ? own : plus(total, own);
    }
    return total;
  }

  /** The elements of a node's inputs that broadcasting puts at `index`. */
  #operands(node: WalkNode, index: Index): Expression[] {
    return node.inputs.map((input) =>
      this.value(input, broadcastIndex(index, nodeAt(this.walk, input).shape)),
    );
  }

  #linear(node: WalkNode, [row, column]: Index): Expression {
    const [x, weight, bias] = node.inputs;
    const { shape } = nodeAt(this.walk, weight);
    const product = sumOver(fresh([row, column], 1), [shape[1]], ([k]) =>
      times(this.value(x, [row, k]), this.value(weight, [column, k])),
    );
    const sum = plus(product, this.value(bias, [column]));
    return attribute(node, 'activation') === 'relu' ? rectified(sum) : sum;
  }

  #contribution(node: WalkNode, index: Index, { id, position }: Consumer, origin: Origin): Expression | null {
    const consumer = nodeAt(this.walk, id);
    const gradientAt = (at: Index): Expression => reference(origin, consumer, at);
    const rule = ruleOf(consumer.op, position, consumer.attributes);
    if (rule !== null)
      return this.#elementwise(node, index, consumer, (at) =>
        expressionOf(rule, [gradientAt(at), ...this.#operands(consumer, at), this.value(consumer.id, at)]),
      );
    if (isReduction(consumer)) {
      const axes = axesOf(consumer, node.shape);
      const kept = attribute(consumer, 'keepDims') === true;
      const at = kept
        ? index.map((place, d) => (axes.includes(d) ? 0 : place))
        : index.filter((_, d) => !axes.includes(d));
      return consumer.op === 'mean' ? over(gradientAt(at), countOf(consumer, node.shape)) : gradientAt(at);
    }
    if (consumer.op === 'linear') return this.#throughLinear(index, consumer, position, gradientAt);
    if (consumer.op === 'reshape') return gradientAt(reshaped(index, node.shape, consumer.shape));
    const windows = Windows.of(this.walk, consumer);
    return windows && this.#throughConvolution(windows, index, position, gradientAt);
  }

  /** The sum over a window of the large image, or over the places of the small one that see the place. */
  #window(
    windows: Windows,
    [example, channel, row, column]: Index,
    from: 'small' | 'large',
    elementAt: (at: Index) => Expression,
  ): Expression {
    const { weight } = windows;
    const rows = windows.taps(0, row, from);
    const columns = windows.taps(1, column, from);
    const place = (axis: 0 | 1, at: Index[number], own: Index[number], taps: readonly Tap[]): Tap => {
      if (typeof at === 'number') return taps[at];
      const found = from === 'small' ? windows.largeAt(axis, own, at) : windows.smallAt(axis, own, at);
      return { tap: at, place: found ?? at };
    };
    const channels = weight.shape[from === 'small' ? 1 : 0];
    return sumOver(fresh([0, 0, 0, 0], 3), [channels, rows.length, columns.length], ([other, u, v]) => {
      const [r, c] = [place(0, u, row, rows), place(1, v, column, columns)];
      const own: Index = from === 'small' ? [channel, other] : [other, channel];
      return times(
        elementAt([example, other, r.place, c.place]),
        this.value(weight.id, [...own, r.tap, c.tap]),
      );
    });
  }

  #convolution(windows: Windows, index: Index): Expression {
    const { isTransposed, bias, small, large, attributes } = windows;
    const [from, input] = isTransposed ? (['large', small] as const) : (['small', large] as const);
    const product = this.#window(windows, index, from, (at) => this.value(input.id, at));
    const sum = bias === null ? product : plus(product, this.value(bias.id, [index[1]]));
    return attributes.activation === 'relu' ? rectified(sum) : sum;
  }

  #throughConvolution(
    windows: Windows,
    index: Index,
    position: number,
    gradientAt: (at: Index) => Expression,
  ): Expression {
    const { isTransposed, node, small, large, attributes } = windows;
    const before = this.#before(node, attributes.activation, gradientAt);
    if (position === 0) return this.#window(windows, index, isTransposed ? 'small' : 'large', before);
    const [batch, , rows, columns] = position === 1 ? small.shape : node.shape;
    if (position === 2) {
      const letters = fresh([0], 3);
      return sumOver(letters, [batch, rows, columns], ([n, row, column]) =>
        before([n, index[0], row, column]),
      );
    }
    const [of, seen, u, v] = index;
    const own = [0, 1].map((axis) => {
      const tap = index[2 + axis];
      const inside = (place: number): boolean => {
        const at = windows.largeAt(axis === 0 ? 0 : 1, place, tap);
        return typeof at === 'string' || (at >= 0 && at < large.shape[2 + axis]);
      };
      return Array.from({ length: small.shape[2 + axis] }, (_, place) => place).filter(inside);
    });
    const inputAt = (at: Index): Expression => this.value((isTransposed ? small : large).id, at);
    return sumOver(fresh(index, 3), [batch, own[0].length, own[1].length], ([n, r, c]) => {
      const row = typeof r === 'number' ? own[0][r] : r;
      const column = typeof c === 'number' ? own[1][c] : c;
      const smallAt: Index = [n, of, row, column];
      const largeAt: Index = [n, seen, windows.largeAt(0, row, u), windows.largeAt(1, column, v)];
      return isTransposed
        ? times(before(largeAt), inputAt(smallAt))
        : times(before(smallAt), inputAt(largeAt));
    });
  }

  /** The gradient before an activation. */
  #before(
    node: WalkNode,
    activation: unknown,
    gradientAt: (at: Index) => Expression,
  ): (at: Index) => Expression {
    return (at) => {
      const g = gradientAt(at);
      return activation === 'relu' ? times(g, greaterThan(this.value(node.id, at), 0)) : g;
    };
  }

  /** Undoes broadcasting: the shares of all places that the element was stretched over. */
  #elementwise(
    node: WalkNode,
    index: Index,
    consumer: WalkNode,
    shareAt: (at: Index) => Expression,
  ): Expression {
    const lead = consumer.shape.length - node.shape.length;
    const stretched = consumer.shape.flatMap((n, d) =>
      d < lead || (node.shape[d - lead] === 1 && n !== 1) ? [d] : [],
    );
    const place = (at: Index): Index =>
      consumer.shape.map((_, d) => (stretched.includes(d) ? at[stretched.indexOf(d)] : index[d - lead]));
    return sumOver(
      fresh(index, stretched.length),
      stretched.map((d) => consumer.shape[d]),
      (at) => shareAt(place(at)),
    );
  }

  #throughLinear(
    index: Index,
    consumer: WalkNode,
    position: number,
    gradientAt: (at: Index) => Expression,
  ): Expression {
    const [x, weight] = consumer.inputs;
    const [rows, columns] = consumer.shape;
    const before = this.#before(consumer, attribute(consumer, 'activation'), gradientAt);
    const letter = fresh(index, 1);
    if (position === 0) {
      const [row, column] = index;
      return sumOver(letter, [columns], ([j]) => times(before([row, j]), this.value(weight, [j, column])));
    }
    const [unit, input] = index;
    return sumOver(letter, [rows], ([i]) =>
      position === 1 ? times(before([i, unit]), this.value(x, [i, input])) : before([i, unit]),
    );
  }
}
