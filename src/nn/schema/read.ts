import { show } from '../../tensor/describe.js';
import { checkOptions } from '../../tensor/known-options.js';
import type { Fields, Given, Setting, Values } from './setting.js';

/** How a reader reports what is wrong: by throwing. */
export interface Problems {
  /** @param path as in 'earlyStopping.patience'; '' for the whole */
  wrong(path: string, value: unknown, need: string): never;
  /** Refuses what is not an object of these names alone. @param path '' for the whole */
  names(path: string, given: unknown, known: readonly string[]): void;
}

function readSetting(setting: Setting<unknown>, value: unknown, path: string, problems: Problems): unknown {
  const given = value === undefined ? setting.default : value;
  const accepted = setting.accept(given);
  if (accepted !== undefined) return accepted;
  return problems.wrong(path, given, setting.need + (setting.nullable ? ', or null' : ''));
}

/**
 * Every setting of `fields` from `given`, defaults in place; what does not exist or fit is a problem.
 * @param others names beside those of `fields` that `given` may have
 */
export function readFields<F extends Fields>(
  fields: F,
  given: unknown,
  problems: Problems,
  { path = '', others = [] }: { readonly path?: string; readonly others?: readonly string[] } = {},
): Values<F> {
  problems.names(path, given, [...others, ...Object.keys(fields)]);
  const values = new Map<string, unknown>(Object.entries(Object(given)));
  const read = Object.entries(fields).map(([name, field]) => {
    const value = values.get(name);
    const inner = path === '' ? name : `${path}.${name}`;
    if (field.kind !== 'group') return [name, readSetting(field, value, inner, problems)];
    const isNull = value === undefined || value === null;
    return [name, isNull ? null : readFields(field.fields, value, problems, { path: inner })];
  });
  // Each value is what its setting accepted.
  return Object.fromEntries(read) as Values<F>;
}

/**
 * The settings that a caller gave, checked, with every default in place.
 * @param who the caller's function or class, for errors
 * @param others names of further options, which the caller looks after itself
 * @throws RangeError naming the first setting that is out of range; TypeError naming one that does not exist, with those
 * that do.
 */
export const complete = <F extends Fields>(
  fields: F,
  given: Given<F>,
  who: string,
  others: readonly string[] = [],
): Values<F> =>
  readFields(
    fields,
    given,
    {
      wrong(path, value, need) {
        throw new RangeError(`${who}: ${path} is ${show(value)}; it must be ${need}`);
      },
      names: (path, options, known) => checkOptions(options, known, path === '' ? who : `${who}: ${path}`),
    },
    { others },
  );

/** Those of `values` that `fields` declare. */
export const pick = <F extends Fields>(fields: F, values: Values<NoInfer<F>>): Values<F> =>
  Object.fromEntries(Object.keys(fields).map((name) => [name, values[name]])) as Values<F>;
