import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { reasonOf } from '../../data/system-error.js';
import {
  enabling,
  flagOf,
  flagWords,
  matters,
  optional,
  pick,
  relevant,
  text,
  toggle,
  type Values,
} from '../../nn/schema/index.js';
import { messageOf } from '../../tensor/describe.js';
import { architectureSchema, type PresetName, presetSetting, presets } from '../../vae/config.js';
import { runSchema } from '../../vae/run/config.js';
import { type DataSpec, dataNames, sourceNamed } from '../../vae/run/spec.js';
import { trainingSchema } from '../../vae/training/options.js';
import { offline } from '../command.js';
import { Failure, UsageError } from '../errors.js';
import { givenLeaves, settingsOf } from '../flags.js';

/** The flags of `train` beside the settings of {@link runSchema}. */
export const trainFlags = {
  offline,
  out: optional(
    text({
      unit: 'folder',
      need: 'the path of a folder',
      help: 'the run folder (default: runs/<data>-<preset>-<n>); it is never overwritten',
    }),
  ),
  resume: optional(
    text({ unit: 'run', need: 'the path of a run', help: 'resume a run, up to --epochs in all' }),
  ),
  json: toggle({ help: 'print one JSON object per line, also on a terminal' }),
};
export type TrainFlags = Values<typeof trainFlags>;

/** What a new run is made of, before its data is loaded. */
export interface NewRun {
  readonly preset: PresetName;
  readonly data: DataSpec;
  readonly model: Values<typeof architectureSchema>;
  readonly training: Values<typeof trainingSchema>;
}

/** What a resumed run may be given; null for what was before. */
export interface Resumed {
  /** In all. */
  readonly epochs: number | null;
  /** Where its data is now, as in {@link runSchema}. */
  readonly data: string | null;
}

/**
 * What a resumed run is given.
 * @param given the settings that were given
 * @throws UsageError when there are others, which a resumed run takes from its folder.
 */
export function resumedSettings({ out }: TrainFlags, given: object): Resumed {
  const { epochs, data, ...fixed } = runSchema;
  const settings = givenLeaves(fixed, given).map((leaf) => `--${flagOf(leaf)}`);
  const others = [...settings, ...(out === null ? [] : ['--out'])];
  if (others.length === 0) return settingsOf({ epochs: optional(epochs), data: optional(data) }, given);
  throw new UsageError(
    `--resume keeps the settings of its run, so it cannot be combined with ${others.join(', ')}; ` +
      'only --epochs may change, and --data if the same data is elsewhere now',
  );
}

/** @param most examples to train on, and to test on: testing on many more would take most of the time */
async function dataSpec(data: string, seed: number, most: number | null): Promise<DataSpec> {
  const source = sourceNamed(data);
  if (source !== undefined) return { source, folder: null, seed, train: most, test: most };
  const folder = resolve(data);
  const info = await stat(folder).catch((cause: unknown) => {
    const reason = reasonOf(cause, { ENOENT: 'there is no such folder' }) ?? messageOf(cause);
    throw new Failure(`--data ${data}: ${reason}; give a folder of data, or one of ${dataNames.join(', ')}`, {
      cause,
    });
  });
  if (!info.isDirectory()) throw new Failure(`--data ${data} is a file; give the folder that holds the data`);
  return { source: 'folder', folder, seed, train: most, test: most };
}

/** The same examples of a run from another place. @throws Failure when there is no such folder. */
export const movedData = async ({ seed, train, test }: DataSpec, data: string): Promise<DataSpec> => ({
  ...(await dataSpec(data, seed, null)),
  train,
  test,
});

/**
 * The settings of a new run: what is not given comes from the preset.
 * @throws UsageError for options that contradict each other; Failure when the data's folder does not exist.
 */
export async function newRun(given: object): Promise<NewRun> {
  const { preset } = settingsOf({ preset: presetSetting }, given);
  const settings = relevant(runSchema, settingsOf(runSchema, given, presets[preset]));
  for (const leaf of givenLeaves(runSchema, given)) {
    if (matters(leaf, settings)) continue;
    const needed = flagWords(runSchema, { ...settings, ...enabling(leaf) }, settings).join(' ');
    throw new UsageError(`--${flagOf(leaf)} changes nothing in this run; add ${needed}, or leave it out`);
  }
  return {
    preset,
    data: await dataSpec(settings.data, settings.seed, settings.limit),
    model: pick(architectureSchema, settings),
    training: pick(trainingSchema, settings),
  };
}
