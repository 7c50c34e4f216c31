import { quote } from '../../tensor/describe.js';
import type { Fields, Setting, Values } from './setting.js';

/** A setting and where it stands: the settings of a group are leaves too. */
export interface Leaf {
  /** As ['earlyStopping', 'patience']. */
  readonly path: readonly string[];
  readonly setting: Setting<unknown>;
}

/** All settings of a schema, those inside of groups in their place. */
export const leavesOf = (fields: Fields, path: readonly string[] = []): Leaf[] =>
  Object.entries(fields).flatMap(([name, field]) =>
    field.kind === 'group'
      ? leavesOf(field.fields, [...path, name])
      : [{ path: [...path, name], setting: field }],
  );

/** 'earlyStopping', 'patience' with ' ' between the words: 'early stopping patience'. */
const words = (path: readonly string[], between: string): string =>
  path.map((name) => name.replace(/[A-Z]/g, (letter) => between + letter.toLowerCase())).join(between);

/** Its name on the command line: 'batch-size'. */
export const flagOf = ({ path, setting }: Leaf): string => setting.flag ?? words(path, '-');

/** Its name in an address: 'batchSize', 'earlyStopping.patience'. */
export const keyOf = ({ path, setting }: Leaf): string => setting.key ?? path.join('.');

/** Its title in reports and forms: 'Batch size'. */
export function labelOf({ path, setting }: Leaf): string {
  const name = words(path, ' ');
  return setting.label ?? name.charAt(0).toUpperCase() + name.slice(1);
}

/** Which texts a setting takes, to complete the sentence 'it must be ...'. */
export function textNeedOf({ kind, need, nullable }: Setting<unknown>): string {
  const commas = kind === 'list' ? ', with commas between' : '';
  return need + commas + (nullable ? ", or 'none'" : '');
}

/** The value that a text stands for; undefined when the setting does not take it. */
export const valueOfText = <T>(setting: Setting<T>, text: string): T | undefined =>
  setting.accept(setting.parse(text));

/** The value of a leaf among the values of its schema; undefined inside of a group that is null. */
export const valueAt = ({ path }: Pick<Leaf, 'path'>, values: object): unknown =>
  path.reduce<unknown>(
    (inside, name) => (typeof inside === 'object' && inside !== null ? Reflect.get(inside, name) : undefined),
    values,
  );

/** Values by leaf as the nested object that `complete` and `readFields` take; undefined is left out. */
export function nested(values: Iterable<readonly [Pick<Leaf, 'path'>, unknown]>): Record<string, unknown> {
  const all: Record<string, unknown> = {};
  for (const [{ path }, value] of values) {
    if (value === undefined) continue;
    const [name, ...rest] = path;
    const before = all[name];
    all[name] =
      rest.length === 0
        ? value
        : { ...(typeof before === 'object' ? before : {}), ...nested([[{ path: rest }, value]]) };
  }
  return all;
}

/** A leaf and the text of its value. */
export interface Written {
  readonly leaf: Leaf;
  readonly text: string;
}

/** The texts of all values, in the order of the schema; a group that is null has none. */
export const written = (fields: Fields, values: object): Written[] =>
  leavesOf(fields).flatMap((leaf) => {
    const value = valueAt(leaf, values);
    return value === undefined ? [] : [{ leaf, text: leaf.setting.format(value) }];
  });

/**
 * The texts of those values that are not the usual ones; of a group that is given, all.
 * @param usual values in place of the defaults, such as a preset's
 */
export const unusual = (fields: Fields, values: object, usual: object = {}): Written[] =>
  written(fields, values).filter(({ leaf, text }) => {
    if (leaf.path.length > 1) return true;
    const otherwise = valueAt(leaf, usual) ?? leaf.setting.default;
    return otherwise === undefined || leaf.setting.format(otherwise) !== text;
  });

/** Whether a setting matters among these values. */
export const matters = ({ setting }: Leaf, values: object): boolean =>
  Object.entries(setting.onlyWith ?? {}).every(([name, needed]) =>
    [needed].flat().includes(Reflect.get(values, name)),
  );

/** Values of other settings with which this one matters. */
export const enabling = ({ setting }: Leaf): object =>
  Object.fromEntries(
    Object.entries(setting.onlyWith ?? {}).map(([name, needed]) => [name, [needed].flat()[0]]),
  );

/**
 * The values that texts give, nested, and what is wrong with those that cannot be read: they are left out.
 * @param find the text of a setting by its key; null for none
 */
export function readTexts(
  fields: Fields,
  find: (key: string) => string | null,
): { readonly given: Record<string, unknown>; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const values = leavesOf(fields).map((leaf): [Leaf, unknown] => {
    const key = keyOf(leaf);
    const text = find(key);
    const value = text === null ? undefined : valueOfText(leaf.setting, text);
    if (text !== null && value === undefined)
      problems.push(`${key} is ${quote(text)}; it must be ${textNeedOf(leaf.setting)}`);
    return [leaf, value];
  });
  return { given: nested(values), problems };
}

/** The values, but with the default of each setting that does not matter among them. */
export const relevant = <F extends Fields>(fields: F, values: Values<F>): Values<F> => ({
  ...values,
  ...nested(
    leavesOf(fields)
      .filter((leaf) => !matters(leaf, values))
      .map((leaf) => [leaf, leaf.setting.default]),
  ),
});

/** The words of a command line that give these values: `['--batch-size', '64', '--binarize']`. */
export const flagWords = (fields: Fields, values: object, usual: object = {}): string[] =>
  unusual(fields, values, usual)
    .filter(({ leaf }) => matters(leaf, values))
    .flatMap(({ leaf, text }) => {
      const flag = `--${flagOf(leaf)}`;
      const { kind, default: usual } = leaf.setting;
      if (kind === 'toggle') return text === String(usual) ? [] : [flag];
      return [flag, text];
    });

/** A title and a text for each value that matters, as a report shows them. */
export const rows = (fields: Fields, values: object): [title: string, text: string][] =>
  written(fields, values)
    .filter(({ leaf }) => matters(leaf, values))
    .map(({ leaf, text }) => {
      const { kind, unit } = leaf.setting;
      const shown = kind === 'toggle' ? (text === 'true' ? 'yes' : 'no') : text;
      const hasUnit = unit !== undefined && valueAt(leaf, values) !== null;
      return [labelOf(leaf), hasUnit ? `${shown} ${unit}` : shown];
    });
