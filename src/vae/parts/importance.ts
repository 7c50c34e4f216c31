import {
  add,
  logsumexp,
  mean as meanOf,
  mul,
  neg,
  noGrad,
  reshape,
  scaleGradient,
  softmax,
  stopGradient,
  sub,
  sum,
  where,
} from '../../autograd/index.js';
import { needsGradient } from '../../autograd/node.js';
import type { Values } from '../../nn/schema/index.js';
import { withParameters } from '../../nn/with-parameters.js';
import { eye } from '../../tensor/create.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { VAEOutput } from '../model.js';
import { mapPosterior, repeatedLabels, repeatedPosterior, repeatedRows } from '../samples.js';
import { estimator } from '../shared-settings.js';
import { logRatio, namedTerms, samplesOf, withTerms } from './elbo.js';
import { defineObjective, type ObjectivePass, type Terms } from './objective.js';
import type { Posterior, PosteriorFamily } from './posterior.js';

const settings = { estimator };

type Estimator = Values<typeof settings>['estimator'];

/** log q as a function of z alone: no gradient reaches what decides on q. */
function heldDensity(family: PosteriorFamily, q: Posterior, z: Tensor): Tensor {
  const held = new Map([...family.namedParameters()].map(([name, t]) => [name, t.detach()]));
  return withParameters(family, held, () =>
    family.logDensity(
      mapPosterior(q, (t) => t.detach()),
      z,
    ),
  );
}

/** log 1/K (sum of the other samples' weights + their geometric mean), for each sample: [samples, batch]. */
function leftOneOut(logWeights: Tensor): Tensor {
  const [samples, batch] = logWeights.shape;
  const others = sub(sum(logWeights, { axes: 0 }), logWeights);
  const instead = reshape(mul(others, 1 / (samples - 1)), { shape: [1, samples, batch] });
  const isOwn = reshape(eye(samples, { dtype: logWeights.dtype }), { shape: [samples, samples, 1] });
  const all = where(isOwn, instead, reshape(logWeights, { shape: [samples, 1, batch] }));
  return sub(logsumexp(all, { axes: 0 }), Math.log(samples));
}

/** What the gradient of log q at each sample is multiplied by in the score function: a constant, [samples or 1, batch]. */
function signalOf(estimator: Estimator, logWeights: Tensor, bounds: Tensor, baseline: number): Tensor {
  return noGrad(() => {
    if (estimator === 'vimco') return sub(bounds, leftOneOut(logWeights));
    return estimator === 'score-baseline' ? add(bounds, baseline) : bounds.detach();
  });
}

/** Adds to `value` what has the gradient of `surrogate` and the value 0. */
const withGradientOf = (value: Tensor, surrogate: Tensor): Tensor =>
  add(value, sub(surrogate, stopGradient(surrogate)));

/**
 * log 1/K sum_k w_k with w_k = p(x, z_k) / q(z_k | x), and a gradient by an estimator. That by decoder and prior is the same for all: of the
 * sum of log w_k, each counting its share v_k = w_k / sum w. By what decides on q:
 * - pathwise: the same, through z_k and log q;
 * - stl: without the part through log q alone, whose mean is 0 where K is 1 (Roeder et al. 2017);
 * - dreg: that with v_k^2 in place of v_k, right at every K (Tucker et al. 2018);
 * - score and its kin: nothing through z_k; log q(z_k) counts L - b - v_k, where L is the bound and b is 0, the mean bound
 *   of other examples, or what the bound would be without sample k (VIMCO, Mnih & Rezende 2016).
 */
function importanceTerms(estimator: Estimator, given: ObjectivePass): VAEOutput & Terms {
  const { model, x, labels, baseline, run } = given;
  const isScore = estimator === 'score' || estimator === 'score-baseline' || estimator === 'vimco';
  const isHeld = estimator === 'stl' || estimator === 'dreg';
  let shares: Tensor | number = 1;
  const scaled = (z: Tensor): Tensor => scaleGradient(z, { by: () => shares });
  const pass = run(isScore ? stopGradient : estimator === 'dreg' ? scaled : undefined);
  const { posterior = pass, z } = pass;
  const samples = samplesOf(pass);
  if (estimator === 'vimco' && samples < 2) {
    throw new RangeError("iwae: the estimator 'vimco' leaves one sample out; give 2 samples or more");
  }
  const q = repeatedPosterior(posterior, samples);
  const logq = isHeld ? heldDensity(model.posterior, q, z) : model.posterior.logDensity(q, z);
  const ratio = logRatio(logq, model.prior.logDensity(z, repeatedLabels(labels, samples)));
  const each = model.likelihood.perExample(pass.output, repeatedRows(model.rows(x), samples));
  const inRows = (rows: Tensor): Tensor => reshape(rows, { shape: [samples, rows.size / samples] });
  const logWeights = inRows(neg(add(each, sum(ratio, { axes: -1 }))));
  const bounds = sub(logsumexp(logWeights, { axes: 0 }), Math.log(samples));
  if (estimator === 'dreg') {
    shares = noGrad(() => reshape(softmax(logWeights.detach(), { axes: 0 }), { shape: [z.shape[0], 1] }));
  }
  const value = meanOf(bounds);
  const score = (): Tensor =>
    meanOf(
      sum(mul(signalOf(estimator, logWeights, bounds, baseline), inRows(sum(logq, { axes: -1 }))), {
        axes: 0,
      }),
    );
  const klOfEach = model.prior.kl(posterior, model.posterior, labels) ?? ratio;
  const terms = namedTerms(meanOf(each), meanOf(klOfEach, { axes: 0 }));
  const bound = (isScore && needsGradient(logq) ? withGradientOf(value, score()) : value).named('bound');
  return withTerms(pass, Object.assign(terms, { bound }));
}

/** The specification of the importance-weighted bound of K samples (Burda et al., "Importance weighted autoencoders", 2016). */
export const iwae = defineObjective({
  name: 'iwae',
  doc: '-log of the mean importance weight of several samples, nearer to -log p(x) with each.',
  settings,
  build: ({ estimator }) => ({
    terms: (pass) => importanceTerms(estimator, pass),
    loss: ({ bound }) => {
      if (bound !== undefined) return neg(bound);
      throw new TypeError('iwae: the terms are those of another objective, without a bound');
    },
  }),
});
