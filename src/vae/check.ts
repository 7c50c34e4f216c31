import { gradcheck } from '../autograd/index.js';
import { Random } from '../autograd/ops/random.js';
import type { ValueRange } from '../data/range.js';
import { COUNT, checkNumber } from '../tensor/check-number.js';
import { normal, tensor, uniform } from '../tensor/create.js';
import { checkOptions } from '../tensor/known-options.js';
import type { RandomStream } from '../tensor/random/stream.js';
import { type Shape, sizeOf } from '../tensor/shape.js';
import type { Tensor } from '../tensor/tensor.js';
import type { VAEConfig } from './config.js';
import { kinkDistance } from './kink-distance.js';
import { objective } from './objective.js';
import { type ObjectivePoint, objectiveBy } from './objective-by.js';
import { objectives } from './parts/objective.js';
import type { PartSpec } from './parts/registry.js';
import type { VAEParts } from './spec.js';
import { VAE } from './vae.js';

/** Options of {@link checkVae}. */
export interface VaeCheckOptions {
  /** What differs from the default: 6-5-2 and back, tanh, Bernoulli. Keep it small: every element is displaced. */
  readonly config?: Partial<VAEConfig> | undefined;
  /** A model of parts in place of `config`. */
  readonly parts?: VAEParts | undefined;
  /** Of the loss that is checked. Defaults to the ELBO. */
  readonly objective?: string | PartSpec | undefined;
  /** 'elements' displaces each number alone, 'directions' all of a tensor at once, along one random direction. Defaults to 'elements'. */
  readonly mode?: 'elements' | 'directions' | undefined;
  /** Defaults to all of {@link checkedTerms}. */
  readonly terms?: readonly (typeof checkedTerms)[number][] | undefined;
  /** Examples. Defaults to 3. */
  readonly batch?: number | undefined;
  /** Samples of z for each example; with several, the inner nodes are left out. Defaults to 1. */
  readonly samples?: number | undefined;
  /** Decides weights, examples and epsilon. Defaults to 0. */
  readonly seed?: number | undefined;
  /** Largest relative error accepted. Defaults to 1e-7. */
  readonly tolerance?: number | undefined;
}

/** The parts of the objective that are checked, in the order of the rows. */
export const checkedTerms = ['kl', 'reconstruction', 'loss'] as const;

/** One gradient of the VAE against central differences. */
export interface VaeCheck {
  readonly term: (typeof checkedTerms)[number];
  /** 'mean', 'logvar', 'z', or the name of a parameter. */
  readonly withRespectTo: string;
  /** Numbers in the gradient; each is compared. */
  readonly elements: number;
  /** The largest error relative to the absolute terms, see {@link gradcheck}. */
  readonly worst: number;
  readonly passed: boolean;
  /** How many are so small beside the term that rounding hides whether they are right; the gradient has not passed then. */
  readonly undecided: number;
  /** How many are wrong or undecided; also 1 where the check could not go on. */
  readonly failures: number;
  /** The report in words: what is wrong, and where. */
  readonly message: string;
}

/**
 * Longer than gradcheck's own: the gradients of a VAE's first layers are thousands of times smaller than its terms,
 * so rounding matters more than the curvature, which gradcheck takes out by itself.
 */
const STEP = 1e-4;
/** How far the point of the check keeps from kinks; activations move by a few steps at most. */
const MARGIN = 50 * STEP;
const ATTEMPTS = 100;

/** Moves every number of a parameter by a tenth of a normal draw. */
function displace({ data }: Tensor, stream: RandomStream): void {
  const by = stream.normal(new Float64Array(data.length), 0, 0.1);
  for (let i = 0; i < data.length; i++) data[i] += by[i];
}

/** Data that a likelihood takes: every kind of value in its range, and both ends. */
function drawData(shape: Shape, { low, high, step }: ValueRange, stream: RandomStream): Tensor {
  if (step !== undefined) {
    const levels = Math.min(Math.round((high - low) / step) + 1, 256);
    const draws = stream.integers(
      new Int32Array(sizeOf(shape)),
      0,
      levels === 256 && high > 256 ? 6 : levels,
    );
    const ends = stream.integers(new Int32Array(draws.length), 0, 8);
    // The ends of a wide range are too rare to wait for.
    const at = draws.map((k, i) =>
      ends[i] === 0 ? 0 : ends[i] === 1 && Number.isFinite(high) ? levels - 1 : k,
    );
    return tensor(
      Float64Array.from(at, (k) => low + k * step),
      { shape },
    );
  }
  if (Number.isFinite(low) && Number.isFinite(high))
    return uniform(shape, stream, { dtype: 'float64', low, high });
  return normal(shape, stream, { dtype: 'float64' });
}

/** A VAE, a batch and epsilon, drawn again while an activation or a free bit stands next to its kink. */
function drawPoint({
  config = {},
  parts,
  objective: given,
  batch = 3,
  samples = 1,
  seed = 0,
}: VaeCheckOptions): ObjectivePoint {
  const dtype = 'float64';
  const random = new Random(seed);
  const [init, data, noise, classes, away] = ['init', 'data', 'epsilon', 'labels', 'away'].map((name) =>
    random.stream(name),
  );
  const model = parts ?? { features: 6, hidden: [5], latent: 2, activation: 'tanh' as const, ...config };
  const spec = given === undefined ? undefined : objectives.complete(given, 'checkVae');
  const freeBits = typeof spec?.freeBits === 'number' ? spec.freeBits : 0;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    // In its mode from the start, so that no evaluation has to change it.
    const vae = new VAE(model, { stream: init, dtype }).eval();
    // Parts may begin at zeros, where a term that they have cannot be seen.
    if (parts !== undefined) for (const t of vae.namedParameters().values()) displace(t, away);
    const x = drawData([batch, vae.features], vae.likelihood.range, data);
    const draws = [batch, vae.posterior.noise];
    const epsilon = normal(samples === 1 ? draws : [samples, ...draws], noise, { dtype });
    const labels = vae.condition && classes.integers(new Int32Array(batch), 0, vae.condition.width);
    const options = { objective: spec, labels: labels ?? undefined };
    const { loss, klPerDimension } = objective(vae, x, epsilon, options);
    const free = Math.min(...Array.from(klPerDimension.data, (nats) => Math.abs(nats - freeBits)));
    const isClear = freeBits === 0 || free > MARGIN;
    if (isClear && kinkDistance(loss) > MARGIN) return { vae, x, epsilon, options };
  }
  const name = parts === undefined ? `'${config.activation}'` : 'activation';
  throw new Error(
    `checkVae: in ${ATTEMPTS} draws some ${name} was always within ${MARGIN} of its kink, ` +
      'where a central difference says nothing; use fewer units, a smaller batch or a smooth activation',
  );
}

const KNOWN = ['config', 'parts', 'objective', 'mode', 'terms', 'batch', 'samples', 'seed', 'tolerance'];

/** The inner nodes that are checked, where the posterior has them; then every parameter is. */
const NODES = ['mean', 'logvar', 'z'] as const;

/**
 * Checks the gradients of a small VAE in float64 against central differences, with epsilon held fixed: KL,
 * reconstruction and loss, each with respect to mean, logvar, z (of a diagonal posterior) and every parameter. A KL in closed
 * form does not depend on z, nor on the decoder: there the gradient must be 0.
 * @returns a row for each term and tensor. `passed` is false where a gradient differs by more than the tolerance.
 * @throws RangeError when the configuration is out of range; Error when no point away from kinks is found.
 */
export function checkVae(options: VaeCheckOptions = {}): VaeCheck[] {
  checkOptions(options, KNOWN, 'checkVae');
  const { batch = 3, samples = 1, seed = 0, tolerance = 1e-7 } = options;
  const { mode = 'elements', terms = checkedTerms } = options;
  checkNumber(batch, COUNT, 'batch', 'checkVae');
  checkNumber(samples, COUNT, 'samples', 'checkVae');
  const point = drawPoint(options);
  const { vae } = point;
  const names = [...(vae.posterior.diagonal && samples === 1 ? NODES : []), ...vae.namedParameters().keys()];
  const variables = names.map((name) => objectiveBy(name, point));
  const how = mode === 'elements' ? { mode, step: STEP } : { mode, step: STEP, directions: 1 };
  return terms.flatMap((term) =>
    variables.map(({ name, at, objective: of }) => {
      const names = { names: [name], name: term };
      const report = gradcheck((t) => of(t)[term], [at], { ...how, ...names, tolerance, seed });
      const { worst, passed } = report;
      const found = { elements: at.size, worst, passed, undecided: report.undecided.length };
      return {
        term,
        withRespectTo: name,
        ...found,
        failures: report.failures.length,
        message: String(report),
      };
    }),
  );
}
