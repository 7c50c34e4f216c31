import { setImmediate } from 'node:timers/promises';
import { Random } from '../../autograd/ops/random.js';
import { type Dataset, take } from '../../data/dataset.js';
import type { LabeledImages } from '../../data/images.js';
import { marginalLikelihoodParts, type VAE } from '../../vae/index.js';
import { completeMarginal } from '../../vae/marginal/marginal-likelihood.js';
import { identify } from '../../vae/training/identity.js';
import { EXIT } from '../errors.js';
import { writeReport } from '../report/write.js';
import { RunFolder } from '../run/folder.js';
import { runImages } from '../run/open.js';
import { drawPictures } from '../train/pictures.js';
import { type BinarizeChoice, binarizeChoice, binarizedImages } from './binarization.js';
import type { EvaluateFlags } from './flags.js';
import { EvaluationProgress } from './progress.js';
import {
  type EvaluationAbout,
  isDone,
  isSame,
  readEvaluations,
  type StoredEvaluation,
  writeEvaluations,
} from './stored.js';
import { evaluationOf } from './table.js';

/** Milliseconds of work that a power cut may lose. */
const SAVE_EVERY = 10_000;

/** The outcome of the command. */
export interface EvaluationOutcome {
  readonly run: string;
  readonly vae: VAE;
  /** Those that were asked for, finished or not. */
  readonly evaluations: readonly StoredEvaluation[];
  readonly code: number;
}

/** What evaluations of one run share. */
interface Session {
  readonly run: RunFolder;
  readonly vae: VAE;
  readonly flags: EvaluateFlags;
  readonly choice: BinarizeChoice;
  readonly bounds: readonly number[];
  readonly signal: AbortSignal;
}

const terminal = () => ({
  write: (text: string) => process.stderr.write(text),
  isTTY: process.stderr.isTTY,
  columns: process.stderr.columns,
});

/** Evaluates examples from where it was stopped. @param save called now and then, and last with what there is at the end */
async function evaluateExamples(
  { vae, flags, choice, signal }: Session,
  data: Dataset,
  before: StoredEvaluation,
  save: (evaluation: StoredEvaluation) => Promise<void>,
): Promise<void> {
  const { about, state: from } = before;
  const range = { from: from.moments.count, to: data.size };
  const progress = new EvaluationProgress(terminal(), evaluationOf(about), range);
  const { samples, bounds, seed } = about;
  const parts = marginalLikelihoodParts(vae, data, {
    random: new Random(seed),
    samples,
    bounds,
    batchSize: flags.batchSize,
    binarize: choice.binarization === 'dynamic',
    from,
  });
  const began = performance.now();
  let saved = began;
  for (const { done, state } of parts) {
    progress.show(done);
    // Signals are heard between parts of the work.
    await setImmediate();
    const now = performance.now();
    if (signal.aborted || done === data.size || now - saved > SAVE_EVERY) {
      await save({ about, seconds: before.seconds + (now - began) / 1000, state: state() });
      saved = now;
    }
    if (signal.aborted) break;
  }
  progress.clear();
}

/** One part of the data, and what is known of it afterwards. @param stored what is kept of the run; it is replaced */
async function evaluatePart(
  session: Session,
  on: EvaluationAbout['on'],
  images: LabeledImages,
  stored: StoredEvaluation[],
): Promise<StoredEvaluation> {
  const { run, vae, flags, choice, bounds } = session;
  const { limit, seed, samples } = flags;
  const whole = await binarizedImages(images, choice);
  const data = limit === null ? whole : take(whole, limit);
  const about: EvaluationAbout = {
    on,
    examples: data.size,
    data: String(identify(data, vae.dtype).hash),
    ...choice,
    channels: images.channels ?? 1,
    seed,
    samples,
    bounds,
  };
  const start = { moments: { count: 0, mean: [], squares: [] }, leastEffective: samples };
  let at = stored.findIndex((one) => isSame(one.about, about));
  if (at < 0) at = stored.push({ about, seconds: 0, state: start }) - 1;
  await evaluateExamples(session, data, stored[at], async (evaluation) => {
    stored[at] = evaluation;
    await writeEvaluations(run, vae, stored);
  });
  return stored[at];
}

async function evaluateIn(
  run: RunFolder,
  flags: EvaluateFlags,
  signal: AbortSignal,
): Promise<EvaluationOutcome> {
  const { on, samples, offline } = flags;
  const { bounds } = completeMarginal({ samples, bounds: flags.bounds });
  const loaded = await run.load();
  const { vae, settings, history, data } = loaded.checkpoint;
  const choice = binarizeChoice(flags.binarize ?? (settings.binarize ? 'dynamic' : 'gray'));
  const images = await runImages(run, loaded, { offline, withTrain: on !== 'test' });
  const stored = await readEvaluations(run, vae);
  const session: Session = { run, vae, flags, choice, bounds, signal };
  const evaluations: StoredEvaluation[] = [];
  const outcome = (code: number): EvaluationOutcome => ({ run: run.path, vae, evaluations, code });
  for (const part of ['test', 'train'] as const) {
    const all = images[part];
    if (all === undefined || (on !== 'both' && on !== part)) continue;
    evaluations.push(await evaluatePart(session, part, all, stored));
    if (!evaluations.every(isDone)) return outcome(EXIT.interrupted);
  }
  if (history.length > 0) {
    const pictures = drawPictures(vae, images.test, settings);
    const reported = { config: loaded.config, vae, history, pictures, evaluations: stored };
    await writeReport(run, { ...reported, trainExamples: data.train.size, testImages: images.test });
  }
  return outcome(EXIT.done);
}

/**
 * Evaluates a run where it has not been: the state is kept in its folder, and its report brought up to date.
 * @param signal asks for an orderly end
 * @throws Failure when there is no run, another process works in it, or its data is not what it was; DataError when data is missing.
 */
export async function evaluateRun(
  path: string,
  flags: EvaluateFlags,
  signal: AbortSignal,
): Promise<EvaluationOutcome> {
  const run = await (await RunFolder.open(path)).claim();
  try {
    return await evaluateIn(run, flags, signal);
  } finally {
    await run.release();
  }
}
