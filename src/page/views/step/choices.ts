import { batch, computed } from '@preact/signals';
import { ORIGINS, type Origin } from '../../../study/by-origin.js';
import { type EpsilonChoice, FROZEN, parseEpsilon } from '../../../study/walk/epsilon-text.js';
import { FOLDABLE, type Foldable } from '../../../study/walk/fold.js';
import { formatPosition, type Position, parsePosition } from '../../shared/walk.js';
import { app, setParam } from '../../state/app.js';

export type Phase = 'forward' | 'backward';

/** The choice of noise. Defaults to the step's own for a text that cannot be read; the engine reports that. */
export function readEpsilon(text: string): EpsilonChoice {
  try {
    return parseEpsilon(text);
  } catch {
    return FROZEN;
  }
}

/** The person's choices, read from the address. */
export const choices = computed(() => {
  const { node, phase, origin, epsilon, element, open } = app.params;
  const names = (open ?? '').split('.');
  return {
    node: node ?? 'x',
    phase: phase === 'backward' ? ('backward' as const) : ('forward' as const),
    origin: ORIGINS.find((name) => name === origin) ?? ('total' as const),
    epsilon: epsilon ?? 'frozen',
    position: parsePosition(element),
    unfolded: FOLDABLE.filter((name) => names.includes(name)),
  };
});

export function goTo(node: string, phase: Phase): void {
  batch(() => {
    setParam('node', node);
    setParam('phase', phase === 'forward' ? null : phase);
  });
}
export const chooseOrigin = (origin: Origin): void => setParam('origin', origin === 'total' ? null : origin);
export const choosePosition = (position: Position): void => setParam('element', formatPosition(position));
export const chooseEpsilonText = (text: string): void => setParam('epsilon', text === 'frozen' ? null : text);
export function toggleFold(name: Foldable): void {
  const { unfolded } = choices.value;
  const next = FOLDABLE.filter((other) => unfolded.includes(other) !== (other === name));
  setParam('open', next.length === 0 ? null : next.join('.'));
}

/** A stop of the walk: a node in one of the two passes. */
export interface Moment {
  readonly id: string;
  readonly phase: Phase;
}

/** All moments in order: forward, then backward. */
export const momentsOf = (picture: {
  readonly shown: readonly { readonly id: string }[];
  readonly backward: readonly string[];
}): Moment[] => [
  ...picture.shown.map(({ id }) => ({ id, phase: 'forward' as const })),
  ...picture.backward.map((id) => ({ id, phase: 'backward' as const })),
];
