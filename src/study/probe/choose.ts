import type { RandomStream } from '../../tensor/random/index.js';
import type { Tensor } from '../../tensor/tensor.js';

/** The index of the number furthest from 0, of those that are not left out; -1 where none is left. */
export function largest({ data, size }: Tensor, without: ReadonlySet<number> = new Set()): number {
  let best = -1;
  for (let i = 0; i < size; i++) {
    if (!without.has(i) && (best < 0 || Math.abs(data[i]) > Math.abs(data[best]))) best = i;
  }
  return best;
}

/**
 * Elements worth a look, in order: the half of them with the largest gradients, the others at random (a gradient that is
 * wrongly 0 is among those). All of them, where there are no more than `count`.
 */
export function chooseElements(gradient: Tensor, count: number, stream: RandomStream): number[] {
  const { data, size } = gradient;
  if (size <= count) return [...data.keys()];
  const chosen = new Set<number>();
  for (let n = 0; n < Math.ceil(count / 2); n++) chosen.add(largest(gradient, chosen));
  const draw = new Float64Array(1);
  while (chosen.size < count) chosen.add(Math.floor(stream.uniform(draw, 0, 1)[0] * size));
  return [...chosen].sort((a, b) => a - b);
}
