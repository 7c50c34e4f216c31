import { Random } from '../../autograd/ops/random.js';
import { choice, integer, optional, toggle, type Values } from '../../nn/schema/index.js';
import { firstExamples } from '../../study/first-rows.js';
import {
  BernoulliVae,
  benchDiscrete,
  benchEstimators,
  decoderNoise,
  detachedGradients,
  discretePoint,
  type EstimatorPoint,
  type EstimatorStudy,
  estimatorNamed,
  estimatorNames,
  estimatorReport,
  maxExamples,
  measureCost,
  type Report,
  trainByEnumeration,
  vaePoint,
} from '../../study/index.js';
import { VAE } from '../../vae/index.js';
import { trainingSchema } from '../../vae/training/options.js';
import { UsageError } from '../errors.js';
import { defineStudy } from './study.js';
import { epsilonFor, openSubject, RUN_OR_SMALL, type Subject, subjectFlags } from './subject.js';

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

function discreteStudy({ test }: Subject, { batch, seed }: EstimatorFlags): EstimatorStudy['discrete'] {
  const stream = new Random(seed).stream('discrete').split('init');
  const model = new BernoulliVae({ features: test.features, ...BITS, stream });
  trainByEnumeration(model, test, { batchSize: Math.min(64, test.size) });
  const x = firstExamples(test, Math.min(batch, 16), model.dtype);
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

async function studyEstimators(path: string | undefined, flags: EstimatorFlags): Promise<Report> {
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
  const found: EstimatorStudy = {
    report: benchEstimators(point, { seed, beta, samples, reference: Math.max(32, reference) }),
    costs: costsOf(point, flags),
    decoder: decoderNoise(vae, x, { seed, samples: DECODER_DRAWS }),
    discrete: discreteStudy(subject, flags),
    detached: detachedGradients(vae, x, epsilonFor(vae, flags), { beta }),
  };
  return estimatorReport(found, { subject: subject.title, batch, beta, seed, group });
}

/** `pathwise study estimators` */
export const estimatorsCommand = defineStudy({
  name: 'estimators',
  summary: 'pathwise against score function: bias, variance, cost',
  description:
    'Compares estimators of the gradient at one point: bias, variance and cost for each number of draws.',
  args: [RUN_OR_SMALL],
  flags: FLAGS,
  examples: EXAMPLES,
  run: (flags, [run]) => studyEstimators(run, flags),
});
