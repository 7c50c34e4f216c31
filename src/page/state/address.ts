import { DEFAULTS, ofPreset, PRESETS, type Settings } from './settings.js';

/** The views of the page, in the order of their tabs. */
export const VIEWS = ['train', 'step', 'check', 'estimators', 'break'] as const;
export type ViewName = (typeof VIEWS)[number];

/** What the address says: enough to show another person the same numbers. */
export interface Address {
  readonly view: ViewName;
  readonly settings: Settings;
  /** Gradient steps taken since the start. */
  readonly at: number;
  /** What the view keeps for itself: the node looked at, a slider; texts by name. */
  readonly params: Readonly<Record<string, string>>;
}

/** Names that belong to the settings; a view's own parameters have other ones. */
const SETTINGS = ['preset', 'latent', 'likelihood', 'beta', 'lr', 'seed', 'data', 'count', 'at'] as const;

const isOneOf = <T extends string>(names: readonly T[], text: string | null): text is T =>
  names.some((name) => name === text);

/**
 * Reads a hash as `#/step?seed=3&at=40&node=z`. What is missing has its default; what cannot be read is left out and
 * told.
 */
export function parseAddress(hash: string): {
  readonly address: Address;
  readonly problems: readonly string[];
} {
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?');
  const given = new URLSearchParams(query);
  const problems: string[] = [];
  const view = path === '' ? 'train' : path;
  if (!isOneOf(VIEWS, view)) problems.push(`there is no view '${view}'; there are ${VIEWS.join(', ')}`);

  const choice = <T extends string>(name: string, names: readonly T[], otherwise: T): T => {
    const text = given.get(name);
    if (text === null) return otherwise;
    if (isOneOf(names, text)) return text;
    problems.push(`${name} is '${text}'; it must be one of ${names.join(', ')}`);
    return otherwise;
  };
  const number = (name: string, otherwise: number, fits: (x: number) => boolean, need: string): number => {
    const text = given.get(name);
    if (text === null) return otherwise;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (fits(value)) return value;
    problems.push(`${name} is '${text}'; it must be ${need}`);
    return otherwise;
  };
  const whole = (least: number, most: number) => (x: number) =>
    Number.isSafeInteger(x) && x >= least && x <= most;

  const preset = choice('preset', PRESETS, DEFAULTS.preset);
  const own = ofPreset(preset);
  const settings: Settings = {
    preset,
    latent: number('latent', own.latent, whole(1, 256), 'a whole number from 1 to 256'),
    likelihood: choice('likelihood', ['bernoulli', 'gaussian'], own.likelihood),
    beta: number('beta', DEFAULTS.beta, (x) => x >= 0 && x <= 1000, 'a number from 0 to 1000'),
    learningRate: number(
      'lr',
      DEFAULTS.learningRate,
      (x) => x > 0 && x <= 1e6,
      'a number above 0, at most 1000000',
    ),
    seed: number('seed', DEFAULTS.seed, whole(0, Number.MAX_SAFE_INTEGER), 'a whole number of 0 or more'),
    data: choice('data', ['glyphs', 'own'], DEFAULTS.data),
    count: number('count', DEFAULTS.count, whole(128, 60_000), 'a whole number from 128 to 60000'),
  };
  const params: Record<string, string> = {};
  for (const [name, value] of given) if (!isOneOf(SETTINGS, name)) params[name] = value;
  const at = number('at', 0, whole(0, 1_000_000), 'a whole number from 0 to 1000000');
  return { address: { view: isOneOf(VIEWS, view) ? view : 'train', settings, at, params }, problems };
}

/** The hash that {@link parseAddress} reads back; defaults are left out. */
export function formatAddress({ view, settings, at, params }: Address): string {
  const query = new URLSearchParams();
  const own = { ...DEFAULTS, ...ofPreset(settings.preset) };
  const add = (name: string, value: string | number, usual: string | number): void => {
    if (value !== usual) query.set(name, String(value));
  };
  add('preset', settings.preset, DEFAULTS.preset);
  add('latent', settings.latent, own.latent);
  add('likelihood', settings.likelihood, own.likelihood);
  add('beta', settings.beta, own.beta);
  add('lr', settings.learningRate, own.learningRate);
  add('seed', settings.seed, own.seed);
  add('data', settings.data, own.data);
  add('count', settings.count, own.count);
  add('at', at, 0);
  for (const [name, value] of Object.entries(params)) query.set(name, value);
  const text = query.toString();
  return text === '' ? `#/${view}` : `#/${view}?${text}`;
}
