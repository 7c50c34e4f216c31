import { checkNumber } from '../tensor/check-number.js';
import { checkOptions } from '../tensor/known-options.js';
import { integerPower } from './power.js';

/**
 * A factor for the learning rate at a step (or epoch, or a fraction of one), counted from 0:
 * `optimizer.learningRate = base * schedule(step)`. Each throws RangeError unless the step is finite and not negative.
 */
export type Schedule = (step: number) => number;

/** Gives the schedule its check of the step. */
const schedule =
  (name: string, factor: Schedule): Schedule =>
  (step) => {
    checkNumber(step, { min: 0 }, 'the step', `schedules.${name}`);
    return factor(step);
  };

/** Terms of the cosine's series; the first one left out is below 1e-18 on [0, pi / 2]. */
const TERMS = 12;

/** (1 + cos(pi t)) / 2 for t in [0, 1], as cos^2(pi t / 2) by its series: the same bits on every engine. */
function halfCosine(t: number): number {
  const angle = (Math.PI / 2) * t;
  const square = angle * angle;
  let cosine = 1;
  for (let n = TERMS; n >= 1; n--) cosine = 1 - (square / ((2 * n - 1) * 2 * n)) * cosine;
  return cosine * cosine;
}

/** 1 at every step. */
export const constant = (): Schedule => schedule('constant', () => 1);

/**
 * factor^floor(step / every): PyTorch's StepLR.
 * @throws RangeError unless `every` is greater than 0 and `factor` finite and not negative.
 */
export function stepDecay(options: { readonly every: number; readonly factor: number }): Schedule {
  checkOptions(options, ['every', 'factor'], 'schedules.stepDecay');
  const { every, factor } = options;
  checkNumber(every, { above: 0 }, 'every', 'schedules.stepDecay');
  checkNumber(factor, { min: 0 }, 'factor', 'schedules.stepDecay');
  return schedule('stepDecay', (step) => integerPower(factor, Math.floor(step / every)));
}

/**
 * floor + (1 - floor) (1 + cos(pi step / total)) / 2, and `floor` after `total`. PyTorch's CosineAnnealingLR up
 * to there, with eta_min = floor * base. Source: Loshchilov and Hutter, "SGDR", 2017, eq. 5.
 * @throws RangeError unless `total` is greater than 0 and `floor` is from 0 to 1.
 */
export function cosine(options: { readonly total: number; readonly floor?: number }): Schedule {
  checkOptions(options, ['total', 'floor'], 'schedules.cosine');
  const { total, floor = 0 } = options;
  checkNumber(total, { above: 0 }, 'total', 'schedules.cosine');
  checkNumber(floor, { min: 0, max: 1 }, 'floor', 'schedules.cosine');
  return schedule('cosine', (step) => floor + (1 - floor) * (step >= total ? 0 : halfCosine(step / total)));
}

/**
 * A straight line from `start` to 1 over `steps`, followed by another schedule that begins at its own step 0:
 * PyTorch's LinearLR, then SequentialLR.
 * @throws RangeError unless `steps` is greater than 0 and `start` is from 0 to 1.
 */
export function warmup(
  options: { readonly steps: number; readonly start?: number },
  then: Schedule = constant(),
): Schedule {
  checkOptions(options, ['steps', 'start'], 'schedules.warmup');
  const { steps, start = 0 } = options;
  checkNumber(steps, { above: 0 }, 'steps', 'schedules.warmup');
  checkNumber(start, { min: 0, max: 1 }, 'start', 'schedules.warmup');
  return schedule('warmup', (step) =>
    step < steps ? start + (1 - start) * (step / steps) : then(step - steps),
  );
}
