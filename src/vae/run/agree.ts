import { describeImage, imageSize } from '../../data/images.js';
import { type Fields, JsonReader, keyOf, written } from '../../nn/schema/index.js';
import { quote } from '../../tensor/describe.js';
import { CheckpointError } from '../../tensor/safetensors.js';
import { configSchema } from '../config.js';
import type { Checkpoint } from '../training/checkpoint.js';
import type { EpochMetrics } from '../training/events.js';
import { settingsSchema } from '../training/options.js';
import { readHistory } from '../training/progress.js';
import type { ReadConfig } from './config.js';

/**
 * The epochs that metrics.jsonl has.
 * @param file its path, for errors
 * @throws CheckpointError naming what is wrong in it.
 */
export function parseMetrics(text: string, file: string): EpochMetrics[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  // Each by itself, so that no line can close what another opened.
  for (const [i, line] of lines.entries()) JsonReader.parse(file, `line ${i + 1}`, line).object();
  return readHistory(JsonReader.parse(file, 'epochs', `[${lines.join(',')}]`));
}

/** The first setting that has not the same value in both, in words. */
function difference(fields: Fields, stored: object, trained: object): string | null {
  const [a, b] = [stored, trained].map(
    (values) => new Map(written(fields, values).map(({ leaf, text }) => [keyOf(leaf), text])),
  );
  for (const key of [...a.keys(), ...b.keys()]) {
    const [one, other] = [a, b].map((texts) => texts.get(key) ?? 'none');
    if (one !== other) return `${key} is ${quote(one)}, but ${quote(other)} in the checkpoint`;
  }
  return null;
}

/** Where config.json disagrees with the checkpoint or with itself; null where it does not. */
function configProblem(
  { model, training, image, data }: ReadConfig,
  { vae, settings, objective, data: trained }: Checkpoint,
): string | null {
  if (objective !== null)
    return `its settings describe an ELBO, but the checkpoint was trained by the objective ${quote(objective.name)}`;
  // The epochs of a run that is resumed to more of them stand in config.json before the first checkpoint.
  const { epochs: _, ...fixed } = settingsSchema;
  const differing = difference(configSchema, model, vae.spec) ?? difference(fixed, training, settings);
  if (differing !== null) return differing;
  const size = imageSize(image);
  if (size !== vae.features)
    return `images of ${describeImage(image)} have ${size} pixels, but the model takes ${vae.features}`;
  if (data.seed !== settings.seed) return `data.seed is ${data.seed}, but training.seed is ${settings.seed}`;
  for (const part of ['train', 'test'] as const) {
    const [most, size] = [data[part], trained[part]?.size ?? 0];
    if (most !== null && size > most)
      return `data.${part} is ${most}, but the checkpoint knows ${size} such examples`;
  }
  return null;
}

/** Where metrics.jsonl disagrees with the checkpoint. It may lack epochs: it is written after the checkpoint. */
function metricsProblem(epochs: readonly EpochMetrics[], { history }: Checkpoint): string | null {
  if (epochs.length > history.length)
    return `it has ${epochs.length} epochs, but the checkpoint was trained for ${history.length}`;
  const other = epochs.find((epoch, i) => JSON.stringify(epoch) !== JSON.stringify(history[i]));
  return other === undefined ? null : `epoch ${other.epoch} is not what the checkpoint has of it`;
}

/** What was read of a run folder, with the paths of its files. */
export interface ReadRun {
  readonly config: ReadConfig;
  /** Null where there is no metrics.jsonl. */
  readonly epochs: readonly EpochMetrics[] | null;
  readonly checkpoint: Checkpoint;
  readonly files: { readonly config: string; readonly metrics: string };
}

/**
 * Checks that the files of a run folder agree wherever they repeat each other.
 * @throws CheckpointError naming the file that disagrees with the checkpoint.
 */
export function checkAgreement({ config, epochs, checkpoint, files }: ReadRun): void {
  const problem = configProblem(config, checkpoint);
  if (problem !== null) {
    throw new CheckpointError(
      files.config,
      undefined,
      `${problem}; one of the two files was changed or is of another run`,
    );
  }
  const told = epochs === null ? null : metricsProblem(epochs, checkpoint);
  if (told === null) return;
  throw new CheckpointError(
    files.metrics,
    undefined,
    `${told}; it was changed or is of another run: delete it, and 'pathwise train --resume' writes it again`,
  );
}
