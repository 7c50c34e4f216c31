import { JsonReader } from '../../nn/schema/json.js';
import { type PresetName, presetNames, type TrainingSettings, type VAEConfig } from '../index.js';
import type { DataSpec } from './spec.js';

/** What config.json holds: everything it takes to repeat the run. */
export interface RunConfig {
  /** The version of the package that made the run. */
  readonly pathwise: string;
  /** The command that repeats the run. */
  readonly command: string;
  readonly preset: PresetName;
  readonly data: DataSpec;
  /** Height and width of the images, in pixels. */
  readonly image: { readonly rows: number; readonly columns: number };
  readonly model: VAEConfig;
  readonly training: TrainingSettings;
}

/** The parts of config.json that are read back; model and training stand in the checkpoint too. */
export type StoredConfig = Pick<RunConfig, 'preset' | 'data' | 'image'>;

/**
 * Reads config.json.
 * @param file its path, for errors
 * @throws CheckpointError naming what is wrong in it.
 */
export function parseConfig(text: string, file: string): StoredConfig {
  const json = JsonReader.parse(file, 'config', text);
  const data = json.at('data');
  const limit = (name: string): number | null => (data.at(name).isNull ? null : data.at(name).count());
  const source = data.at('source').oneOf('glyphs', 'mnist', 'folder');
  const isText = (path: string): path is string => path !== '';
  return {
    preset: json.at('preset').oneOf(...presetNames),
    data: {
      source,
      folder: source === 'folder' ? data.at('folder').text(isText, 'the path of a folder') : null,
      seed: data.at('seed').count(),
      train: limit('train'),
      test: limit('test'),
    },
    image: { rows: json.at('image').at('rows').count(), columns: json.at('image').at('columns').count() },
  };
}

/** A word as the shell takes it: in quotes where it needs them. */
export const shellWord = (word: string): string =>
  /^[\w./,:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** The command that makes the same run again. */
export function commandOf({
  preset,
  data,
  model,
  training,
}: Omit<RunConfig, 'command' | 'pathwise' | 'image'>): string {
  const words = ['pathwise', 'train', '--data', data.folder ?? data.source, '--preset', preset];
  const add = (option: string, value: string | number): void => {
    words.push(option, String(value));
  };
  add('--hidden', model.hidden.join(','));
  add('--latent', model.latent);
  add('--likelihood', model.likelihood);
  if (model.likelihood === 'gaussian') add('--sigma', model.learnSigma ? 'learned' : model.sigma);
  add('--beta', training.beta);
  if (training.warmupEpochs > 0) add('--warmup', training.warmupEpochs);
  if (training.freeBits > 0) add('--free-bits', training.freeBits);
  if (training.binarize) words.push('--binarize');
  add('--epochs', training.epochs);
  add('--batch-size', training.batchSize);
  add('--learning-rate', training.learningRate);
  if (training.clipNorm !== null) add('--clip-norm', training.clipNorm);
  if (data.train !== null) add('--limit', data.train);
  add('--seed', training.seed);
  return words.map(shellWord).join(' ');
}
