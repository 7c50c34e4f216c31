import { Random } from '../../autograd/ops/random.js';
import { JsonReader } from '../../nn/schema/json.js';
import type { DType } from '../../tensor/dtype.js';
import { CheckpointError, decodeSafetensors, encodeSafetensors } from '../../tensor/safetensors.js';
import type { Tensor } from '../../tensor/tensor.js';
import { completeConfig, configSchema, type VAEConfig } from '../config.js';
import { registerBuiltInParts } from '../parts/built-in.js';
import { completeSpec, isParts, leastParameters, specOf, type VAESpec } from '../spec.js';
import { VAE } from '../vae.js';
import type { EpochMetrics } from './events.js';
import { settingsSchema, type TrainingSettings } from './options.js';
import { type DataIdentity, type Progress, readHistory, readIdentity, readProgress } from './progress.js';

const FORMAT = 'pathwise-checkpoint';
const VERSION = '1';
const MODEL = 'model.';
const OPTIMIZER = 'optimizer.';

/** All that a training is made of but its data: the model, and what is needed to go on. */
export interface Checkpoint {
  readonly vae: VAE;
  readonly settings: TrainingSettings;
  /** The epochs completed. */
  readonly history: readonly EpochMetrics[];
  readonly progress: Progress;
  /** What the optimiser remembers, by its own names. */
  readonly optimizer: ReadonlyMap<string, Tensor>;
  /** The data it was trained on; test is null where there was none. */
  readonly data: { readonly train: DataIdentity; readonly test: DataIdentity | null };
}

/**
 * A checkpoint as one safetensors file: tensors 'model.<name>' and 'optimizer.<name>.<buffer>', the rest as JSON in
 * the metadata.
 * @throws TypeError when a part of the model is not registered: no checkpoint could be read again.
 */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const { vae, settings, history, progress, optimizer, data } = checkpoint;
  const tensors = new Map<string, Tensor>();
  for (const [name, t] of vae.stateDict()) tensors.set(MODEL + name, t);
  for (const [name, t] of optimizer) tensors.set(OPTIMIZER + name, t);
  return encodeSafetensors(tensors, {
    format: FORMAT,
    version: VERSION,
    config: JSON.stringify(vae.spec),
    dtype: JSON.stringify(vae.dtype),
    settings: JSON.stringify(settings),
    progress: JSON.stringify(progress),
    history: JSON.stringify(history),
    data: JSON.stringify(data),
  });
}

/** @throws CheckpointError when the model is none that can be made. */
function readSpec(json: JsonReader): VAEConfig | VAESpec {
  registerBuiltInParts();
  if (!json.at('encoder').isMissing) return json.checked(() => completeSpec(json.object()));
  const config = json.settings(configSchema);
  return json.checked(() => completeConfig(config));
}

function withPrefix(tensors: ReadonlyMap<string, Tensor>, prefix: string): Map<string, Tensor> {
  const own = [...tensors].filter(([name]) => name.startsWith(prefix));
  return new Map(own.map(([name, t]) => [name.slice(prefix.length), t]));
}

/** Refuses a model larger than the file holds, before memory is taken for it. */
function checkScale(given: VAEConfig | VAESpec, model: ReadonlyMap<string, Tensor>, file: string): void {
  const least = leastParameters(isParts(given) ? given : specOf(given));
  let held = 0;
  for (const t of model.values()) held += t.size;
  if (least > held) {
    throw new CheckpointError(
      file,
      undefined,
      `config describes a model of at least ${least} numbers, but the file's model has ${held} in all`,
    );
  }
}

/**
 * Reads what `Trainer.checkpoint` wrote: the trained model, how it was trained and what came of it.
 * @param file the name, for errors
 * @throws CheckpointError when the file is damaged, or is not a checkpoint of this version.
 */
export function readCheckpoint(bytes: Uint8Array, file: string): Checkpoint {
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  const { format = '', version = '' } = metadata;
  if (format !== FORMAT || version !== VERSION) {
    const found = `format '${format}' version '${version}'`;
    throw new CheckpointError(
      file,
      undefined,
      `the metadata says ${found}; expected '${FORMAT}' version '${VERSION}'`,
    );
  }
  const json = (name: string): JsonReader => JsonReader.parse(file, name, metadata[name]);
  const spec = readSpec(json('config'));
  const dtype: DType = json('dtype').oneOf('float32', 'float64');
  const settings = json('settings').settings(settingsSchema);
  const history = readHistory(json('history'));
  const progress = readProgress(json('progress'));
  if (progress.epoch !== history.length)
    json('progress').at('epoch').fail(`${history.length}, as in history`);
  const data = json('data');
  const train = readIdentity(data.at('train'));
  const steps = Math.ceil(train.size / settings.batchSize);
  if (progress.step > steps)
    json('progress').at('step').fail(`an integer from 0 to ${steps}, the steps of an epoch`);
  const test = data.at('test');
  const model = withPrefix(tensors, MODEL);
  checkScale(spec, model, file);
  const vae = new VAE(spec, { stream: new Random(settings.seed).stream('init'), dtype });
  load(file, () => vae.loadStateDict(model));
  return {
    vae,
    settings,
    history,
    progress,
    optimizer: withPrefix(tensors, OPTIMIZER),
    data: { train, test: test.isNull ? null : readIdentity(test) },
  };
}

/** Runs a load of state; what does not fit becomes an error of the file. */
export function load(file: string, run: () => unknown): void {
  try {
    run();
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new CheckpointError(file, undefined, problem, { cause });
  }
}
