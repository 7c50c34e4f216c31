import { backward } from '../../autograd/index.js';
import { Random } from '../../autograd/ops/random.js';
import { Adam } from '../../nn/optim/adam.js';
import { integer, number, type Values } from '../../nn/schema/index.js';
import {
  benchEstimators,
  compareWithTruth,
  fitEncoder,
  importanceBounds,
  LinearGaussianVae,
  linearGaussianPoint,
  type Report,
  type SandboxStage,
  sandboxReport,
  truthOf,
} from '../../study/index.js';
import { scope } from '../../tensor/memory/scope.js';
import type { Tensor } from '../../tensor/tensor.js';
import { defineStudy } from './study.js';

const FLAGS = {
  features: integer({ min: 1, max: 100, default: 6, help: 'numbers per example' }),
  latent: integer({ min: 1, max: 20, default: 2, help: 'dimensions of z' }),
  sigma: number({ above: 0, default: 0.5, help: 'standard deviation of the noise on x' }),
  batch: integer({ min: 1, max: 1000, default: 8, help: 'examples' }),
  samples: integer({ min: 2, max: 1_000_000, default: 2000, help: 'draws of epsilon' }),
  seed: integer({ min: 0, default: 0, help: 'seed for parameters, examples and noise' }),
};

const EXAMPLES = `
p(z) = N(0, I), p(x | z) = N(W z + b, sigma^2 I), q(z | x) = N(V x + c, diagonal): log p(x), the posterior, the ELBO and its gradient are
known in closed form, worked out by loops and one Cholesky factor that share nothing with the engine.

Examples:
  pathwise study sandbox
  pathwise study sandbox --features 10 --latent 3 --sigma 0.2 --out sandbox`;

const TRAINING_STEPS = 1000;
const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function stageOf(stage: string, model: LinearGaussianVae, x: Tensor): SandboxStage {
  const truths = truthOf(model, x);
  const [evidence, elbo, klToPosterior] = (['evidence', 'elbo', 'klToPosterior'] as const).map((name) =>
    meanOf(truths.map((truth) => truth[name])),
  );
  return { stage, evidence, elbo, gap: evidence - elbo, klToPosterior };
}

/** Trains on the ELBO without sampling. */
function train(model: LinearGaussianVae, x: Tensor): void {
  const adam = new Adam(model.namedParameters(), { learningRate: 0.01 });
  for (let k = 0; k < TRAINING_STEPS; k++) scope(() => adam.step(backward(model.negativeElbo(x))));
}

function studySandbox(flags: Values<typeof FLAGS>): Report {
  const { features, latent, batch, sigma, samples, seed } = flags;
  const random = new Random(seed);
  const make = (name: string, orthogonal = false): LinearGaussianVae =>
    new LinearGaussianVae({
      features,
      latent,
      sigma,
      orthogonal: orthogonal && latent <= features,
      stream: random.stream(name),
    });
  const x = make('truth').sample(batch, random.stream('data'));
  const model = make('init');
  const first = stageOf('at the start', model, x);
  const gradients = compareWithTruth(model, x, random.stream('epsilon'), samples);
  const bounds = importanceBounds(model, x, random.stream('importance'));
  train(model, x);
  const trained = stageOf(`after ${TRAINING_STEPS} steps of Adam`, model, x);
  fitEncoder(model);
  const stages = [first, trained, stageOf('the same, with the best q', model, x)];

  const exact = make('init', true);
  const landingAt = (stage: string) => ({
    stage,
    report: benchEstimators(linearGaussianPoint(exact, x), { seed, samples: 256 }),
  });
  const landing = [landingAt('initial q')];
  fitEncoder(exact);
  landing.push(landingAt('the best q'));
  return sandboxReport({
    features,
    latent,
    batch,
    sigma,
    seed,
    samples,
    stages,
    gradients,
    bounds,
    landing,
  });
}

/** `pathwise study sandbox` */
export const sandboxCommand = defineStudy({
  name: 'sandbox',
  summary: 'a VAE with everything in closed form, against the engine',
  description:
    'The linear-Gaussian VAE: log p(x), posterior, ELBO and gradients in closed form, and what the engine says.',
  flags: FLAGS,
  examples: EXAMPLES,
  run: studySandbox,
});
