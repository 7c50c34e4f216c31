import { relative } from 'node:path';
import { Random } from '../../autograd/ops/random.js';
import { imageDataset } from '../../data/dataset.js';
import type { DataSplit } from '../../data/images.js';
import { formatCount } from '../../tensor/format.js';
import { fit, Trainer, TrainingError, VAE } from '../../vae/index.js';
import { commandOf, type RunConfig, shellWord } from '../../vae/run/config.js';
import type { DataSpec } from '../../vae/run/spec.js';
import { EXIT, Failure, UsageError } from '../errors.js';
import type { Reporter } from '../progress/reporter.js';
import { buildReport } from '../report/build.js';
import { dataName, loadData } from '../run/data.js';
import { RunFolder } from '../run/folder.js';
import { version } from '../version.js';
import { listenForInterrupt } from './interrupt.js';
import { drawPictures } from './pictures.js';
import { checkResumeFlags, newRun, type TrainFlags } from './settings.js';

/** Everything a training needs, new or resumed. */
interface Session {
  readonly trainer: Trainer;
  readonly folder: RunFolder;
  readonly config: RunConfig;
  readonly split: DataSplit;
}

/** Such as '4,000 glyphs', '60,000 MNIST digits' or '500 examples of fashion'. */
function dataTitle(spec: DataSpec, count: number): string {
  if (spec.source === 'glyphs') return `${formatCount(count)} glyphs`;
  if (spec.source === 'mnist') return `${formatCount(count)} MNIST digits`;
  return `${formatCount(count)} examples of ${dataName(spec)}`;
}

/** Paths relative to the current folder. */
const shown = (path: string): string => relative(process.cwd(), path) || '.';

async function startSession(flags: TrainFlags, reporter: Reporter): Promise<Session> {
  const plan = await newRun(flags);
  const split = await loadData(plan.data, {
    offline: flags.offline ?? false,
    onNotice: (message) => reporter.notice(message),
  });
  const features = split.train.rows * split.train.columns;
  const vae = new VAE({ features, ...plan.model }, { stream: new Random(plan.training.seed).stream('init') });
  const trainer = new Trainer(vae, {
    train: imageDataset(split.train),
    test: imageDataset(split.test),
    ...plan.training,
  });
  const image = { rows: split.train.rows, columns: split.train.columns };
  const about = {
    preset: plan.preset,
    data: plan.data,
    image,
    model: vae.config,
    training: trainer.settings,
  };
  const config: RunConfig = { pathwise: version(), command: commandOf(about), ...about };
  const folder =
    flags.out === undefined
      ? await RunFolder.createNumbered(`${dataName(plan.data)}-${plan.preset}`)
      : await RunFolder.create(flags.out);
  return { trainer, folder, config, split };
}

async function resumeSession(path: string, flags: TrainFlags, reporter: Reporter): Promise<Session> {
  checkResumeFlags(flags);
  const folder = await RunFolder.open(path);
  const { preset, data, image } = await folder.readConfig();
  const split = await loadData(data, {
    offline: flags.offline ?? false,
    onNotice: (message) => reporter.notice(message),
  });
  const trainer = Trainer.resume(await folder.readCheckpoint(), folder.file('checkpoint'), {
    train: imageDataset(split.train),
    test: imageDataset(split.test),
    epochs: flags.epochs,
  });
  const { epoch, settings, vae } = trainer;
  if (flags.epochs !== undefined && flags.epochs < epoch) {
    throw new UsageError(
      `--epochs ${flags.epochs}: this run has done ${epoch} epochs; give ${epoch} or more`,
    );
  }
  const about = { preset, data, image, model: vae.config, training: settings };
  return { trainer, folder, config: { pathwise: version(), command: commandOf(about), ...about }, split };
}

async function finish({ trainer, folder, config, split }: Session, reporter: Reporter): Promise<void> {
  reporter.notice('drawing the pictures and the report ...');
  const { vae, history } = trainer;
  const pictures = drawPictures(vae, split.test, config.training.seed);
  await folder.write('samples', pictures.samples);
  await folder.write('reconstructions', pictures.reconstructions);
  await folder.write('latent', pictures.latent);
  if (pictures.manifold !== null) await folder.write('manifold', pictures.manifold);
  const report = buildReport({
    config,
    history,
    pictures,
    likelihood: vae.likelihood,
    parameters: vae.parameterCount,
    dataTitle: dataTitle(config.data, split.train.count),
    testImages: split.test,
  });
  await folder.write('report', report);
}

/** The problem in training, and what remains of the run. */
function explained(error: TrainingError, epochs: number, run: string): Failure {
  const left =
    epochs === 0
      ? `${run} holds no checkpoint yet.`
      : `The checkpoint in ${run} is as it was after epoch ${epochs}.`;
  return new Failure(`${error.message}\n${left}`, { cause: error });
}

/**
 * `train`: makes a run folder, or resumes one.
 * @returns the exit code.
 */
export async function train(flags: TrainFlags, reporter: Reporter): Promise<number> {
  const began = performance.now();
  const interrupt = listenForInterrupt();
  try {
    const session =
      flags.resume === undefined
        ? await startSession(flags, reporter)
        : await resumeSession(flags.resume, flags, reporter);
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
    });
    const { stopped, history } = await fit(trainer, {
      signal: interrupt.signal,
      onStep: (event) => reporter.step(event),
      checkpoint: (bytes) => folder.write('checkpoint', bytes),
      onEpoch: async (metrics) => {
        await folder.writeMetrics(trainer.history);
        reporter.epoch(metrics);
      },
    }).catch((error: unknown) => {
      throw error instanceof TrainingError ? explained(error, trainer.epoch, shown(folder.path)) : error;
    });
    if (stopped === 'aborted') {
      reporter.interrupted({
        run: shown(folder.path),
        checkpoint: shown(folder.file('checkpoint')),
        resume: `pathwise train --resume ${shellWord(shown(folder.path))}`,
      });
      return EXIT.interrupted;
    }
    await folder.writeMetrics(history);
    await finish(session, reporter);
    const seconds = (performance.now() - began) / 1000;
    const report = shown(folder.file('report'));
    reporter.end({ run: shown(folder.path), report, epochs: history.length, seconds });
    return EXIT.done;
  } finally {
    interrupt.dispose();
  }
}
