import { Random } from '../autograd/ops/random.js';
import { COUNT, checkNumber } from '../tensor/check-number.js';
import { checkOptions } from '../tensor/known-options.js';
import type { RandomStream } from '../tensor/random/stream.js';
import { checkVae, type VaeCheck } from './check.js';
import { likelihoods } from './likelihoods/likelihood.js';
import { bodies } from './parts/body.js';
import { registerBuiltInParts } from './parts/built-in.js';
import { conditions } from './parts/condition.js';
import { objectives } from './parts/objective.js';
import { posteriors } from './parts/posterior.js';
import { priors } from './parts/prior.js';
import type { PartSpec, Registry } from './parts/registry.js';

/** How much {@link checkParts} checks. */
export interface PartsCheckOptions {
  /** How many models. Defaults to 200. */
  readonly models?: number;
  /** Decides the combinations, the weights and the data. Defaults to 0. */
  readonly seed?: number;
  /** Largest relative error accepted. Defaults to 1e-7. */
  readonly tolerance?: number;
}

/** What came of {@link checkParts}. */
export interface PartsCheck {
  /** Models whose gradients were checked. */
  readonly models: number;
  /** Gradients in all, each of a loss by one tensor. */
  readonly gradients: number;
  /** The largest relative error. */
  readonly worst: number;
  /** Gradients of which no central difference can tell whether they are right: mostly a 0 beside large values. */
  readonly undecided: number;
  /** How many models had each part, as 'likelihood gaussian'. */
  readonly parts: ReadonlyMap<string, number>;
  /** The models that have a wrong gradient, with what is wrong. */
  readonly failures: readonly { readonly model: object; readonly rows: readonly VaeCheck[] }[];
}

/**
 * Checks every registered part, the library's and your own, inside of small whole models, in random combinations with the
 * others: the gradients of the loss with respect to mean, logvar, z and every parameter, in float64, along random directions,
 * against central differences.
 * @throws RangeError unless `models` is an integer of 1 or more.
 */
export function checkParts(options: PartsCheckOptions = {}): PartsCheck {
  checkOptions(options, ['models', 'seed', 'tolerance'], 'checkParts');
  const { models = 200, seed = 0, tolerance } = options;
  checkNumber(models, COUNT, 'models', 'checkParts');
  registerBuiltInParts();
  const stream = new Random(seed).stream('parts');
  const parts = new Map<string, number>();
  const failures: { model: object; rows: VaeCheck[] }[] = [];
  let gradients = 0;
  let worst = 0;
  let undecided = 0;
  for (let i = 0; i < models; i++) {
    const { objective, ...model } = drawModel(stream, parts);
    const rows = checkVae({
      parts: model,
      objective,
      mode: 'directions',
      terms: ['loss'],
      batch: 1 + below(stream, 3),
      samples: 1 + below(stream, 3),
      seed: seed + i,
      tolerance,
    });
    gradients += rows.length;
    for (const row of rows) worst = Math.max(worst, row.worst);
    undecided += rows.filter((row) => row.undecided > 0).length;
    const wrong = rows.filter((row) => row.failures > row.undecided);
    if (wrong.length > 0) failures.push({ model: { ...model, objective }, rows: wrong });
  }
  return { models, gradients, worst, undecided, parts, failures };
}

/** An integer from 0 to n - 1. */
const below = (stream: RandomStream, n: number): number => stream.integers(new Int32Array(1), 0, n)[0];

const one = <T>(stream: RandomStream, list: readonly T[]): T => list[below(stream, list.length)];

/** One of every kind of part, with settings that it gives as examples. */
function drawModel(stream: RandomStream, parts: Map<string, number>) {
  const [features, latent] = [1 + below(stream, 4), 1 + below(stream, 3)];
  const draw = <Context, Part extends object>(
    registry: Registry<Context, Part>,
    inputs: number,
    model = { isConditional: false },
  ): PartSpec => {
    const fitting = registry.definitions.filter(({ fits }) => fits?.(model) !== false);
    const { name, examples = () => [{}] } = one(stream, fitting);
    const label = `${registry.kind} ${name}`;
    parts.set(label, (parts.get(label) ?? 0) + 1);
    return registry.complete({ name, ...one<object>(stream, examples(inputs, features)) }, 'checkParts');
  };
  const condition = below(stream, 2) === 0 ? draw(conditions, latent) : null;
  return {
    encoder: draw(bodies, features),
    posterior: draw(posteriors, latent),
    decoder: draw(bodies, latent),
    prior: draw(priors, latent, { isConditional: condition !== null }),
    likelihood: draw(likelihoods, features),
    condition,
    objective: draw(objectives, latent),
  };
}
