import type { RandomStream } from '../../tensor/random/index.js';
import type { Tensor } from '../../tensor/tensor.js';

/** The index of the largest magnitude among those not excluded; -1 if none is left. */
export function largest({ data, size }: Tensor, without: ReadonlySet<number> = new Set()): number {
  let best = -1;
  for (let i = 0; i < size; i++) {
    if (!without.has(i) && (best < 0 || Math.abs(data[i]) > Math.abs(data[best]))) best = i;
  }
  return best;
}

/**
 * Elements to check, in order: half with the largest gradients, the others at random (a gradient that is
 * wrongly 0 is among those). All of them if there are at most `count`.
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
