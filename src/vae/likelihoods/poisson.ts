import { add, exp, mul, noGrad, sub } from '../../autograd/index.js';
import { uniform } from '../../tensor/create.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import { Tensor } from '../../tensor/tensor.js';
import { defineLikelihood, Likelihood } from './likelihood.js';

const known = [0, 0];
const TABLE = 1024;

/** log(n!), exact to rounding: summed up to 1,023, by Stirling's series beyond. */
export function logFactorial(n: number): number {
  if (n >= TABLE) {
    const x = n + 1;
    // The next term, 1 / (1260 x^5), is below 1e-18.
    return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * x) - 1 / (360 * x ** 3);
  }
  while (known.length <= n) known.push(known[known.length - 1] + Math.log(known.length));
  return known[n];
}

/**
 * The count that a uniform number in [0, 1) stands for: probabilities are taken off it from the mode outwards, so that none
 * that matters underflows and about sqrt(rate) of them are looked at.
 */
function countOf(u: number, rate: number): number {
  if (!(rate > 0)) return 0;
  const mode = Math.floor(rate);
  const logRate = Math.log(rate);
  let left = u;
  let [up, down] = [mode, mode - 1];
  let above = Math.exp(mode * logRate - rate - logFactorial(mode));
  let below = (above * mode) / rate;
  while (above > 0 || (below > 0 && down >= 0)) {
    if (left < above) return up;
    left -= above;
    above *= rate / ++up;
    if (down < 0) continue;
    if (left < below) return down;
    left -= below;
    below *= down-- / rate;
  }
  return mode;
}

/** Poisson for each value, a count, whose rate is e^output. */
export class Poisson extends Likelihood {
  override readonly name = 'poisson';
  override readonly term = 'negative log-likelihood';
  override readonly range = { low: 0, high: Number.POSITIVE_INFINITY, step: 1 };
  override readonly mend = 'give counts as they were counted, not scaled';

  /** e^l - x l + log(x!). */
  protected override nll(output: Tensor, x: Tensor): Tensor {
    const ofData = Tensor.empty(x.shape, x.dtype);
    for (let i = 0; i < x.size; i++) ofData.data[i] = logFactorial(Math.round(x.data[i]));
    return add(sub(exp(output), mul(x, output)), ofData);
  }

  override mean(output: Tensor): Tensor {
    return exp(output);
  }

  override sample(output: Tensor, stream: RandomStream): Tensor {
    const draws = uniform(output.shape, stream, { dtype: output.dtype });
    const { data } = noGrad(() => this.mean(output));
    for (let i = 0; i < data.length; i++) draws.data[i] = countOf(draws.data[i], data[i]);
    return draws;
  }
}

/** The specification of a Poisson likelihood, for counts. */
export const poissonLikelihood = defineLikelihood({
  name: 'poisson',
  doc: 'Poisson for each value, a count, whose rate is e^output.',
  settings: {},
  build: () => new Poisson(),
});
