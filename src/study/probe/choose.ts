import type { RandomStream } from '../../tensor/random/index.js';
import type { Tensor } from '../../tensor/tensor.js';

/** The index of the largest magnitude that is not among those excluded; -1 if none is left. */
export function largest({ data, size }: Tensor, without: ReadonlySet<number> = new Set()): number {
  let best = -1;
  for (let i = 0; i < size; i++) {
    if (!without.has(Math.abs(data[i])) && (best < 0 || Math.abs(data[i]) > Math.abs(data[best]))) best = i;
  }
  return best;
}

/** Draws for each element that is wanted, of which many may be 0. */
const TRIES = 50;

/**
 * Elements to check, in order: half with the largest gradients, the others at random. Their gradients are not 0 and differ in
 * magnitude, but for one at random among those that are 0, as that may be wrong. Where there are too few, they are filled up with
 * the first others. All of them if there are at most `count`.
 */
export function chooseElements(gradient: Tensor, count: number, stream: RandomStream): number[] {
  const { data, size } = gradient;
  if (size <= count) return [...data.keys()];
  const magnitudes = new Set([0]);
  const chosen = new Set<number>();
  const add = (i: number): void => {
    magnitudes.add(Math.abs(data[i]));
    chosen.add(i);
  };
  for (let n = 0; n < Math.ceil(count / 2); n++) {
    const next = largest(gradient, magnitudes);
    if (next >= 0) add(next);
  }
  const draws = stream.uniform(new Float64Array(TRIES * count), 0, size);
  const order = Array.from(draws, Math.floor);
  const zero = order.find((i) => data[i] === 0);
  if (zero !== undefined && chosen.size < count) add(zero);
  for (const i of order) if (chosen.size < count && !magnitudes.has(Math.abs(data[i]))) add(i);
  for (let i = 0; chosen.size < count; i++) chosen.add(i);
  return [...chosen].sort((a, b) => a - b);
}
