import { GradcheckReport, gradcheck } from '../../../autograd/index.js';
import { normal } from '../../../tensor/create.js';
import type { RandomStream } from '../../../tensor/random/stream.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { kinkDistance } from '../../../vae/kink-distance.js';
import type { LatentVariableModel } from '../../../vae/model.js';
import { type Trick, trickObjectiveOf } from '../trick.js';
import { carelessDifferences } from './difference.js';
import type { CheckResult } from './result.js';

/** Up to this size every element is displaced; above it, a few random directions. */
const MAX_ELEMENTS = 16;
const DIRECTIONS = 3;
/** Draws of epsilon to choose from. */
const CANDIDATES = 4;

/** The point at which the gradient of a model is checked. */
export interface GradientPoint {
  /** In float64. */
  readonly vae: LatentVariableModel;
  /** [batch, features] */
  readonly x: Tensor;
  /** [batch, latent] each. */
  readonly mean: Tensor;
  readonly logvar: Tensor;
  readonly epsilon: Tensor;
}

/**
 * A point for the check: the model's posterior for the examples, and of several draws of epsilon the one
 * at which the decoder's activations keep farthest from their kinks.
 * @param vae in float64
 * @param x [batch, features], few examples: every one is decoded many times.
 */
export function gradientPoint(
  vae: LatentVariableModel,
  x: Tensor,
  trick: Trick,
  stream: RandomStream,
): GradientPoint {
  const { mean, logvar } = vae.encode(x);
  const held = { mean: mean.detach().clone(), logvar: logvar.detach().clone() };
  const candidates = Array.from({ length: CANDIDATES }, () => {
    const epsilon = normal(mean.shape, stream, { dtype: 'float64' });
    const { loss } = trickObjectiveOf(trick, vae, x, held, epsilon);
    return { epsilon, distance: kinkDistance(loss) };
  });
  const { epsilon } = candidates.reduce((best, other) => (other.distance > best.distance ? other : best));
  return { vae, x, ...held, epsilon };
}

/**
 * Is the gradient that of the function? Backpropagation against central differences of the same function, by mean and
 * logvar, with the same epsilon; see `gradcheck`. If the function turns out to change from call to call, the rows still hold
 * differences. Runs in two pieces, one for each input.
 */
export function* gradientCheck(
  trick: Trick,
  { vae, x, mean, logvar, epsilon }: GradientPoint,
): Generator<void, CheckResult> {
  const inputs = [mean, logvar];
  const names = ['mean', 'logvar'];
  const loss = (m: Tensor, l: Tensor): Tensor =>
    trickObjectiveOf(trick, vae, x, { mean: m, logvar: l }, epsilon).loss;
  const reports: GradcheckReport[] = [];
  for (const other of [1, 0]) {
    const report = gradcheck(loss, inputs, {
      mode: mean.size + logvar.size <= MAX_ELEMENTS ? 'elements' : 'directions',
      directions: DIRECTIONS,
      held: [other],
      names,
      name: 'loss',
    });
    reports.push(report);
    yield;
    if (report.failures.some(({ entry }) => entry === null)) break;
  }
  const [{ name, tolerance }] = reports;
  const all = new GradcheckReport(
    name,
    reports.flatMap(({ checks }) => checks),
    reports.flatMap(({ failures }) => failures),
    tolerance,
  );
  const compared = all.checks.map(({ inputName, element, direction, analytic, numeric, error }) => ({
    what: `${inputName}, ${element === null ? `direction ${direction}` : `element [${element.join(', ')}]`}`,
    expected: numeric,
    found: analytic,
    error,
  }));
  const rows = compared.length > 0 ? compared : carelessDifferences(([m, l]) => loss(m, l), inputs, names);
  return { check: 'gradient', passed: all.passed, message: String(all), rows };
}
