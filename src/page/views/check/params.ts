import { choice, integer, number, optional, text } from '../../../nn/schema/index.js';
import { probedTerms } from '../../../study/probe/options.js';
import { viewParams } from '../../state/params.js';

/** What to check, kept in the address. */
export const params = viewParams({
  target: text({ default: 'z', need: 'a node or parameter', help: 'with respect to which tensor' }),
  term: choice(probedTerms, { default: 'loss', help: 'gradient of which term' }),
  /** Flat index; null for the one with the largest gradient. */
  element: optional(integer({ min: 0, help: 'the element that the curve is of' })),
  h: number({ above: 0, max: 0.1, default: 1e-5, help: 'the step' }),
  hold: choice(['yes', 'no'], { default: 'yes', help: 'whether epsilon is held' }),
});

/** The slider moves in thirds of a power of ten, as the curve does. */
const THIRDS = 3;

/** The slider's ends, in thirds of a power of ten. */
export const STEP_RANGE = { min: -12 * THIRDS, max: -1 * THIRDS } as const;

/** The step at a position of the slider. */
export const stepAt = (position: number): number => Number((10 ** (position / THIRDS)).toPrecision(3));
/** The position of the slider nearest to a step. */
export const positionOfStep = (step: number): number =>
  Math.min(STEP_RANGE.max, Math.max(STEP_RANGE.min, Math.round(Math.log10(step) * THIRDS)));
