import {
  choice,
  complete,
  integer,
  leavesOf,
  list,
  optional,
  text,
  type Values,
  valueAt,
} from '../../nn/schema/index.js';
import { architectureSchema, type PresetName, presetChoice, presetNames, presets } from '../../vae/config.js';
import { settingsSchema } from '../../vae/training/options.js';

// The page trains without end, and its views weigh the KL as a whole, in closed form.
const { epochs: _, earlyStopping, freeBits, capacity, kl, scheduled, ...training } = settingsSchema;

/** The settings of a training that the page has. */
export const pageTraining = training;

/** Those that it has not: a run that needs them cannot go on here. */
export const absentTraining = { earlyStopping, freeBits, capacity, kl, scheduled };

const { condition, posterior, couplings, prior, components, ...pageArchitecture } = architectureSchema;

export { pageArchitecture };

/** Parts of a model that the page has no settings for: those of a file stand for themselves. */
export const absentArchitecture = { condition, posterior, couplings, prior, components };

const { latent, hidden, ...architecture } = pageArchitecture;

/**
 * What the page opens on. In its first 5 s on two cores it takes about 300 steps, its KL above 2 nats from the tenth on; latent2
 * takes 50, with a KL of 0 for more than a hundred.
 */
const OPENING = 'small2';

/** A preset that the page has. */
export type PagePreset = Exclude<PresetName, 'conditional'>;
export const pagePresets = presetNames.filter((name): name is PagePreset => name !== 'conditional');

/** Everything that decides the numbers of a training: with the step, all that a link has to say. */
export const pageSchema = {
  /** Its values stand for the defaults of hidden, latent and likelihood. */
  preset: presetChoice(pagePresets, OPENING),
  /** The parts of a model that came from a file, as JSON. They stand for all settings of the architecture. */
  model: optional(text({ need: 'the parts of a model as JSON', help: 'the parts of a model from a file' })),
  hidden: list(integer({ min: 1, max: 4096, help: 'width of a layer' }), {
    label: hidden.label,
    help: hidden.help,
  }),
  latent: integer({ min: 1, max: 256, label: latent.label, help: latent.help }),
  ...architecture,
  ...training,
  learningRate: { ...training.learningRate, default: 3e-3 },
  /** 'glyphs' are drawn by the program; 'own' are files that the person has dropped in, which no link can carry. */
  data: choice(
    { glyphs: 'drawn digits', own: 'your files' },
    { default: 'glyphs', label: 'Images', help: 'where the images come from' },
  ),
  count: integer({
    min: 1,
    max: 60_000,
    default: 10_000,
    label: 'Images to train on',
    help: 'how many images to train on, at most',
  }),
};

export type Settings = Values<typeof pageSchema>;

/** Those of {@link pageSchema} that make up a model which has no parts from a file. */
export const architectureNames: readonly string[] = ['preset', ...Object.keys(pageArchitecture)];

/** All settings as one text, the same for the same settings. */
export const settingsText = (settings: Settings): string =>
  JSON.stringify(leavesOf(pageSchema).map((leaf) => leaf.setting.format(valueAt(leaf, settings))));

/** The settings that belong to a preset, for when it is chosen. */
export const ofPreset = (preset: PagePreset) => ({ preset, model: null, ...presets[preset] });

/** The default. */
export const DEFAULTS: Settings = complete(pageSchema, ofPreset(OPENING), 'the page');
