import type { Fields, Given, Setting, Values } from './setting.js';

/** How a reader reports what is wrong; both throw. */
export interface Problems {
  /** @param path as in 'earlyStopping.patience'; '' for the whole */
  wrong(path: string, value: unknown, need: string): never;
  /** @param name what was given, inside of `path` @param known what there is */
  unknown(path: string, name: string, known: readonly string[]): never;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readSetting(setting: Setting<unknown>, value: unknown, path: string, problems: Problems): unknown {
  const given = value === undefined ? setting.default : value;
  const accepted = setting.accept(given);
  if (accepted !== undefined) return accepted;
  return problems.wrong(path, given, setting.need + (setting.nullable ? ', or null' : ''));
}

/** Every setting of `fields` from `given`, defaults in place; what does not exist or fit is a problem. */
export function readFields<F extends Fields>(
  fields: F,
  given: unknown,
  problems: Problems,
  path = '',
): Values<F> {
  if (!isObject(given)) return problems.wrong(path, given, 'an object');
  const values = new Map<string, unknown>(Object.entries(given));
  const known = Object.keys(fields);
  for (const name of values.keys()) if (!known.includes(name)) problems.unknown(path, name, known);
  const read = Object.entries(fields).map(([name, field]) => {
    const value = values.get(name);
    const inner = path === '' ? name : `${path}.${name}`;
    if (field.kind !== 'group') return [name, readSetting(field, value, inner, problems)];
    return [name, (value ?? null) === null ? null : readFields(field.fields, value, problems, inner)];
  });
  // Each value is what its setting accepted.
  return Object.fromEntries(read) as Values<F>;
}

/** A value as an error shows it. */
export const shownValue = (value: unknown): string =>
  typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));

/**
 * The settings that a caller gave, checked, with every default in place.
 * @param who the caller's function or class, for errors
 * @throws RangeError naming the first setting that is out of range; TypeError naming one that does not exist, with those
 * that do.
 */
export const complete = <F extends Fields>(fields: F, given: Given<F>, who: string): Values<F> =>
  readFields(fields, given, {
    wrong(path, value, need) {
      const what = path === '' ? 'the options are' : `${path} is`;
      throw new RangeError(`${who}: ${what} ${shownValue(value)}; it must be ${need}`);
    },
    unknown(path, name, known) {
      const where = path === '' ? '' : ` in ${path}`;
      throw new TypeError(`${who}: there is no option '${name}'${where}; there are ${known.join(', ')}`);
    },
  });

/** Those of `values` that `fields` declare. */
export const pick = <F extends Fields>(fields: F, values: Values<F>): Values<F> =>
  Object.fromEntries(Object.keys(fields).map((name) => [name, values[name]])) as Values<F>;
