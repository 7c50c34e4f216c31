import { choice, optional, text } from '../../../nn/schema/index.js';
import { ORIGINS } from '../../../study/by-origin.js';
import { type EpsilonChoice, FROZEN, formatEpsilon, parseEpsilon } from '../../../study/walk/epsilon-text.js';
import { FOLDABLE, type Foldable } from '../../../study/walk/fold.js';
import { formatPosition, type Position, parsePosition } from '../../shared/walk.js';
import { viewParams } from '../../state/params.js';

/** The person's choices, kept in the address. */
export const params = viewParams({
  node: text({ default: 'x', need: 'a node', help: 'the node looked at' }),
  phase: choice(['forward', 'backward'], { default: 'forward', help: 'values or gradients' }),
  origin: choice(ORIGINS, { default: 'total', help: 'the term whose gradient is shown' }),
  epsilon: text({ default: 'frozen', need: 'a choice of noise', help: 'the noise' }),
  element: optional(text({ need: "a position, as '3.1'", help: 'the example, and the number in it' })),
  open: optional(text({ need: "parts of the graph, as 'encoder.kl'", help: 'the parts shown in full' })),
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

export const chosenPosition = (): Position => parsePosition(params.value.element ?? undefined);
export const choosePosition = (position: Position): void => params.set({ element: formatPosition(position) });

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
