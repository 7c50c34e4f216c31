import { currentScope, type Releasable } from '../tensor/memory/scope.js';
import type { Tensor } from '../tensor/tensor.js';
import { lend } from './fuse.js';
import type { GradientStore } from './gradient-store.js';
import { nodeOf } from './node.js';
import type { Recorded } from './topological-order.js';

/**
 * Gives memory back in the course of a backward pass, where nobody looks at inner gradients or goes back again: what rules have
 * read for the last time, gradients that have been handed on, and what rules computed on the way. A tensor of which an array was
 * asked for stays; whoever still holds one that is gone gets an error, and never other numbers.
 */
export class Disposal {
  readonly #scope = currentScope();
  /** How many nodes have yet to read the tensor at each place. */
  readonly #readers: number[];
  /** Gradients that this pass has made, and at how many places each stands. */
  readonly #held = new Map<Releasable, number>();
  /** Gradients that others have made. */
  readonly #foreign = new Set<Tensor>();
  /** What the rules of the node under way have made. */
  readonly #made: Releasable[] = [];

  constructor(
    private readonly order: readonly Recorded[],
    private readonly found: GradientStore,
    cotangent: Tensor,
  ) {
    this.#foreign.add(cotangent);
    this.#readers = new Array<number>(order.length).fill(0);
    for (let place = 0; place < order.length; place++) {
      for (const read of this.#readBy(place)) this.#readers[read]++;
    }
    for (let place = 0; place < order.length; place++) this.#releaseUnread(place);
    if (this.#scope !== null) this.#scope.made = this.#made;
  }

  /** Gives back what nothing needs once the rules of the node at `place` have run. */
  after(place: number): void {
    for (const read of this.#readBy(place)) {
      this.#readers[read]--;
      this.#releaseUnread(read);
    }
    if (this.order[place].node.op !== null) this.#drop(this.found.take(place));
    for (const t of this.#made) if (!this.#held.has(t)) t.release();
    this.#made.length = 0;
  }

  /** Ends with the pass, after an error too. */
  end(): void {
    lend(null);
    if (this.#scope !== null) this.#scope.made = null;
  }

  /** Notes that a gradient stands in the store, in the place of `before`. */
  stored(gradient: Tensor, before: Tensor | undefined): void {
    const count = this.#held.get(gradient) ?? 0;
    if (count > 0 || this.#made.includes(gradient)) this.#held.set(gradient, count + 1);
    else this.#foreign.add(gradient);
    this.#drop(before);
  }

  /** Lets `g` be written over by what reads it last, where it is no other tensor's gradient: until it is called with null. */
  lend(g: Tensor | null): void {
    lend(g !== null && this.#held.get(g) === 1 && g.isSole ? g : null);
  }

  /** Notes that the rules of the node under way do not read its output again: they are the last to do so. */
  outputRead({ tensor, node }: Recorded): void {
    const place = this.found.placeOf(tensor, node);
    this.#readers[place] = 0;
    this.#releaseUnread(place);
  }

  /** The places of what the rules of a node read. */
  #readBy(place: number): number[] {
    const { needsGradient, op, inputs } = this.order[place].node;
    if (op === null || !needsGradient) return [];
    const places = op.saves.includes('output') ? [place] : [];
    if (op.saves.includes('inputs')) {
      for (const input of inputs) {
        const node = nodeOf(input);
        if (node !== null) places.push(this.found.placeOf(input, node));
      }
    }
    return places;
  }

  /** The output of the pass is its caller's, and variables stay. */
  #releaseUnread(place: number): void {
    const { tensor, node } = this.order[place];
    if (this.#readers[place] > 0 || node.op === null || place === this.order.length - 1) return;
    if (!this.#foreign.has(tensor)) tensor.release();
  }

  #drop(gradient: Tensor | undefined): void {
    const count = gradient && this.#held.get(gradient);
    if (gradient === undefined || count === undefined) return;
    this.#held.set(gradient, count - 1);
    if (count > 1) return;
    this.#held.delete(gradient);
    gradient.release();
  }
}
