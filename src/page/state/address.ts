import { presetNames } from '../../vae/config.js';
import { DEFAULTS, type NumberRule, ofPreset, RULES, type Settings } from '../shared/settings.js';

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
  const number = (name: string, otherwise: number, { fits, need }: NumberRule): number => {
    const text = given.get(name);
    if (text === null) return otherwise;
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (fits(value)) return value;
    problems.push(`${name} is '${text}'; it must be ${need}`);
    return otherwise;
  };

  const preset = choice('preset', presetNames, DEFAULTS.preset);
  const own = ofPreset(preset);
  const settings: Settings = {
    preset,
    latent: number('latent', own.latent, RULES.latent),
    likelihood: choice('likelihood', ['bernoulli', 'gaussian'], own.likelihood),
    beta: number('beta', DEFAULTS.beta, RULES.beta),
    learningRate: number('lr', DEFAULTS.learningRate, RULES.learningRate),
    seed: number('seed', DEFAULTS.seed, RULES.seed),
    data: choice('data', ['glyphs', 'own'], DEFAULTS.data),
    count: number('count', DEFAULTS.count, RULES.count),
  };
  const params: Record<string, string> = {};
  for (const [name, value] of given) if (!isOneOf(SETTINGS, name)) params[name] = value;
  const at = number('at', 0, RULES.at);
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
