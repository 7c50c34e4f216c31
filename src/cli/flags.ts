import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type Fields,
  flagOf,
  type Leaf,
  leavesOf,
  nested,
  type Setting,
  textNeedOf,
  type Values,
  valueOfText,
} from '../nn/schema/index.js';
import { readFields } from '../nn/schema/read.js';
import { UsageError } from './errors.js';

const PLACEHOLDERS = {
  integer: 'n',
  number: 'number',
  choice: 'name',
  text: 'path',
  list: 'n,...',
} as const;

/** A parser of one option's text; its error says what the option takes. */
export const parser =
  <T>(setting: Setting<T>) =>
  (text: string): T => {
    const value = valueOfText(setting, text);
    if (value === undefined) throw new InvalidArgumentError(`It must be ${textNeedOf(setting)}.`);
    return value;
  };

/** @param usual the default to show; null where it is not known in advance */
function option(leaf: Leaf, usual: unknown): Option {
  const { setting } = leaf;
  const { kind, unit, help } = setting;
  if (kind === 'toggle') return new Option(`--${flagOf(leaf)}`, help);
  const isPlain = usual === undefined || usual === null;
  const shown = isPlain ? help : `${help} (default: ${setting.format(usual)})`;
  const made = new Option(`--${flagOf(leaf)} <${unit ?? PLACEHOLDERS[kind]}>`, shown);
  if (kind === 'choice') return made.choices(Object.keys(setting.choices));
  return made.argParser(parser(setting));
}

/**
 * Adds an option for each setting. None has a default of commander's, so that what was given can be told from what was not.
 * @param varied names whose default is another setting's to decide: none is shown
 */
export function addFlags(command: Command, fields: Fields, varied: readonly string[] = []): Command {
  for (const leaf of leavesOf(fields)) {
    const usual = varied.includes(leaf.path[0]) ? undefined : leaf.setting.default;
    const made = option(leaf, usual);
    const { section } = leaf.setting;
    command.addOption(section === undefined ? made : made.helpGroup(`${section}:`));
  }
  return command;
}

/** The same settings under a heading in --help. */
export const section = <const F extends Fields>(heading: string, fields: F): F =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      field.kind === 'group'
        ? { ...field, fields: section(heading, field.fields) }
        : { ...field, section: heading },
    ]),
  ) as F;

/** The name under which commander keeps an option. */
const attributeOf = (leaf: Leaf): string =>
  flagOf(leaf).replace(/-(.)/g, (_, letter) => letter.toUpperCase());

/** The value that was given for a setting; undefined for none. */
function valueIn(options: object, leaf: Leaf): unknown {
  const value: unknown = Reflect.get(options, attributeOf(leaf));
  const { kind, default: usual } = leaf.setting;
  return kind === 'toggle' && value !== undefined ? usual === false : value;
}

/** The settings of `fields` that were given. */
export const givenLeaves = (fields: Fields, options: object): Leaf[] =>
  leavesOf(fields).filter((leaf) => valueIn(options, leaf) !== undefined);

/** The values of `fields` that were given, nested. */
export const givenValues = (fields: Fields, options: object): Record<string, unknown> =>
  nested(leavesOf(fields).map((leaf) => [leaf, valueIn(options, leaf)]));

/**
 * The settings of `fields` that were given, with every default in place.
 * @param options what commander has read
 * @param usual values in the place of the defaults
 * @throws UsageError when one that is needed is missing.
 */
export function settingsOf<F extends Fields>(fields: F, options: object, usual: object = {}): Values<F> {
  const leaves = leavesOf(fields);
  const given = nested(leaves.map((leaf) => [leaf, valueIn(options, leaf)]));
  return readFields(
    fields,
    { ...usual, ...given },
    {
      wrong(path, _, need) {
        const leaf = leaves.find((one) => one.path.join('.') === path);
        throw new UsageError(`--${leaf === undefined ? path : flagOf(leaf)} is missing; it must be ${need}`);
      },
      names: () => {},
    },
  );
}
