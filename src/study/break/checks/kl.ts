import { noGrad } from '../../../autograd/index.js';
import type { RandomStream } from '../../../tensor/random/stream.js';
import type { Trick } from '../trick.js';
import { nameOf, POINTS, repeated } from './posteriors.js';
import { average, type CheckResult, judged } from './result.js';

const DRAWS = 4096;

/**
 * Is the closed form the KL? Compares it with the average of log q(z) - log p(z) over 4096 samples of q, drawn here and not by the
 * trick, so that a wrong sample is not mistaken for a wrong KL.
 */
export function klCheck(trick: Trick, stream: RandomStream): CheckResult {
  const closed = noGrad(() => trick.kl(repeated(1, 'mean'), repeated(1, 'logvar'))).data;
  const rows = POINTS.map((point, k) => {
    const sigma = Math.exp(point.logvar / 2);
    const epsilon = stream.normal(new Float64Array(DRAWS));
    // The constants of the two densities cancel.
    const ratios = epsilon.map((e) => ((point.mean + sigma * e) ** 2 - e * e - point.logvar) / 2);
    const { mean, error } = average(ratios);
    return {
      what: `the KL of ${nameOf(point)}`,
      expected: mean,
      found: closed[k],
      error: Math.abs(closed[k] - mean) / error,
    };
  });
  return judged('kl', rows, `closed form against ${DRAWS} samples at ${POINTS.length} posteriors`);
}
