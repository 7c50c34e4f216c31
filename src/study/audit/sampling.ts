import { backward, noGrad, sum, variable } from '../../autograd/index.js';
import { needsGradient } from '../../autograd/node.js';
import { normal, uniform } from '../../tensor/create.js';
import type { TensorData } from '../../tensor/dtype.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import { formatShape, sameShape } from '../../tensor/shape.js';
import { Tensor } from '../../tensor/tensor.js';
import type { Sample } from './loss-of.js';

/** What a function that computes z was measured to do. */
export interface Sampling {
  /** Whether z does not depend on epsilon. */
  readonly deterministic: boolean;
  /** Whether z depends on mean without a gradient. */
  readonly detached: boolean;
  /**
   * The c of a standard deviation exp(c logvar): 1/2 if the trick is right, 1 if the 1/2 is missing; null if z does
   * not depend on epsilon, or not in this form.
   */
  readonly exponent: number | null;
  /** dz/dmean, by differences: 1 if the trick is right, 0 for a draw from the prior. */
  readonly meanSlope: number;
  /** Whether the gradients by mean and logvar agree with differences. */
  readonly differentiated: boolean;
}

const SHAPE = [8, 4] as const;
const STEP = 1e-5;
const NEAR = 1e-6;

/** The c for which every standard deviation is exp(c logvar); null if there is none. */
function exponentOf(sigmas: readonly number[], logvars: TensorData): number | null {
  // c is known best where logvar is farthest from 0.
  const far = sigmas.reduce((best, _, i) => (Math.abs(logvars[i]) > Math.abs(logvars[best]) ? i : best), 0);
  const c = Math.log(sigmas[far]) / logvars[far];
  const fits = sigmas.every((sigma, i) => Math.abs(sigma - Math.exp(c * logvars[i])) <= NEAR * sigma);
  return fits ? c : null;
}

/**
 * Measures how z is computed: dz/dmean, dz/depsilon and its exponent by central differences, and whether gradients agree
 * with differences.
 * @throws TypeError unless the function returns a tensor of the shape of mean.
 */
export function measureSampling(sample: Sample, stream: RandomStream): Sampling {
  const dtype = 'float64';
  const held = {
    mean: normal(SHAPE, stream, { dtype }),
    logvar: uniform(SHAPE, stream, { dtype, low: -2, high: 1.5 }),
    epsilon: normal(SHAPE, stream, { dtype }),
  };
  const call = (given: Partial<typeof held>): Tensor => {
    const { mean, logvar, epsilon } = { ...held, ...given };
    const z: unknown = sample(mean, logvar, epsilon);
    if (z instanceof Tensor && sameShape(z.shape, mean.shape)) return z;
    const got = z instanceof Tensor ? `a tensor of shape ${formatShape(z.shape)}` : 'no tensor';
    throw new TypeError(
      `auditLoss: sample returned ${got}; it must return z in the shape of mean, ${formatShape(mean.shape)}`,
    );
  };
  // z is elementwise in its inputs, so all elements can be displaced at once.
  const slopes = (of: keyof typeof held): number[] => {
    const moved = (by: number): Tensor =>
      new Tensor(
        held[of].data.map((value) => value + by),
        SHAPE,
      );
    const [above, below] = [STEP, -STEP].map((by) => noGrad(() => call({ [of]: moved(by) })).data);
    return Array.from(above, (value, i) => (value - below[i]) / (2 * STEP));
  };
  const [byMean, byLogvar, byEpsilon] = [slopes('mean'), slopes('logvar'), slopes('epsilon')];
  const leaves = { mean: variable(held.mean), logvar: variable(held.logvar) };
  const total = sum(call(leaves));
  const gradients = needsGradient(total) ? backward(total) : null;
  const analytic = (t: Tensor): ArrayLike<number> => gradients?.find(t)?.data ?? new Float64Array(t.size);
  const agrees = (slope: readonly number[], t: Tensor): boolean => {
    const found = analytic(t);
    return slope.every((value, i) => Math.abs(value - found[i]) <= NEAR * Math.max(1, Math.abs(value)));
  };
  const zero = (list: ArrayLike<number>): boolean =>
    Array.from(list).every((value) => Math.abs(value) <= NEAR);
  const deterministic = zero(byEpsilon);
  return {
    deterministic,
    detached: !zero(byMean) && zero(analytic(leaves.mean)) && zero(analytic(leaves.logvar)),
    exponent: deterministic ? null : exponentOf(byEpsilon, held.logvar.data),
    meanSlope: byMean.reduce((mean, value) => mean + value / byMean.length, 0),
    differentiated: agrees(byMean, leaves.mean) && agrees(byLogvar, leaves.logvar),
  };
}
