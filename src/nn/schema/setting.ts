import { describeNumbers, isWithin, type Range } from '../../tensor/check-number.js';

export type { Range };

/** What people read of a setting, and how they write it. */
export interface About {
  /** What it is, as a phrase: shown by --help and beside form fields. */
  readonly help: string;
  /** Its title in reports and forms. Defaults to its name in words: 'Batch size'. */
  readonly label?: string | undefined;
  /** Of the value, as 'nats' or 'epochs'. */
  readonly unit?: string | undefined;
  /** Its name on the command line, without the dashes. Defaults to its name in kebab case. */
  readonly flag?: string | undefined;
  /** Its name in an address. Defaults to its name. */
  readonly key?: string | undefined;
  /** The heading that --help lists it under. Defaults to 'Options'. */
  readonly section?: string | undefined;
  /** What another setting must be for this one to matter, as { likelihood: 'gaussian' } or { prior: ['mixture', 'vamp'] }. */
  readonly onlyWith?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * One setting, declared once: checks, JSON, flags, addresses, forms and reports derive from it.
 * @template T its value, plain JSON
 * @template Required whether it must be given, having no default
 */
export interface Setting<T, Required extends boolean = boolean> extends About {
  readonly kind: 'integer' | 'number' | 'choice' | 'toggle' | 'text' | 'list';
  readonly required: Required;
  /** Its value where none is given; undefined where one must be. */
  readonly default: T | undefined;
  /** Which values it takes, to complete the sentence 'it must be ...'. */
  readonly need: string;
  /** Whether null, written 'none', is one of them. */
  readonly nullable: boolean;
  /** The names of a choice, with the words that a form shows for them. */
  readonly choices: Readonly<Record<string, string>>;
  /** The value itself; undefined when the setting does not take it. */
  accept(value: unknown): T | undefined;
  /** What a text stands for; {@link accept} decides whether it is a value. */
  parse(text: string): unknown;
  /** The text that {@link parse} turns back into `value`. */
  format(value: T): string;
}

/** Settings that are given together, as an object, or not at all, as null. */
export interface Group<F extends Fields = Fields> {
  readonly kind: 'group';
  readonly fields: F;
}

/** A schema: settings by name. */
export interface Fields {
  readonly [name: string]: Setting<unknown> | Group;
}

type Value<X> = X extends Group<infer F> ? Values<F> | null : X extends Setting<infer T> ? T : never;
type GivenValue<X> = X extends Group<infer F> ? Given<F> | null : Value<X>;
type IsRequired<X> = X extends Setting<unknown, true> ? true : false;

/** The values of all settings of a schema: plain JSON. */
export type Values<F extends Fields> = { readonly [K in keyof F]: Value<F[K]> };

/** The values that a caller gives; those with a default may be left out. */
export type Given<F extends Fields> = {
  readonly [K in keyof F as IsRequired<F[K]> extends true ? K : never]: GivenValue<F[K]>;
} & {
  readonly [K in keyof F as IsRequired<F[K]> extends true ? never : K]?: GivenValue<F[K]> | undefined;
};

/** What a combinator takes beside its range: D is undefined for a setting that must be given. */
type Options<D> = About & { readonly default?: D | undefined };
type Needed<D> = undefined extends D ? true : false;

function make<T, D extends T | undefined>(
  options: Options<D>,
  value: Pick<Setting<T>, 'kind' | 'need' | 'accept' | 'parse' | 'format'> & Partial<Setting<T>>,
): Setting<T, Needed<D>> {
  const { help, label, unit, flag, key, onlyWith, default: usual } = options;
  const about = { help, label, unit, flag, key, onlyWith, default: usual };
  const required = (usual === undefined) as Needed<D>;
  return { ...about, nullable: false, choices: {}, ...value, required };
}

/** Decimal numbers alone: `Number` also takes '', '0x10' and 'Infinity'. */
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

const numeric = <D extends number | undefined>(
  options: Options<D> & Range,
  kind: 'integer' | 'number',
): Setting<number, Needed<D>> => {
  const { min, above, max, below } = options;
  const range = { integer: kind === 'integer', min, above, max, below };
  return make(options, {
    kind,
    need: describeNumbers(range),
    // Adding 0 makes -0 a 0, which JSON and texts cannot tell apart.
    accept: (x) => (isWithin(x, range) ? x + 0 : undefined),
    parse: (text) => (DECIMAL.test(text.trim()) ? Number(text) : undefined),
    format: String,
  });
};

/** An integer that a float64 holds exactly. */
export const integer = <const D extends number | undefined = undefined>(
  options: Options<D> & Range,
): Setting<number, Needed<D>> => numeric(options, 'integer');

/** A finite number. */
export const number = <const D extends number | undefined = undefined>(
  options: Options<D> & Range,
): Setting<number, Needed<D>> => numeric(options, 'number');

/** One of some names, with the words that a form shows for each; the words of a list are the names. */
export function choice<const T extends string, const D extends T | undefined = undefined>(
  names: readonly T[] | Readonly<Record<T, string>>,
  options: Options<D>,
): Setting<T, Needed<D>> {
  const choices: Record<string, string> = Array.isArray(names)
    ? Object.fromEntries(names.map((name) => [name, name]))
    : { ...names };
  const quoted = Object.keys(choices).map((name) => `'${name}'`);
  const isName = (value: unknown): value is T => typeof value === 'string' && Object.hasOwn(choices, value);
  return make<T, D>(options, {
    kind: 'choice',
    need: quoted.length === 1 ? quoted[0] : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`,
    choices,
    accept: (value) => (isName(value) ? value : undefined),
    parse: (text) => text,
    format: (value) => value,
  });
}

/** True or false. Defaults to false. On the command line its flag, without a value, means the opposite of the default. */
export const toggle = (options: About & { readonly default?: boolean }): Setting<boolean, false> =>
  make<boolean, boolean>(
    { ...options, default: options.default ?? false },
    {
      kind: 'toggle',
      need: 'true or false',
      accept: (value) => (typeof value === 'boolean' ? value : undefined),
      parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
      format: String,
    },
  );

/** A text that is not empty. @param options.need what it names, as 'the path of a folder' */
export const text = <const D extends string | undefined = undefined>(
  options: Options<D> & { readonly need: string },
): Setting<string, Needed<D>> =>
  make<string, D>(options, {
    kind: 'text',
    need: options.need,
    accept: (value) => (typeof value === 'string' && value !== '' ? value : undefined),
    parse: (value) => value,
    format: (value) => value,
  });

/** What stands for null, and for a list of nothing, in texts. */
const NONE = 'none';

/**
 * A list of values, written with commas between them.
 * @param item what each of them is
 * @param options with the smallest and largest length, if there are any
 */
export const list = <T, const D extends readonly T[] | undefined = undefined>(
  item: Setting<T>,
  {
    least = 0,
    most = Number.POSITIVE_INFINITY,
    ...options
  }: Options<D> & { readonly least?: number; readonly most?: number },
): Setting<readonly T[], Needed<D>> => {
  const length = [least > 0 && `${least} at least`, most < Number.POSITIVE_INFINITY && `${most} at most`];
  const lengths =
    least === most
      ? ` of ${most}`
      : length.some(Boolean)
        ? ` of ${length.filter(Boolean).join(' and ')}`
        : '';
  return make<readonly T[], D>(options, {
    kind: 'list',
    need: `a list${lengths}, each ${item.need}`,
    accept: (value) => {
      if (!Array.isArray(value) || value.length < least || value.length > most) return undefined;
      const items = value.map((one: unknown) => item.accept(one)).filter((one) => one !== undefined);
      return items.length === value.length ? items : undefined;
    },
    parse: (value) => (value === NONE ? [] : value.split(',').map((one) => item.parse(one))),
    format: (value) => (value.length === 0 ? NONE : value.map((one) => item.format(one)).join(',')),
  });
};

/** A setting, other than a toggle, that may be null, written 'none'; it is null where it is not given. */
export const optional = <T>(setting: Setting<T>): Setting<T | null, false> => ({
  ...setting,
  required: false,
  default: null,
  nullable: true,
  accept: (value) => (value === null ? null : setting.accept(value)),
  parse: (value) => (value === NONE ? null : setting.parse(value)),
  format: (value) => (value === null ? NONE : setting.format(value)),
});

/** Settings that belong together: null where they are not given. One of them has no default, so that texts can tell. */
export const group = <F extends Fields>(fields: F): Group<F> => ({ kind: 'group', fields });

/** The same settings, which matter only with some values of others. */
export const onlyWith = <const F extends Fields>(needed: About['onlyWith'], fields: F): F =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [
      name,
      field.kind === 'group' ? field : { ...field, onlyWith: { ...needed, ...field.onlyWith } },
    ]),
  ) as F;
