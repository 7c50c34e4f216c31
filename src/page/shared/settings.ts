import { type PresetName, presets } from '../../vae/config.js';

/** Everything that decides the numbers of a training: with the step, all that a link has to say. */
export interface Settings {
  readonly preset: PresetName;
  /** Dimensions of z. */
  readonly latent: number;
  readonly likelihood: 'bernoulli' | 'gaussian';
  /** Weight of the KL. */
  readonly beta: number;
  /** Of Adam. */
  readonly learningRate: number;
  /** Decides weights, noise, the order of the examples and the drawn digits. */
  readonly seed: number;
  /** 'glyphs' are drawn by the program; 'own' are files that the person has dropped in, which no link can carry. */
  readonly data: 'glyphs' | 'own';
  /** How many examples to train on, at most. */
  readonly count: number;
}

/** A setting that is a number: which ones fit, in words too. */
export interface NumberRule {
  readonly fits: (value: number) => boolean;
  readonly need: string;
}

const whole = (least: number, most: number) => (x: number) =>
  Number.isSafeInteger(x) && x >= least && x <= most;

export const RULES = {
  latent: { fits: whole(1, 256), need: 'a whole number from 1 to 256' },
  beta: { fits: (x: number) => x >= 0 && x <= 1000, need: 'a number from 0 to 1000' },
  // So high that a training can be seen to fail.
  learningRate: { fits: (x: number) => x > 0 && x <= 1e6, need: 'a number above 0, at most 1000000' },
  seed: { fits: whole(0, Number.MAX_SAFE_INTEGER), need: 'a whole number of 0 or more' },
  count: { fits: whole(1, 60_000), need: 'a whole number from 1 to 60000' },
  at: { fits: whole(0, 1_000_000), need: 'a whole number from 0 to 1000000' },
} as const satisfies Record<string, NumberRule>;

/** What a link that says nothing shows. */
export const DEFAULTS: Settings = {
  preset: 'latent2',
  latent: presets.latent2.latent,
  likelihood: presets.latent2.likelihood,
  beta: 1,
  learningRate: 1e-3,
  seed: 0,
  data: 'glyphs',
  count: 10_000,
};

/** The settings that belong to a preset, for when it is chosen. */
export const ofPreset = (preset: PresetName): Pick<Settings, 'preset' | 'latent' | 'likelihood'> => ({
  preset,
  latent: presets[preset].latent,
  likelihood: presets[preset].likelihood,
});
