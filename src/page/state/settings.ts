import { presets } from '../../vae/config.js';

/** Names of the architectures that the page offers. */
export const PRESETS = ['latent2', 'latent20', 'latent128'] as const;
export type Preset = (typeof PRESETS)[number];

/** Everything that decides the numbers of a training: with the step, all that a link has to say. */
export interface Settings {
  readonly preset: Preset;
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
export const ofPreset = (preset: Preset): Pick<Settings, 'preset' | 'latent' | 'likelihood'> => ({
  preset,
  latent: presets[preset].latent,
  likelihood: presets[preset].likelihood,
});
