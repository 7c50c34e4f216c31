import { exists } from '../../data/atomic.js';
import { type Dataset, imageDataset } from '../../data/dataset.js';
import { drawGlyphs } from '../../data/glyphs/index.js';
import { firstImages } from '../../data/images.js';
import { integer, type Values } from '../../nn/schema/index.js';
import { firstExamples } from '../../study/first-rows.js';
import {
  type BreakOptions,
  type BreakSubject,
  MUTATIONS,
  type MutationName,
  mutationReport,
  mutationsReport,
  mutationWords,
  type Report,
  runBreak,
} from '../../study/index.js';
import { mutationLines } from '../../study/reports/break.js';
import { trainingSchema } from '../../vae/training/options.js';
import { Failure, UsageError } from '../errors.js';
import { loadData } from '../run/data.js';
import { RunFolder } from '../run/folder.js';
import { defineStudy } from './study.js';
import { epsilonFor, openSubject, RUN_OR_SMALL, subjectFlags } from './subject.js';

const { beta, learningRate } = trainingSchema;
const FLAGS = {
  ...subjectFlags(64),
  steps: integer({
    min: 0,
    max: 100_000,
    default: 120,
    help: 'gradient steps of the short training; 0 for none',
  }),
  beta,
  learningRate,
};
type BreakFlags = Values<typeof FLAGS>;

/** Maximum number of training examples for a run's model: a short training sees no more. */
const MAX_TRAIN = 4000;
/** The number that the small model was trained on. */
const SMALL_TRAIN = 2000;

const isMutation = (text: string | undefined): text is MutationName =>
  MUTATIONS.some((name) => name === text);

/**
 * Tells the mutation and the run apart, two optional arguments.
 * @throws UsageError when the first is neither.
 */
async function meant(
  first: string | undefined,
  second: string | undefined,
): Promise<{ readonly name: MutationName | null; readonly run: string | undefined }> {
  if (first === undefined) return { name: null, run: undefined };
  if (isMutation(first)) return { name: first, run: second };
  if (second === undefined && (await exists(first))) return { name: null, run: first };
  throw new UsageError(
    `there is no mutation '${first}', nor such a run folder; mutations are ${MUTATIONS.join(', ')}`,
  );
}

async function trainingData(run: string | undefined, { seed, offline }: BreakFlags): Promise<Dataset> {
  if (run === undefined) return imageDataset(drawGlyphs({ count: SMALL_TRAIN, seed }));
  const { data } = (await (await RunFolder.open(run)).load()).config;
  const train = Math.min(data.train ?? MAX_TRAIN, MAX_TRAIN);
  // Whether a folder of pictures is in colour depends on all that the run had.
  const spec = data.source === 'folder' ? data : { ...data, train, test: 1 };
  return imageDataset(firstImages((await loadData(spec, { offline })).train, train));
}

async function showBreak(
  first: string | undefined,
  second: string | undefined,
  flags: BreakFlags,
): Promise<Report> {
  const { name, run } = await meant(first, second);
  const { title, vae, test } = await openSubject(run, flags);
  const train = await trainingData(run, flags);
  if (train.features !== vae.features)
    throw new Failure(`the data of ${run} has changed since: the model takes ${vae.features} pixels`);
  const { seed, steps, beta, learningRate, batch } = flags;
  const x = firstExamples(test, batch, vae.dtype);
  const subject: BreakSubject = { vae, x, epsilon: epsilonFor(vae, flags), train, test };
  const every = Math.max(1, Math.ceil(steps / 12));
  const options: BreakOptions = { seed, steps, beta, learningRate, every, pictures: 0 };
  if (name !== null) return mutationReport(name, runBreak(name, subject, options), title, steps);
  const all = MUTATIONS.map((other) => ({
    mutation: { name: other, ...mutationWords[other] },
    report: runBreak(other, subject, options),
  }));
  return mutationsReport(all, title, steps);
}

const EXAMPLES = `
Mutations:
${mutationLines}

Exit code 1 when the right trick fails a check, or no check notices a mutation.

Examples:
  pathwise study break                          all of them against all checks
  pathwise study break drop-half                one in detail
  pathwise study break kl-sign runs/glyphs-latent2-1 --steps 400 --out kl-sign`;

/** `pathwise study break` */
export const breakCommand = defineStudy({
  name: 'break',
  summary: 'get the trick wrong in six ways, and see which check notices',
  description:
    'Runs named mutations of the trick beside the right one, from the same weights: gradients, what each check says, and a short training of both. Without a name, all of them in one table.',
  args: [['[name]', 'a mutation; without one, all of them'], RUN_OR_SMALL],
  flags: FLAGS,
  examples: EXAMPLES,
  run: (flags, [first, second]) => showBreak(first, second, flags),
});
