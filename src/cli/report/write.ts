import type { LabeledImages } from '../../data/images.js';
import { formatCount } from '../../tensor/format.js';
import type { EpochMetrics, VAE } from '../../vae/index.js';
import { marginalOf } from '../../vae/marginal/measures.js';
import { commandOf, type ReadConfig } from '../../vae/run/config.js';
import type { DataSpec } from '../../vae/run/spec.js';
import { isDone, type StoredEvaluation } from '../evaluate/stored.js';
import { dataWords } from '../run/data.js';
import type { RunFolder } from '../run/folder.js';
import type { RunPictures } from '../train/pictures.js';
import { version } from '../version.js';
import { buildReport } from './build.js';

/** Such as '4,000 glyphs', '60,000 MNIST digits' or '500 examples of fashion'. */
export const dataTitle = (spec: DataSpec, count: number): string =>
  `${formatCount(count)} ${dataWords(spec)}`;

/** A run, trained for an epoch or more. */
export interface ReportedRun {
  readonly config: ReadConfig;
  readonly vae: VAE;
  readonly history: readonly EpochMetrics[];
  /** Examples that it was trained on. */
  readonly trainExamples: number;
  readonly testImages: LabeledImages;
  readonly pictures: RunPictures;
  readonly evaluations: readonly StoredEvaluation[];
}

/** Writes the run's report.html. */
export async function writeReport(folder: RunFolder, run: ReportedRun): Promise<void> {
  const { config, vae, trainExamples } = run;
  const report = buildReport({
    ...run,
    config: { pathwise: version(), command: commandOf(config), ...config },
    likelihood: vae.likelihood,
    parameters: vae.parameterCount,
    dataTitle: dataTitle(config.data, trainExamples),
    evaluations: run.evaluations
      .filter(isDone)
      .map((one) => ({ ...one, result: marginalOf(one.state, one.about, vae) })),
  });
  await folder.write('report', report);
}
