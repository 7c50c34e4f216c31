import { computed } from '@preact/signals';
import { type ProbedTerm, probedTerms } from '../../../study/probe/options.js';
import { app, setParam } from '../../state/app.js';

/** The default. */
const TARGET = 'z';
/** The slider moves in thirds of a power of ten, as the curve does. */
const THIRDS = 3;
const DEFAULT_STEP = 1e-5;

/** The slider's ends, in thirds of a power of ten. */
export const STEP_RANGE = { min: -12 * THIRDS, max: -1 * THIRDS } as const;

/** The step at a position of the slider. */
export const stepAt = (position: number): number => Number((10 ** (position / THIRDS)).toPrecision(3));
/** The position of the slider nearest to a step. */
export const positionOfStep = (step: number): number =>
  Math.min(STEP_RANGE.max, Math.max(STEP_RANGE.min, Math.round(Math.log10(step) * THIRDS)));

const isTerm = (text: string | undefined): text is ProbedTerm => probedTerms.some((term) => term === text);

/** What to check, read from the address. */
export interface Choice {
  readonly target: string;
  readonly term: ProbedTerm;
  /** Flat index; null for the one with the largest gradient. */
  readonly element: number | null;
  readonly step: number;
  readonly hold: boolean;
}

/** Values that cannot be read are ignored. */
export const choice = computed((): Choice => {
  const { target = TARGET, term, element = '', h = '', hold } = app.params;
  const index = element === '' ? Number.NaN : Number(element);
  const step = Number(h);
  return {
    target,
    term: isTerm(term) ? term : 'loss',
    element: Number.isSafeInteger(index) && index >= 0 ? index : null,
    step: h !== '' && step > 0 && step <= 0.1 ? step : DEFAULT_STEP,
    hold: hold !== 'no',
  };
});

/** A new target starts with its largest element. */
export function chooseTarget(target: string): void {
  setParam('target', target === TARGET ? null : target);
  setParam('element', null);
}
export const chooseTerm = (term: string): void => setParam('term', term === 'loss' ? null : term);
export const chooseElement = (element: number): void => setParam('element', String(element));
export const chooseStep = (step: number): void => setParam('h', step === DEFAULT_STEP ? null : String(step));
export const chooseHold = (hold: boolean): void => setParam('hold', hold ? null : 'no');
