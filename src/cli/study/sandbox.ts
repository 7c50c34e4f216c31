import type { Command } from 'commander';
import { backward } from '../../autograd/index.js';
import { Random } from '../../autograd/ops/random.js';
import { Adam } from '../../nn/optim/adam.js';
import { integer, number, type Values } from '../../nn/schema/index.js';
import {
  benchEstimators,
  compareWithTruth,
  type EstimatorReport,
  fitEncoder,
  type GradientComparison,
  type ImportanceBound,
  importanceBounds,
  LinearGaussianVae,
  linearGaussianPoint,
  truthOf,
} from '../../study/index.js';
import { formatError, formatNumber } from '../../tensor/format.js';
import { scope } from '../../tensor/memory/scope.js';
import type { Tensor } from '../../tensor/tensor.js';
import { EXIT } from '../errors.js';
import { addFlags, settingsOf } from '../flags.js';
import { outputFlags, report, type Table } from './output.js';

const FLAGS = {
  features: integer({ min: 1, max: 100, default: 6, help: 'numbers per example' }),
  latent: integer({ min: 1, max: 20, default: 2, help: 'dimensions of z' }),
  sigma: number({ above: 0, default: 0.5, help: 'standard deviation of the noise on x' }),
  batch: integer({ min: 1, max: 1000, default: 8, help: 'examples' }),
  samples: integer({ min: 2, max: 1_000_000, default: 2000, help: 'draws of epsilon' }),
  seed: integer({ min: 0, default: 0, help: 'decides parameters, examples and noise' }),
  ...outputFlags,
};
type SandboxFlags = Values<typeof FLAGS>;

const EXAMPLES = `
p(z) = N(0, I), p(x | z) = N(W z + b, sigma^2 I), q(z | x) = N(V x + c, diagonal): log p(x), the posterior, the ELBO and its gradient are
known in closed form, worked out by loops and one Cholesky factor that share nothing with the engine.

Examples:
  pathwise study sandbox
  pathwise study sandbox --features 10 --latent 3 --sigma 0.2 --out sandbox`;

const TRAINING_STEPS = 1000;
const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** The batch's means at one stage; nats per example. */
interface Stage {
  readonly stage: string;
  readonly evidence: number;
  readonly elbo: number;
  readonly gap: number;
  readonly klToPosterior: number;
}

function stageOf(stage: string, model: LinearGaussianVae, x: Tensor): Stage {
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

function parts(
  stages: readonly Stage[],
  gradients: readonly GradientComparison[],
  bounds: readonly ImportanceBound[],
  landing: readonly { readonly stage: string; readonly report: EstimatorReport }[],
): Table[] {
  const evidence = stages[0].evidence;
  return [
    {
      title: 'log p(x) and the ELBO, closed forms, mean over the batch: the gap is KL(q || posterior)',
      columns: ['', 'log p(x)', 'ELBO', 'gap', 'KL(q || posterior)', 'difference'],
      rows: stages.map(({ stage, evidence: whole, elbo, gap, klToPosterior }) => [
        stage,
        whole.toFixed(6),
        elbo.toFixed(6),
        gap.toFixed(6),
        klToPosterior.toFixed(6),
        formatError(Math.abs(gap - klToPosterior)),
      ]),
    },
    {
      title: 'Gradient of the negative ELBO at the start: largest difference from the closed form',
      columns: [
        'parameter',
        'numbers',
        'length',
        'autodiff',
        'finite differences',
        'pathwise, in errors',
        'its error',
      ],
      rows: gradients.map((row) => [
        row.parameter,
        String(row.size),
        formatNumber(row.length),
        formatError(row.autodiff),
        formatError(row.finiteDifference),
        row.monteCarloInErrors.toFixed(1),
        formatNumber(row.monteCarloError),
      ]),
    },
    {
      title: `The importance-weighted bound with K samples at the start; log p(x) is ${evidence.toFixed(4)}`,
      columns: ['K', 'bound', 'standard error', 'below log p(x)'],
      rows: bounds.map(({ samples, bound, error }) => [
        String(samples),
        bound.toFixed(4),
        formatNumber(error),
        (evidence - bound).toFixed(4),
      ]),
    },
    {
      title:
        'Variance of one draw of the gradient by mean, W with orthogonal columns: at the exact posterior one estimator lands',
      columns: ['estimator', ...landing.map(({ stage }) => stage)],
      rows: landing[0].report.estimators.map(({ title }, k) => [
        title,
        ...landing.map(({ report: { estimators } }) => formatNumber(estimators[k].groups[0].variance)),
      ]),
    },
  ];
}

async function studySandbox(flags: SandboxFlags): Promise<number> {
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
  const stages = [first, trained, stageOf('the same, q as good as it can be', model, x)];

  const exact = make('init', true);
  const landingAt = (stage: string) => ({
    stage,
    report: benchEstimators(linearGaussianPoint(exact, x), { seed, samples: 256 }),
  });
  const landing = [landingAt('q as drawn')];
  fitEncoder(exact);
  landing.push(landingAt('q the best there is'));

  const charts = {
    importance: {
      title: 'The importance-weighted bound tightens with K',
      x: { label: 'K', log: true },
      y: { label: 'nats per example' },
      series: [
        { name: 'bound', points: bounds.map(({ samples: k, bound }) => [k, bound] as const) },
        { name: 'log p(x)', points: bounds.map(({ samples: k }) => [k, first.evidence] as const) },
      ],
    },
  };
  const data = { features, latent, batch, sigma, seed, samples, stages, gradients, bounds, landing };
  const title =
    `A linear-Gaussian VAE of ${features} features and ${latent} latent dimensions, sigma ${sigma}, batch ${batch}, seed ${seed}, in float64; ` +
    `${samples} draws of epsilon.`;
  await report(
    { name: 'sandbox', parts: [title, ...parts(stages, gradients, bounds, landing)], charts, data },
    flags,
  );
  return EXIT.done;
}

/** `pathwise study sandbox` */
export function sandboxCommand(study: Command, done: (code: number) => void): void {
  const command = study
    .command('sandbox')
    .summary('a VAE of which everything is known, against the engine')
    .description(
      'The linear-Gaussian VAE: log p(x), posterior, ELBO and gradients in closed form, and what the engine says.',
    );
  addFlags(command, FLAGS)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: object) => done(await studySandbox(settingsOf(FLAGS, flags))));
}
