import { choice, integer, optional, text, toggle } from '../../../nn/schema/index.js';
import { ORIGINS } from '../../../study/by-origin.js';
import { type EpsilonChoice, FROZEN, formatEpsilon, parseEpsilon } from '../../../study/walk/epsilon-text.js';
import { FOLDABLE, type Foldable } from '../../../study/walk/fold.js';
import { TRICK_MODES } from '../../../study/walk/node.js';
import type { Axis, Position, WalkChoice } from '../../shared/walk.js';
import { viewParams } from '../../state/params.js';

const place = (help: string) => integer({ min: 0, max: 9_999_999, default: 0, help });

/** The person's choices, kept in the address: all that the view shows follows from them. */
export const params = viewParams({
  node: text({ default: 'x', need: 'a node', help: 'the node looked at' }),
  phase: choice(['forward', 'backward'], { default: 'forward', help: 'values or gradients' }),
  origin: choice(ORIGINS, { default: 'total', help: 'the term whose gradient is shown' }),
  trick: choice(TRICK_MODES, { default: 'with', help: "how the encoder's gradient is computed" }),
  epsilon: text({ default: 'frozen', need: 'a choice of noise', help: 'the noise' }),
  example: place('the image of the batch'),
  pixel: optional(integer({ min: 0, max: 9_999_999, help: 'the pixel; without it, an inked one' })),
  dimension: place('the dimension of z'),
  unit: optional(integer({ min: 0, max: 9_999_999, help: 'the unit of a layer; without it, a busy one' })),
  input: optional(integer({ min: 0, max: 9_999_999, help: 'the input of a unit or a filter' })),
  channel: optional(integer({ min: 0, max: 9_999, help: 'the channel; without it, a busy one' })),
  row: optional(integer({ min: 0, max: 9_999, help: 'the row; without it, the middle' })),
  column: optional(integer({ min: 0, max: 9_999, help: 'the column; without it, the middle' })),
  open: optional(text({ need: "parts of the graph, as 'encoder.kl'", help: 'the parts shown in full' })),
  all: toggle({ help: 'show all images of the batch to choose from' }),
});

export type Phase = 'forward' | 'backward';

/** The choice of noise. Defaults to the step's own for a text that cannot be read; the engine reports that. */
export function chosenEpsilon(): EpsilonChoice {
  try {
    return parseEpsilon(params.value.epsilon);
  } catch {
    return FROZEN;
  }
}
export const chooseEpsilon = (choice: EpsilonChoice): void => params.set({ epsilon: formatEpsilon(choice) });

/** Which walk is asked for. */
export function chosenWalk(): WalkChoice {
  const { epsilon, trick } = params.value;
  return { epsilon, trick };
}

export function chosenPosition(): Position {
  const { example, pixel, dimension, unit, input, channel, row, column } = params.value;
  return { example, pixel, dimension, unit, input, channel, row, column };
}
/** Chooses the element of a tensor by what its dimensions count. */
export const chooseElement = (axes: readonly Axis[], element: readonly number[]): void =>
  params.set(Object.fromEntries(axes.map((axis, d) => [axis, element[d]])));

/** The parts of the graph that are shown in full. */
export function unfoldedParts(): Foldable[] {
  const names = params.value.open?.split('.');
  return FOLDABLE.filter((name) => names?.includes(name));
}
export function toggleFold(name: Foldable): void {
  const unfolded = unfoldedParts();
  const next = FOLDABLE.filter((other) => unfolded.includes(other) !== (other === name));
  params.set({ open: next.join('.') || null });
}

/** A stop of the walk: a node in one of the two passes. */
export interface Moment {
  readonly id: string;
  readonly phase: Phase;
}

export const goTo = ({ id, phase }: Moment): void => params.set({ node: id, phase });
