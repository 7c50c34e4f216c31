import type { ImageShape } from '../../data/images.js';
import { flagWords, integer, JsonReader, optional, pick, text, type Values } from '../../nn/schema/index.js';
import {
  architectureSchema,
  configSchema,
  type PresetName,
  presetNames,
  presetSetting,
  presets,
  type VAEConfig,
} from '../config.js';
import { settingsSchema, type TrainingSettings, trainingSchema } from '../training/options.js';
import { type DataSpec, dataNames, dataSchema, imageSchema } from './spec.js';

/** The settings of a run as a person gives them: the flags of `pathwise train`. */
export const runSchema = {
  data: text({
    default: 'glyphs',
    need: "the name of a data set, as 'glyphs' or 'mnist', or the path of a folder",
    help: `${dataNames.join(', ')}, or a folder (see below)`,
  }),
  /** Its values stand for the defaults of the settings after it. */
  preset: presetSetting,
  ...architectureSchema,
  ...trainingSchema,
  epochs: integer({ min: 1, default: 10, help: trainingSchema.epochs.help }),
  limit: optional(integer({ min: 1, help: 'train on the first n examples, and test on as many at most' })),
};

export type RunSettings = Values<typeof runSchema>;

/** What config.json holds: everything it takes to repeat the run. */
export interface RunConfig {
  /** The version of the package that made the run. */
  readonly pathwise: string;
  /** The command that repeats the run. */
  readonly command: string;
  readonly preset: PresetName;
  readonly data: DataSpec;
  readonly image: ImageShape;
  readonly model: VAEConfig;
  readonly training: TrainingSettings;
}

/** What only config.json has; model and training stand in the checkpoint too. */
export type StoredConfig = Pick<RunConfig, 'preset' | 'data' | 'image'>;
/** The parts of config.json that are read back. */
export type ReadConfig = StoredConfig & Pick<RunConfig, 'model' | 'training'>;

/**
 * Reads config.json.
 * @param file its path, for errors
 * @throws CheckpointError naming what is wrong in it.
 */
export function parseConfig(text: string, file: string): ReadConfig {
  const json = JsonReader.parse(file, 'config', text);
  const data = json.at('data').settings(dataSchema);
  if (data.source === 'folder' && data.folder === null)
    json.at('data').at('folder').fail('the path of a folder');
  return {
    preset: json.at('preset').oneOf(...presetNames),
    data,
    image: json.at('image').settings(imageSchema),
    model: json.at('model').settings(configSchema),
    training: json.at('training').settings(settingsSchema),
  };
}

/** A word as the shell takes it: in quotes where it needs them. */
export const shellWord = (word: string): string =>
  /^[\w./,:=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** The command that makes the same run again: every setting that has not the preset's value or its default. */
export function commandOf({
  preset,
  data,
  model,
  training,
}: Omit<RunConfig, 'command' | 'pathwise' | 'image'>): string {
  const settings: RunSettings = {
    data: data.folder ?? data.source,
    preset,
    ...pick(architectureSchema, model),
    ...pick(trainingSchema, training),
    limit: data.train,
  };
  const words = ['pathwise', 'train', ...flagWords(runSchema, settings, presets[preset])];
  return words.map(shellWord).join(' ');
}
