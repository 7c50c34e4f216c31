import { gradcheck } from '../autograd/index.js';
import { Random } from '../autograd/ops/random.js';
import { normal, uniform } from '../tensor/create.js';
import { checkOptions } from '../tensor/known-options.js';
import type { VAEConfig } from './config.js';
import { kinkDistance } from './kink-distance.js';
import { objective } from './objective.js';
import { type ObjectivePoint, objectiveBy } from './objective-by.js';
import { VAE } from './vae.js';

/** Options of {@link checkVae}. */
export interface VaeCheckOptions {
  /** What differs from the default: 6-5-2 and back, tanh, Bernoulli. Keep it small: every element is displaced. */
  readonly config?: Partial<VAEConfig>;
  /** Examples; 3 unless given. */
  readonly batch?: number;
  /** Decides weights, examples and epsilon; 0 unless given. */
  readonly seed?: number;
  /** Largest relative error accepted; 1e-7 unless given. */
  readonly tolerance?: number;
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

/** A VAE, a batch and epsilon, drawn again while an activation stands next to its kink. */
function drawPoint(config: Partial<VAEConfig>, batch: number, seed: number): ObjectivePoint {
  const dtype = 'float64';
  const random = new Random(seed);
  const [init, data, noise] = ['init', 'data', 'epsilon'].map((name) => random.stream(name));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const vae = new VAE(
      { features: 6, hidden: [5], latent: 2, activation: 'tanh', ...config },
      { stream: init, dtype },
    );
    const x = uniform([batch, vae.features], data, { dtype });
    const epsilon = normal([batch, vae.latent], noise, { dtype });
    if (kinkDistance(objective(vae, x, epsilon).loss) > MARGIN) return { vae, x, epsilon };
  }
  throw new Error(
    `checkVae: in ${ATTEMPTS} draws some '${config.activation}' was always within ${MARGIN} of its kink, ` +
      'where a central difference says nothing; use fewer units, a smaller batch or a smooth activation',
  );
}

/** The inner nodes that are checked; then every parameter is. */
const NODES = ['mean', 'logvar', 'z'] as const;

/**
 * Checks the gradients of a small VAE in float64 against central differences, with epsilon held fixed: KL,
 * reconstruction and loss, each with respect to mean, logvar, z and every parameter. The closed-form KL does not
 * depend on z, nor on the decoder: there the gradient must be 0.
 * @returns a row for each term and tensor. `passed` is false where a gradient differs by more than the tolerance.
 * @throws RangeError when the configuration is out of range; Error when no point away from kinks is found.
 */
export function checkVae(options: VaeCheckOptions = {}): VaeCheck[] {
  checkOptions(options, ['config', 'batch', 'seed', 'tolerance'], 'checkVae');
  const { config = {}, batch = 3, seed = 0, tolerance = 1e-7 } = options;
  if (!(Number.isSafeInteger(batch) && batch >= 1)) {
    throw new RangeError(`checkVae: batch is ${batch}; it must be an integer of 1 or more`);
  }
  const point = drawPoint(config, batch, seed);
  const variables = [...NODES, ...point.vae.namedParameters().keys()].map((name) => objectiveBy(name, point));
  return checkedTerms.flatMap((term) =>
    variables.map(({ name, at, objective: of }) => {
      const settings = { mode: 'elements', step: STEP, names: [name], name: term, tolerance, seed } as const;
      const report = gradcheck((t) => of(t)[term], [at], settings);
      const { worst, passed } = report;
      return { term, withRespectTo: name, elements: at.size, worst, passed, message: report.toString() };
    }),
  );
}
