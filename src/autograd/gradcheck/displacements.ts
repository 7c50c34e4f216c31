import type { RandomStream } from '../../tensor/random/index.js';
import { Tensor } from '../../tensor/tensor.js';
import type { GradcheckSettings } from './options.js';

/** A displacement of some inputs: one array per input, null where it stays. */
export type Direction = readonly (Float64Array | null)[];

/**
 * Fills with numbers of either sign and magnitude 1/2 to 1: none so small that it hides an error, none so
 * large that a step leaves the region meant, and no two alike, so that errors do not cancel.
 */
function randomSigned(stream: RandomStream, size: number): Float64Array {
  const draws = stream.uniform(new Float64Array(size), -1, 1);
  return draws.map((u) => u / 2 + (u < 0 ? -0.5 : 0.5));
}

/** Random cotangents in the shapes of the outputs. */
export function randomCotangents(outputs: readonly Tensor[], stream: RandomStream): Tensor[] {
  return outputs.map((y) => new Tensor(randomSigned(stream, y.size), y.shape));
}

/** Where a function is differentiated, and how far to go for it. */
export interface Displacement {
  /** null for all inputs together. */
  readonly input: number | null;
  /** Flat index; null along a random direction. */
  readonly element: number | null;
  /** Number of the random direction; null by one element. */
  readonly number: number | null;
  readonly direction: Direction;
  readonly step: number;
}

/** One displacement for each element: one unit, with a step in proportion to the element where that is above 1. */
export function* elementDisplacements(
  inputs: readonly Tensor[],
  { step, held, elements }: Pick<GradcheckSettings, 'step' | 'held' | 'elements'>,
): Generator<Displacement> {
  for (let input = 0; input < inputs.length; input++) {
    if (held.has(input)) continue;
    for (const element of elements?.[input] ?? inputs[input].data.keys()) {
      const unit = new Float64Array(inputs[input].size);
      unit[element] = 1;
      const direction = inputs.map((_, k) => (k === input ? unit : null));
      const scale = Math.max(1, Math.abs(inputs[input].data[element]));
      yield { input, element, number: null, direction, step: step * scale };
    }
  }
}

/** Eight bits of a number: so few that x + h d is exact for steps h that are powers of 2. */
const short = (x: number): number => {
  const unit = 2 ** (Math.floor(Math.log2(Math.abs(x))) - 7);
  return Math.round(x / unit) * unit;
};

/** Random directions of all inputs together, and of each by itself, in proportion to elements above 1. */
export function* randomDisplacements(
  inputs: readonly Tensor[],
  { step, directions, held }: Pick<GradcheckSettings, 'step' | 'directions' | 'held'>,
  stream: RandomStream,
): Generator<Displacement> {
  const scaled = (x: Tensor): Float64Array =>
    randomSigned(stream, x.size).map((d, i) => short(d * Math.max(1, Math.abs(x.data[i]))));
  const filled = inputs.map((_, k) => k).filter((k) => inputs[k].size > 0 && !held.has(k));
  const together = (): Direction => inputs.map((x, k) => (held.has(k) ? null : scaled(x)));
  for (let number = 0; number < directions; number++) {
    if (filled.length > 1) yield { input: null, element: null, number, direction: together(), step };
    for (const input of filled) {
      const direction = inputs.map((x, k) => (k === input ? scaled(x) : null));
      yield { input, element: null, number, direction, step };
    }
  }
}
