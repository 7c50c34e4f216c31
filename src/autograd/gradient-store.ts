import type { Tensor } from '../tensor/tensor.js';
import { nodeOf } from './node.js';
import type { Recorded } from './topological-order.js';

/** The gradients a backward pass has found so far, one per tensor of its graph. */
export class GradientStore {
  private readonly gradients: (Tensor | undefined)[];
  /** Places in the order in which the first contribution came. */
  private readonly reached: number[] = [];
  private places: ReadonlyMap<Tensor, number> | undefined;

  constructor(private readonly order: readonly Recorded[]) {
    this.gradients = new Array<Tensor | undefined>(order.length).fill(undefined);
  }

  /** Undefined where no gradient has come, or for a tensor outside the graph. */
  get(t: Tensor): Tensor | undefined {
    const place = this.placeOf(t);
    return place < 0 ? undefined : this.gradients[place];
  }

  /** Keeps a gradient for a tensor of the graph, in place of what it had. */
  set(t: Tensor, gradient: Tensor): void {
    const place = this.placeOf(t);
    if (this.gradients[place] === undefined) this.reached.push(place);
    this.gradients[place] = gradient;
  }

  /** Tensors with their gradients, in the order in which they were reached. */
  entries(): [Tensor, Tensor][] {
    return this.reached.flatMap((place): [Tensor, Tensor][] => {
      const gradient = this.gradients[place];
      return gradient === undefined ? [] : [[this.order[place].tensor, gradient]];
    });
  }

  /** The place of a tensor in the order; -1 when it is not part of the graph. */
  private placeOf(t: Tensor): number {
    const place = nodeOf(t)?.place ?? -1;
    if (place < 0) return -1;
    if (place < this.order.length && this.order[place].tensor === t) return place;
    // Another pass has been over the tensor since, and has given it another place.
    this.places ??= new Map(this.order.map(({ tensor }, at) => [tensor, at]));
    return this.places.get(t) ?? -1;
  }
}
