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
    if (Number.isFinite(step) && step >= 0) return factor(step);
    throw new RangeError(`schedules.${name}: the step is ${step}; it must be a number from 0 on`);
  };

function check(holds: boolean, name: string, option: string, value: number, need: string): void {
  if (!holds) throw new RangeError(`schedules.${name}: ${option} is ${value}; it must be ${need}`);
}

const isFactor = (x: number): boolean => Number.isFinite(x) && x >= 0;

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
  check(Number.isFinite(every) && every > 0, 'stepDecay', 'every', every, 'greater than 0');
  check(isFactor(factor), 'stepDecay', 'factor', factor, 'finite and not negative');
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
  check(Number.isFinite(total) && total > 0, 'cosine', 'total', total, 'greater than 0');
  check(floor >= 0 && floor <= 1, 'cosine', 'floor', floor, 'from 0 to 1');
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
  check(Number.isFinite(steps) && steps > 0, 'warmup', 'steps', steps, 'greater than 0');
  check(start >= 0 && start <= 1, 'warmup', 'start', start, 'from 0 to 1');
  return schedule('warmup', (step) =>
    step < steps ? start + (1 - start) * (step / steps) : then(step - steps),
  );
}
