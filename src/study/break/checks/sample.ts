import { noGrad } from '../../../autograd/index.js';
import { normal } from '../../../tensor/create.js';
import type { RandomStream } from '../../../tensor/random/stream.js';
import type { Trick } from '../trick.js';
import { nameOf, POINTS, repeated } from './posteriors.js';
import { type CheckResult, judged } from './result.js';

const DRAWS = 4096;

/**
 * Is z distributed as N(mean, exp(logvar))? Average and variance of 4096 samples at four posteriors, in float64, against
 * mean and exp(logvar), in the standard errors that a normal sample has: sigma / sqrt(n), and sigma^2 sqrt(2 / (n - 1)).
 */
export function sampleCheck(trick: Trick, stream: RandomStream): CheckResult {
  const width = POINTS.length;
  const epsilon = normal([DRAWS, width], stream, { dtype: 'float64' });
  const { data } = noGrad(() => trick.sample(repeated(DRAWS, 'mean'), repeated(DRAWS, 'logvar'), epsilon));
  const rows = POINTS.flatMap((point, k) => {
    const variance = Math.exp(point.logvar);
    let average = 0;
    for (let i = k; i < data.length; i += width) average += data[i] / DRAWS;
    let spread = 0;
    for (let i = k; i < data.length; i += width) spread += (data[i] - average) ** 2 / (DRAWS - 1);
    const standardError = Math.sqrt(variance / DRAWS);
    return [
      {
        what: `the average of z of ${nameOf(point)}`,
        expected: point.mean,
        found: average,
        error: Math.abs(average - point.mean) / standardError,
      },
      {
        what: `the variance of z of ${nameOf(point)}`,
        expected: variance,
        found: spread,
        error: Math.abs(spread / variance - 1) / Math.sqrt(2 / (DRAWS - 1)),
      },
    ];
  });
  return judged('sample', rows, `average and variance of ${DRAWS} samples at ${width} posteriors`);
}
