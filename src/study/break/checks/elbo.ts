import { noGrad } from '../../../autograd/index.js';
import { scope } from '../../../tensor/memory/scope.js';
import type { RandomStream } from '../../../tensor/random/stream.js';
import { Tensor } from '../../../tensor/tensor.js';
import type { LatentVariableModel } from '../../../vae/model.js';
import { rightTrick, type Trick, trickObjectiveOf } from '../trick.js';
import { average, type CheckResult, type CheckRow, judged, MAX_ERRORS } from './result.js';

/** Batches, and examples in each; the noise comes in pairs of opposites. */
const BATCHES = 24;
const PAIRS = 8;

/**
 * Two posteriors, wide and narrow: at logvar 0 a standard deviation of exp(logvar) is right by chance, and in one with
 * both signs what is too wide and too narrow could cancel.
 */
const POSTERIORS = [
  { name: 'wide', logvar: 1.2 },
  { name: 'narrow', logvar: -2 },
] as const;

/** Relative differences below this are rounding, in either dtype. */
const ROUNDING = { float32: 1e-5, float64: 1e-12 } as const;

/** Noise in pairs of opposites: terms linear in z cancel, and few draws reveal a wrong spread. */
function opposites(stream: RandomStream, vae: LatentVariableModel): Tensor {
  const half = PAIRS * vae.latent;
  const epsilon = Tensor.empty([2 * PAIRS, vae.latent], vae.dtype);
  const { data } = epsilon;
  stream.normal(data.subarray(0, half));
  for (let i = 0; i < half; i++) data[half + i] = -data[i];
  return epsilon;
}

function filled(vae: LatentVariableModel, of: (dimension: number) => number): Tensor {
  const t = Tensor.empty([2 * PAIRS, vae.latent], vae.dtype);
  for (let i = 0; i < t.size; i++) t.data[i] = of(i % vae.latent);
  return t;
}

/** The objective with this trick and the right one at one posterior, averaged over the same noise. */
function differenceAt(
  { name, logvar }: (typeof POSTERIORS)[number],
  trick: Trick,
  vae: LatentVariableModel,
  x: Tensor,
  stream: RandomStream,
): CheckRow {
  const right = new Float64Array(BATCHES);
  const difference = new Float64Array(BATCHES);
  for (let batch = 0; batch < BATCHES; batch++) {
    scope(() => {
      const same = Tensor.empty([2 * PAIRS, x.size], vae.dtype);
      for (let row = 0; row < 2 * PAIRS; row++) same.data.set(x.data, row * x.size);
      const posterior = {
        mean: filled(vae, (dimension) => (dimension % 2 === 0 ? 0.8 : -0.5)),
        logvar: filled(vae, () => logvar),
      };
      const epsilon = opposites(stream, vae);
      const lossOf = (of: Trick): number =>
        noGrad(() => trickObjectiveOf(of, vae, same, posterior, epsilon)).loss.item();
      right[batch] = lossOf(rightTrick);
      difference[batch] = lossOf(trick) - right[batch];
    });
  }
  const expected = average(right).mean;
  const { mean, error } = average(difference);
  const noise = Math.max(error, (ROUNDING[vae.dtype] * Math.abs(expected)) / MAX_ERRORS);
  return {
    what: `the loss at a ${name} posterior`,
    expected,
    found: expected + mean,
    error: mean === 0 ? 0 : Math.abs(mean) / noise,
  };
}

/**
 * Is the loss the ELBO? Averages the difference between the objective with this trick and the right one over noise: at one
 * example, and at two posteriors of known spread rather than the encoder's, whose logvar may be near 0.
 * @param x the example, [1, features]
 */
export function* elboCheck(
  trick: Trick,
  vae: LatentVariableModel,
  x: Tensor,
  stream: RandomStream,
): Generator<void, CheckResult> {
  const rows: CheckRow[] = [];
  for (const posterior of POSTERIORS) {
    rows.push(differenceAt(posterior, trick, vae, x, stream));
    yield;
  }
  return judged(
    'elbo',
    rows,
    `the loss at ${POSTERIORS.length} posteriors, over ${BATCHES * 2 * PAIRS} samples`,
  );
}
