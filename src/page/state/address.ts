import {
  choice,
  complete,
  type Fields,
  type Given,
  integer,
  keyOf,
  leavesOf,
  list,
  pick,
  readTexts,
  relevant,
  unusual,
  type Values,
} from '../../nn/schema/index.js';
import { quote } from '../../tensor/describe.js';
import { presets } from '../../vae/config.js';
import { DEFAULTS, pageSchema, type Settings } from '../shared/settings.js';

/** The views of the page, in the order of their tabs. */
export const VIEWS = ['train', 'step', 'check', 'estimators', 'break', 'read'] as const;
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

/** The parts of the page that an address may leave out, for a lesson on the others. */
export const HIDEABLE = ['settings', 'files', 'experiments', 'curves'] as const;

/** Parameters that belong to every view. */
const everywhereSchema = {
  hide: list(choice(HIDEABLE, { help: 'a part of the page' }), { default: [], help: 'what is left out' }),
};

/** Those of the parameters that go along to another view. */
export const everywhere = (params: Address['params']): Address['params'] =>
  Object.fromEntries(Object.entries(params).filter(([name]) => Object.hasOwn(everywhereSchema, name)));

/** Whether the parameters leave a part out. */
export const isHidden = (params: Address['params'], part: (typeof HIDEABLE)[number]): boolean =>
  readParams(everywhereSchema, params).values.hide.includes(part);

/** The step, in the address beside the settings. */
const atSchema = { at: integer({ min: 0, max: 1_000_000, default: 0, help: 'gradient steps taken' }) };

/** Names that belong to the settings; a view's own parameters have other ones. */
const KEYS: readonly string[] = leavesOf({ ...pageSchema, ...atSchema }).map(keyOf);

const isOneOf = <T extends string>(names: readonly T[], text: string | null): text is T =>
  names.some((name) => name === text);

/** The longest address that is read. The parts of a model from a file take a few thousand characters. */
const MAX_LENGTH = 2 ** 19;

/**
 * Reads a hash as `#/step?seed=3&at=40&node=z`. What is missing has its default; what cannot be read is left out and
 * told.
 */
export function parseAddress(hash: string): {
  readonly address: Address;
  readonly problems: readonly string[];
} {
  if (hash.length > MAX_LENGTH) {
    const problem = `the address has ${hash.length} characters, of which ${MAX_LENGTH} are read at most; it is taken for an empty one`;
    return { ...parseAddress(''), problems: [problem] };
  }
  const [path, query = ''] = hash.replace(/^#\/?/, '').split('?');
  const given = new URLSearchParams(query);
  const view = path === '' ? 'train' : path;
  const isView = isOneOf(VIEWS, view);
  const lost = isView ? [] : [`there is no view ${quote(view)}; there are ${VIEWS.join(', ')}`];
  const find = (key: string): string | null => given.get(key);
  const read = readTexts(pageSchema, find);
  const place = readTexts(atSchema, find);
  const { preset } = pick({ preset: pageSchema.preset }, { ...DEFAULTS, ...read.given });
  const settings = complete(pageSchema, { ...presets[preset], ...read.given }, 'the address');
  return {
    address: {
      view: isView ? view : 'train',
      settings: relevant(pageSchema, settings),
      at: complete(atSchema, place.given, 'the address').at,
      params: Object.fromEntries([...given].filter(([name]) => !KEYS.includes(name))),
    },
    problems: [...lost, ...read.problems, ...place.problems],
  };
}

/** The hash that {@link parseAddress} reads back; defaults are left out. */
export function formatAddress({ view, settings, at, params }: Address): string {
  const query = new URLSearchParams();
  const all = [...unusual(pageSchema, settings, presets[settings.preset]), ...unusual(atSchema, { at })];
  for (const { leaf, text } of all) query.set(keyOf(leaf), text);
  for (const [name, value] of Object.entries(params)) query.set(name, value);
  const text = query.toString();
  return text === '' ? `#/${view}` : `#/${view}?${text}`;
}

/** The parameters of a view as its schema reads them, and what cannot be read: the default stands in its place. */
export function readParams<F extends Fields>(
  fields: F,
  params: Address['params'],
): { readonly values: Values<F>; readonly problems: readonly string[] } {
  const { given, problems } = readTexts(fields, (key) => params[key] ?? null);
  return { values: complete(fields, given as Given<F>, 'the address'), problems };
}
