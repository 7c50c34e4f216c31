import type { Tensor } from '../tensor/tensor.js';
import { type Node, nodeOf } from './node.js';
import type { Recorded } from './topological-order.js';

/** The gradients a backward pass has found so far, by place in the order of its graph. */
export class GradientStore {
  private readonly gradients: (Tensor | undefined)[];
  /** Places in the order of their first contributions. */
  private readonly reached: number[] = [];
  private places: ReadonlyMap<Tensor, number> | undefined;

  constructor(private readonly order: readonly Recorded[]) {
    this.gradients = new Array<Tensor | undefined>(order.length).fill(undefined);
  }

  /** The gradient of the tensor at `place`; undefined where none has come. */
  at(place: number): Tensor | undefined {
    return this.gradients[place];
  }

  /** Keeps a gradient for the tensor at `place`, instead of the one it had. */
  set(place: number, gradient: Tensor): void {
    if (this.gradients[place] === undefined) this.reached.push(place);
    this.gradients[place] = gradient;
  }

  /** Forgets the gradient of the tensor at `place`, and gives it. */
  take(place: number): Tensor | undefined {
    const gradient = this.gradients[place];
    this.gradients[place] = undefined;
    return gradient;
  }

  /** The place of a recorded tensor; -1 when it is not part of the graph. */
  placeOf(t: Tensor, { place }: Node): number {
    if (place >= 0 && place < this.order.length && this.order[place].tensor === t) return place;
    // Another pass has been over the tensor since, and has given it another place.
    this.places ??= new Map(this.order.map(({ tensor }, at) => [tensor, at]));
    return this.places.get(t) ?? -1;
  }

  /** The gradient of `t`; undefined where none has come, and outside the graph. */
  get(t: Tensor): Tensor | undefined {
    const node = nodeOf(t);
    const place = node === null ? -1 : this.placeOf(t, node);
    return place < 0 ? undefined : this.gradients[place];
  }

  /** Tensors with their gradients, in the order in which they were reached. */
  entries(): [Tensor, Tensor][] {
    return this.reached.flatMap((place): [Tensor, Tensor][] => {
      const gradient = this.gradients[place];
      return gradient === undefined ? [] : [[this.order[place].tensor, gradient]];
    });
  }
}
