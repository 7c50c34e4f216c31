import { Random } from '../../autograd/ops/random.js';
import { exists } from '../../data/atomic.js';
import type { Dataset } from '../../data/dataset.js';
import { imageDataset } from '../../data/dataset.js';
import { drawGlyphs } from '../../data/glyphs/index.js';
import { firstExamples } from '../../study/first-rows.js';
import { type BreakSubject, MUTATIONS, type MutationName } from '../../study/index.js';
import { normal } from '../../tensor/create.js';
import { Failure, UsageError } from '../errors.js';
import { loadData } from '../run/data.js';
import { RunFolder } from '../run/folder.js';
import { openSubject, type Subject, type SubjectFlags } from './subject.js';

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
export async function meant(
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

async function trainingData(run: string, offline: boolean): Promise<Dataset> {
  const { data } = await (await RunFolder.open(run)).readConfig();
  const spec = { ...data, train: Math.min(data.train ?? MAX_TRAIN, MAX_TRAIN), test: 1 };
  const { train } = await loadData(spec, { offline, onNotice: (message) => console.error(message) });
  return imageDataset(train);
}

/** A model, test examples and noise to compare gradients at, and data to train on. */
export async function openBreakSubject(
  run: string | undefined,
  flags: SubjectFlags,
): Promise<{ readonly subject: Subject; readonly of: BreakSubject }> {
  const subject = await openSubject(run, flags);
  const { vae, test } = subject;
  const train =
    run === undefined
      ? imageDataset(drawGlyphs({ count: SMALL_TRAIN, seed: flags.seed }))
      : await trainingData(run, flags.offline);
  if (train.features !== vae.features)
    throw new Failure(`the data of ${run} has changed since: the model takes ${vae.features} pixels`);
  const epsilon = normal([flags.batch, vae.latent], new Random(flags.seed).stream('epsilon'), {
    dtype: vae.dtype,
  });
  return { subject, of: { vae, x: firstExamples(test, flags.batch, vae.dtype), epsilon, train, test } };
}
