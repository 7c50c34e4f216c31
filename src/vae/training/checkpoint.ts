import { Random } from '../../autograd/ops/random.js';
import type { Module } from '../../nn/module.js';
import { JsonReader } from '../../nn/schema/json.js';
import { quote } from '../../tensor/describe.js';
import type { DType } from '../../tensor/dtype.js';
import type { RandomStream } from '../../tensor/random/stream.js';
import { CheckpointError, decodeSafetensors } from '../../tensor/safetensors.js';
import { checkSeal, encodeSealed } from '../../tensor/seal.js';
import type { Tensor } from '../../tensor/tensor.js';
import { completeConfig, configSchema, type VAEConfig } from '../config.js';
import { registerBuiltInParts } from '../parts/built-in.js';
import { objectives } from '../parts/objective.js';
import type { PartSpec } from '../parts/registry.js';
import { completeSpec, isParts, minParameters, specOf, type VAESpec } from '../spec.js';
import { VAE } from '../vae.js';
import type { EpochMetrics, VAETerm } from './events.js';
import { type DataIdentity, readIdentity } from './identity.js';
import { settingsSchema, type TrainingSettings } from './options.js';
import { type Progress, readHistory, readModelHistory, readProgress } from './progress.js';

const FORMAT = 'pathwise-checkpoint';
/** Files of version 1 are the same without the hash of their content. */
const [VERSION, WITHOUT_HASH] = ['2', '1'];
const MODEL = 'model.';
const OPTIMIZER = 'optimizer.';

/** Where a training stands, but for the model: what is needed to go on. */
export interface TrainingState<K extends string = VAETerm> {
  /** Of the model. */
  readonly dtype: DType;
  readonly settings: TrainingSettings;
  /** The objective in place of the ELBO that the settings describe; null where it is that. */
  readonly objective: PartSpec | null;
  /** The epochs completed. */
  readonly history: readonly EpochMetrics<K>[];
  readonly progress: Progress;
  /** The class of an optimiser that was given; null for the usual one. */
  readonly madeBy: string | null;
  /** What the optimiser remembers, by its own names. */
  readonly optimizer: ReadonlyMap<string, Tensor>;
  /** The data it was trained on; test is null where there was none. */
  readonly data: { readonly train: DataIdentity; readonly test: DataIdentity | null };
}

/** All that the training of a VAE is made of but its data. */
export interface Checkpoint extends TrainingState {
  readonly vae: VAE;
}

/** What is kept of a model beside its parameters: how a VAE is made again, the name of another's class. */
function describeModel(model: Module): Record<string, unknown> {
  if (!(model instanceof VAE)) return { config: { class: model.constructor.name } };
  const { seed, name } = model.start;
  return { config: model.spec, stream: { seed: String(seed), name } };
}

/**
 * A checkpoint as one safetensors file: tensors 'model.<name>' and 'optimizer.<name>.<buffer>', the rest as JSON in
 * the metadata, with a SHA-256 of it all. Of a model that is no VAE there is the name of its class in place of a specification.
 * @throws TypeError when a part of a VAE is not registered: no checkpoint could be read again.
 */
export function encodeCheckpoint<K extends string>(
  model: Module,
  { optimizer, madeBy, objective, ...state }: TrainingState<K>,
): Uint8Array {
  const tensors = new Map<string, Tensor>();
  for (const [name, t] of model.stateDict()) tensors.set(MODEL + name, t);
  for (const [name, t] of optimizer) tensors.set(OPTIMIZER + name, t);
  const json = { ...describeModel(model), ...state, ...(objective && { objective }) };
  return encodeSealed(tensors, {
    format: FORMAT,
    version: VERSION,
    ...Object.fromEntries(Object.entries(json).map(([name, value]) => [name, JSON.stringify(value)])),
    ...(madeBy !== null && { optimizer: madeBy }),
  });
}

/** @throws CheckpointError when the model is none that can be made. */
function readSpec(json: JsonReader): VAEConfig | VAESpec {
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
  const min = minParameters(isParts(given) ? given : specOf(given));
  let held = 0;
  for (const t of model.values()) held += t.size;
  if (min > held) {
    const problem = `config describes a model of at least ${min} numbers, but the file's model has ${held} in all`;
    throw new CheckpointError(file, undefined, problem);
  }
}

/** A file as it is read: its metadata by name, and its tensors. */
interface Opened {
  readonly json: (name: string) => JsonReader;
  /** The same for what is only there where it is needed. */
  readonly jsonIfAny: (name: string) => JsonReader | null;
  readonly model: ReadonlyMap<string, Tensor>;
  readonly madeBy: string | null;
  readonly optimizer: ReadonlyMap<string, Tensor>;
  /** The class of a model that is no VAE; missing for a VAE. */
  readonly kind: JsonReader;
}

function open(bytes: Uint8Array, file: string): Opened {
  const contents = decodeSafetensors(bytes, file);
  const { tensors, metadata } = contents;
  const { format = '', version = '' } = metadata;
  if (format !== FORMAT || (version !== VERSION && version !== WITHOUT_HASH)) {
    const found = `format ${quote(format)} version ${quote(version)}`;
    const problem = `the metadata says ${found}; expected '${FORMAT}' version '${VERSION}'`;
    throw new CheckpointError(file, undefined, problem);
  }
  if (version === VERSION) checkSeal(contents, file);
  const json = (name: string): JsonReader => JsonReader.parse(file, name, metadata[name]);
  return {
    json,
    jsonIfAny: (name) => (metadata[name] === undefined ? null : json(name)),
    model: withPrefix(tensors, MODEL),
    madeBy: metadata.optimizer ?? null,
    optimizer: withPrefix(tensors, OPTIMIZER),
    kind: json('config').at('class'),
  };
}

function readState<K extends string>(
  { json, jsonIfAny, madeBy, optimizer }: Opened,
  readEpochs: (json: JsonReader) => EpochMetrics<K>[],
): TrainingState<K> {
  const settings = json('settings').settings(settingsSchema);
  const given = jsonIfAny('objective');
  const objective = given?.checked(() => objectives.complete(given.object(), 'Trainer')) ?? null;
  const history = readEpochs(json('history'));
  const progress = readProgress(json('progress'));
  if (progress.epoch !== history.length)
    json('progress').at('epoch').fail(`${history.length}, as in history`);
  const data = json('data');
  const train = readIdentity(data.at('train'));
  const steps = Math.ceil(train.size / settings.batchSize);
  if (progress.step > steps)
    json('progress').at('step').fail(`an integer from 0 to ${steps}, the steps of an epoch`);
  const test = data.at('test').isNull ? null : readIdentity(data.at('test'));
  const dtype = json('dtype').oneOf('float32', 'float64');
  return { dtype, settings, objective, history, progress, madeBy, optimizer, data: { train, test } };
}

/** The stream that a VAE is made from; in older files that of the training's seed. */
function readStream({ jsonIfAny }: Opened, { seed }: TrainingSettings): RandomStream {
  const json = jsonIfAny('stream');
  if (json === null) return new Random(seed).stream('init');
  const own = BigInt(json.at('seed').text(/^\d{1,20}$/, 'the digits of a seed'));
  return json.checked(() => new Random(own).stream(json.at('name').text()));
}

/**
 * Reads what `Trainer.checkpoint` wrote of a VAE: the trained model, how it was trained and what came of it.
 * @param file the name, for errors
 * @throws CheckpointError when the file is damaged, is not a checkpoint of a known version, holds another kind of model or a number
 * that is not finite, or names a part or an objective that is not registered.
 */
export function readCheckpoint(bytes: Uint8Array, file: string): Checkpoint {
  registerBuiltInParts();
  const opened = open(bytes, file);
  if (!opened.kind.isMissing) {
    opened.kind.fail(
      'a VAE; another model goes on with Trainer.resume(bytes, file, { model, loss, train, ... })',
    );
  }
  const spec = readSpec(opened.json('config'));
  const state = readState(opened, readHistory);
  checkScale(spec, opened.model, file);
  const vae = new VAE(spec, { stream: readStream(opened, state.settings), dtype: state.dtype });
  load(file, () => vae.loadStateDict(opened.model));
  const { features } = state.data.train;
  if (features !== vae.features)
    opened.json('data').at('train').at('features').fail(`${vae.features}, as the model takes`);
  return { vae, ...state };
}

/**
 * Reads what `Trainer.checkpoint` wrote of a model that is no VAE, into a model like it.
 * @throws CheckpointError when the file is damaged, or its parameters are not those of the model.
 */
export function readModelCheckpoint<K extends string>(
  bytes: Uint8Array,
  file: string,
  model: Module,
): TrainingState<K> {
  const opened = open(bytes, file);
  if (opened.kind.isMissing) {
    const problem = 'it holds a VAE, which is made from the file; leave out the model';
    throw new CheckpointError(file, undefined, problem);
  }
  const state = readState<K>(opened, readModelHistory);
  load(file, () => model.loadStateDict(opened.model));
  return state;
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
