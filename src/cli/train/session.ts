import { tmpdir } from 'node:os';
import { basename, dirname, relative, resolve } from 'node:path';
import { Random } from '../../autograd/ops/random.js';
import { exists } from '../../data/atomic.js';
import { imageDataset } from '../../data/dataset.js';
import { DataError } from '../../data/errors.js';
import type { DataSplit } from '../../data/images.js';
import { backend } from '../../device/current.js';
import { messageOf } from '../../tensor/describe.js';
import { memoryUse } from '../../tensor/memory/memory.js';
import { configFor } from '../../vae/config.js';
import { fit, Trainer, TrainingError, VAE } from '../../vae/index.js';
import { registerBuiltInParts } from '../../vae/parts/built-in.js';
import { commandOf, type RunConfig, type StoredConfig, shellWord } from '../../vae/run/config.js';
import { configText, metricsText } from '../../vae/run/files.js';
import type { DataSpec } from '../../vae/run/spec.js';
import { EXIT, Failure, UsageError } from '../errors.js';
import { readEvaluations } from '../evaluate/stored.js';
import type { Reporter } from '../progress/reporter.js';
import { collapsed, notStarted } from '../report/notes.js';
import { dataTitle, writeReport } from '../report/write.js';
import { dataName, loadData } from '../run/data.js';
import { RunFolder } from '../run/folder.js';
import { version } from '../version.js';
import { listenForInterrupt } from './interrupt.js';
import { drawPictures } from './pictures.js';
import { movedData, newRun, type Resumed, resumedSettings, type TrainFlags } from './settings.js';

/** Everything a training needs, new or resumed. */
interface Session {
  readonly trainer: Trainer;
  readonly folder: RunFolder;
  readonly config: RunConfig;
  readonly split: DataSplit;
}

/** Paths relative to the current folder. */
const shown = (path: string): string => relative(process.cwd(), path) || '.';

/** Loads the examples of a specification. */
type Load = (spec: DataSpec) => Promise<DataSplit>;

const datasetsOf = ({ train, test }: DataSplit) => ({ train: imageDataset(train), test: imageDataset(test) });

/** What config.json says of the training. */
function configOf({ vae, settings }: Trainer, stored: StoredConfig): RunConfig {
  const about = { ...stored, model: vae.config, training: settings };
  return { pathwise: version(), command: commandOf(about), ...about };
}

/** @throws UsageError when models have not enough of the memory that the command may take. */
function checkMemory(): void {
  const { limit, models, modelsElsewhere } = memoryUse();
  if (modelsElsewhere === 0) return;
  const mib = (bytes: number): number => Math.ceil(bytes / 2 ** 20);
  throw new UsageError(
    `the model and what its optimiser remembers take ${mib(models + modelsElsewhere)} MiB, but models may take half of ` +
      `--memory ${mib(limit)}; raise it (at most 2047), or make the model smaller`,
  );
}

/** How many classes there are, counted from 0. @throws Failure where the labels tell nothing. */
function classesIn({ train, test }: DataSplit): number {
  const last = [train, test].flatMap(({ labels }) =>
    labels.reduce((most, label) => Math.max(most, label), 0),
  );
  const classes = Math.max(...last) + 1;
  if (classes > 1) return classes;
  throw new Failure(
    '--condition label: all examples are of one class, so there is nothing to be told; take other data, or --condition none',
  );
}

async function startSession(given: object, out: string | null, load: Load): Promise<Session> {
  const { preset, data, model, training } = await newRun(given);
  const split = await load(data);
  const { channels = 1, rows, columns } = split.train;
  const datasets = datasetsOf(split);
  const stream = new Random(training.seed).stream('init');
  registerBuiltInParts();
  const classes = model.condition === 'label' ? classesIn(split) : null;
  const vae = new VAE(configFor({ ...datasets.train, classes }, model), { stream });
  const trainer = new Trainer(vae, { ...datasets, ...training });
  checkMemory();
  const config = configOf(trainer, { preset, data, image: { channels, rows, columns } });
  const folder =
    out === null
      ? await RunFolder.createNumbered(`${dataName(data)}-${preset}`)
      : await RunFolder.create(out);
  return { trainer, folder, config, split };
}

async function resumeSession(path: string, { epochs, data }: Resumed, load: Load): Promise<Session> {
  const folder = await (await RunFolder.open(path)).claim();
  try {
    return await resumeIn(folder, { epochs, data }, load);
  } catch (error) {
    await folder.release();
    throw error;
  }
}

async function resumeIn(folder: RunFolder, { epochs, data }: Resumed, load: Load): Promise<Session> {
  const { config, bytes } = await folder.load();
  const { preset, image } = config;
  const from = data === null ? config.data : await movedData(config.data, data);
  const stored = { preset, data: from, image };
  const split = await load(from).catch((error: unknown) => {
    if (!(error instanceof DataError) || from.source !== 'folder') throw error;
    throw new Failure(`${error.message}; if the data has moved, say where to with --data`, { cause: error });
  });
  const trainer = Trainer.resume(bytes, folder.file('checkpoint'), {
    ...datasetsOf(split),
    epochs: epochs ?? undefined,
  });
  checkMemory();
  const { epoch } = trainer;
  if (epochs !== null && epochs < epoch) {
    throw new UsageError(`--epochs ${epochs}: this run has done ${epoch} epochs; give ${epoch} or more`);
  }
  return { trainer, folder, config: configOf(trainer, stored), split };
}

/** Draws and writes what comes of a training. @returns whether it did so before the signal */
async function finish(
  { trainer, folder, config, split }: Session,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<boolean> {
  reporter.notice('drawing pictures and writing the report ...');
  const { vae, history } = trainer;
  const pictures = drawPictures(vae, split.test, config.training);
  for (const name of ['samples', 'reconstructions', 'latent', 'manifold', 'styles'] as const) {
    const picture = pictures[name];
    if (picture !== null) await folder.write(name, picture);
  }
  if (pictures.denoised !== null) await folder.write('denoised', pictures.denoised.png);
  if (signal.aborted) return false;
  await writeReport(folder, {
    config,
    vae,
    history,
    trainExamples: split.train.count,
    testImages: split.test,
    pictures,
    // A damaged file is for `evaluate` to tell of.
    evaluations: await readEvaluations(folder, vae).catch(() => []),
  });
  await folder.restore('config', () => configText(config));
  await folder.restore('checkpoint', () => trainer.checkpoint());
  await folder.restore('metrics', () => metricsText(history));
  return true;
}

const resumeCommand = (run: string): string => `pathwise train --resume ${shellWord(shown(run))}`;

/** Writes the run as it is to a folder. */
async function keepIn({ trainer, config }: Session, folder: RunFolder): Promise<void> {
  await folder.writeConfig(config);
  await folder.write('checkpoint', trainer.checkpoint());
  await folder.writeMetrics(trainer.history);
}

/** Keeps the last good step where the disk lets it: in the run's folder, beside it, or among temporary files. */
async function keep(session: Session): Promise<string> {
  const { folder } = session;
  const name = `${basename(resolve(folder.path))}-kept`;
  const beside = () => RunFolder.createNumbered(name, dirname(folder.path));
  const places = [async () => folder, beside, () => RunFolder.createNumbered(name, tmpdir())];
  for (const place of places) {
    let made: RunFolder | undefined;
    try {
      made = await place();
      await keepIn(session, made);
      if (made !== folder) await made.release();
      return `The run up to its last good step is kept in ${shown(made.path)}; go on with: ${resumeCommand(made.path)}`;
    } catch {
      // A full disk or a folder that is gone: the next place may have neither.
      if (made !== undefined && made !== folder) await made.abandon().catch(() => undefined);
    }
  }
  return 'Its last good step could not be kept anywhere.';
}

/** The problem, and what remains of the run. */
async function explained(error: unknown, session: Session, saved: number): Promise<Error> {
  const { trainer, folder } = session;
  const run = shown(folder.path);
  const isEmpty = trainer.epoch === 0 && trainer.step === 0;
  let left: string;
  if (error instanceof TrainingError || isEmpty) {
    // Its last good step leads to the same problem again.
    const isKept = await exists(folder.file('checkpoint')).catch(() => false);
    if (!isKept) await folder.abandon().catch(() => undefined);
    left = isKept
      ? `The checkpoint in ${run} is as it was after epoch ${saved}.`
      : `There was no checkpoint yet, and ${run} is free again.`;
  } else left = await keep(session);
  return new Failure(`${messageOf(error)}\n${left}`, { cause: error });
}

/** Trains, writes what comes of it, and returns the exit code. @param began when the command did */
async function trainSession(
  session: Session,
  reporter: Reporter,
  signal: AbortSignal,
  began: number,
): Promise<number> {
  const { trainer, folder, config, split } = session;
  await folder.writeConfig(config);
  reporter.start({
    config,
    dataTitle: dataTitle(config.data, split.train.count),
    trainExamples: split.train.count,
    testExamples: split.test.count,
    parameters: trainer.vae.parameterCount,
    run: shown(folder.path),
    epochsBefore: trainer.epoch,
    stepsBefore: trainer.step,
    stepsPerEpoch: trainer.steps,
    estimatedSeconds: trainer.estimate(),
  });
  const { stopped, history } = await fit(trainer, {
    signal,
    onStep: (event) => reporter.step(event),
    checkpoint: (bytes) => folder.write('checkpoint', bytes),
    onEpoch: async (metrics) => {
      await folder.writeMetrics(trainer.history);
      reporter.epoch(metrics);
    },
  });
  if (stopped !== 'aborted') await folder.writeMetrics(history);
  if (stopped === 'aborted' || !(await finish(session, reporter, signal))) {
    reporter.interrupted({
      run: shown(folder.path),
      checkpoint: shown(folder.file('checkpoint')),
      resume: resumeCommand(folder.path),
    });
    return EXIT.interrupted;
  }
  const problem = notStarted(history) ?? collapsed(history);
  if (problem !== null) reporter.notice(problem);
  const seconds = (performance.now() - began) / 1000;
  const report = shown(folder.file('report'));
  reporter.end({ run: shown(folder.path), report, epochs: history.length, seconds });
  return EXIT.done;
}

/**
 * `train`: makes a run folder, or resumes one.
 * @param given the settings that were given
 * @returns the exit code.
 */
export async function train(flags: TrainFlags, given: object, reporter: Reporter): Promise<number> {
  const { offline, out, resume } = flags;
  const onNotice = (message: string): void => reporter.notice(message);
  const load: Load = (spec) => loadData(spec, { offline, onNotice });
  const began = performance.now();
  const interrupt = listenForInterrupt();
  for (const limit of backend().limits) reporter.notice(limit);
  try {
    const session =
      resume === null
        ? await startSession(given, out, load)
        : await resumeSession(resume, resumedSettings(flags, given), load);
    const before = session.trainer.epoch;
    try {
      return await trainSession(session, reporter, interrupt.signal, began);
    } catch (error) {
      throw await explained(error, session, Math.max(before, session.trainer.epoch));
    } finally {
      await session.folder.release();
    }
  } finally {
    interrupt.dispose();
  }
}
