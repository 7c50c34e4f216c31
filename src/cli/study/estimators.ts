import type { Command } from 'commander';
import { Random } from '../../autograd/ops/random.js';
import { choice, integer, optional, toggle, type Values } from '../../nn/schema/index.js';
import { firstExamples } from '../../study/first-rows.js';
import {
  BernoulliVae,
  benchDiscrete,
  benchEstimators,
  type DiscreteReport,
  decoderNoise,
  detachedGradients,
  discretePoint,
  type EstimatorPoint,
  estimatorNamed,
  estimatorNames,
  maxExamples,
  measureCost,
  trainByEnumeration,
  vaePoint,
} from '../../study/index.js';
import { normal } from '../../tensor/create.js';
import { VAE } from '../../vae/index.js';
import { trainingSchema } from '../../vae/training/options.js';
import { EXIT, UsageError } from '../errors.js';
import { addFlags, settingsOf } from '../flags.js';
import {
  discreteParts,
  type EstimatorStudy,
  estimatorCharts,
  explanations,
  groupTables,
  sampleTables,
  singleTable,
} from './estimators-parts.js';
import { outputFlags, report } from './output.js';
import { addRun, openSubject, type Subject, subjectFlags } from './subject.js';

const GROUPS = ['mean', 'logvar', 'encoder', 'mean head', 'logvar head'] as const;

const FLAGS = {
  ...subjectFlags(16),
  samples: integer({ min: 2, max: 1_000_000, default: 1024, help: 'draws of epsilon for each estimator' }),
  reference: optional(
    integer({ min: 32, max: 10_000_000, help: 'draws of the reference; 4 times --samples without it' }),
  ),
  beta: trainingSchema.beta,
  group: choice(GROUPS, { default: 'encoder', help: 'whose gradient the tables by K are about' }),
  untrained: toggle({ help: "the run's model with fresh weights of --seed" }),
  ...outputFlags,
};
type EstimatorFlags = Values<typeof FLAGS>;

const EXAMPLES = `
All estimators see the same weights, batch and epsilon. The reference is a long run of the pathwise estimator on noise of its own.
Groups of --group: mean, logvar (the gradients by the posterior itself), encoder, "mean head", "logvar head" (their parameters).

Examples:
  pathwise study estimators
  pathwise study estimators runs/glyphs-latent2-1 --samples 4096 --out estimators
  pathwise study estimators --untrained --group mean`;

/** Training of the VAE with bits. */
const BITS = { hidden: 32, bits: 6 };

/** Draws of the decoder's gradient: each is a full backward pass. */
const DECODER_DRAWS = 64;

function discreteStudy({ test }: Subject, { batch, seed }: EstimatorFlags): DiscreteReport {
  const stream = new Random(seed).stream('discrete').split('init');
  const model = new BernoulliVae({ features: test.features, ...BITS, stream });
  trainByEnumeration(model, test, { batchSize: Math.min(64, test.size) });
  const x = test.batch(
    Int32Array.from({ length: Math.min(batch, 16) }, (_, i) => i),
    model.dtype,
  );
  return benchDiscrete(discretePoint(model, x), { seed, samples: 1024 });
}

function costsOf(point: EstimatorPoint, { seed, beta }: EstimatorFlags): EstimatorStudy['costs'] {
  return Object.fromEntries(
    estimatorNames.map((name) => [
      name,
      measureCost(point, estimatorNamed(name), new Random(seed).stream('cost'), { beta }),
    ]),
  );
}

/** The subject, with initial weights if requested. */
async function subjectOf(path: string | undefined, flags: EstimatorFlags): Promise<Subject> {
  const subject = await openSubject(path, flags);
  if (!flags.untrained) return subject;
  const vae = new VAE(subject.vae.config, { stream: new Random(flags.seed).stream('init') });
  return {
    ...subject,
    vae,
    title: `the model of ${subject.title}, but with fresh weights of seed ${flags.seed}`,
  };
}

async function studyEstimators(path: string | undefined, flags: EstimatorFlags): Promise<number> {
  const subject = await subjectOf(path, flags);
  const { vae } = subject;
  const { batch, seed, beta, samples, group } = flags;
  const max = maxExamples(vae.latent);
  if (batch > max) {
    throw new UsageError(
      `--batch ${batch}: with ${vae.latent} latent dimensions at most ${max} can be compared`,
    );
  }
  const x = firstExamples(subject.test, batch, vae.dtype);
  const point = vaePoint(vae, x);
  const groups = point.metrics.map(({ name }) => name);
  if (!groups.includes(group)) {
    throw new UsageError(`--group ${group}: this model has ${groups.map((name) => `'${name}'`).join(', ')}`);
  }
  const reference = flags.reference ?? 4 * samples;
  const epsilon = normal([batch, vae.latent], new Random(seed).stream('epsilon'), {
    dtype: vae.dtype,
  });
  const found: EstimatorStudy = {
    report: benchEstimators(point, { seed, beta, samples, reference: Math.max(32, reference) }),
    costs: costsOf(point, flags),
    decoder: decoderNoise(vae, x, { seed, samples: DECODER_DRAWS }),
    discrete: discreteStudy(subject, flags),
    detached: detachedGradients(vae, x, epsilon, { beta }),
  };
  const parts = [
    `Estimators of the gradient of the negative ELBO at ${subject.title}; batch ${batch}, beta ${beta}, seed ${seed}.`,
    explanations(estimatorNames),
    singleTable(found, group),
    ...groupTables(found),
    ...sampleTables(found, group),
    ...discreteParts(found),
  ];
  const data = { subject: subject.title, batch, beta, seed, group, ...found };
  await report({ name: 'estimators', parts, charts: estimatorCharts(found, group), data }, flags);
  return EXIT.done;
}

/** `pathwise study estimators` */
export function estimatorsCommand(study: Command, done: (code: number) => void): void {
  const command = study
    .command('estimators')
    .summary('pathwise against score function: bias, variance, cost')
    .description(
      'Compares estimators of the gradient at one point: bias, variance and cost for each number of draws.',
    );
  addFlags(addRun(command), FLAGS)
    .addHelpText('after', EXAMPLES)
    .action(async (run: string | undefined, flags: object) =>
      done(await studyEstimators(run, settingsOf(FLAGS, flags))),
    );
}
