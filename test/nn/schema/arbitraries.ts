import fc from 'fast-check';
import {
  choice,
  type Fields,
  group,
  integer,
  list,
  number,
  optional,
  type Setting,
  text,
  toggle,
} from '../../../src/nn/schema/index.js';

const help = 'for the test';
const WORDS = ['red', 'green', 'blue'] as const;

/** A setting with a value that it takes, and one that it does not. */
interface Case {
  readonly setting: Setting<unknown>;
  readonly value: unknown;
  readonly wrong: unknown;
}

const whole = fc.integer({ min: -1000, max: 1000 });
const real = fc.double({ noNaN: true, noDefaultInfinity: true });
const withDefault = fc.boolean();

const integers: fc.Arbitrary<Case> = fc.tuple(whole, fc.nat(1000), withDefault).chain(([min, span, has]) =>
  fc.integer({ min, max: min + span }).map((value) => ({
    setting: integer({ min, max: min + span, help, ...(has ? { default: min } : {}) }),
    value,
    wrong: min - 1,
  })),
);
const numbers: fc.Arbitrary<Case> = fc.tuple(real, real, withDefault).map(([a, b, has]) => ({
  setting: number({ min: Math.min(a, b), help, ...(has ? { default: Math.max(a, b) } : {}) }),
  value: Math.max(a, b) + 0,
  wrong: 'ten',
}));
const positives: fc.Arbitrary<Case> = fc
  .double({ min: Number.MIN_VALUE, noNaN: true, noDefaultInfinity: true })
  .map((value) => ({ setting: number({ above: 0, help }), value, wrong: 0 }));
const choices: fc.Arbitrary<Case> = fc.tuple(fc.constantFrom(...WORDS), withDefault).map(([value, has]) => ({
  setting: choice(WORDS, { help, ...(has ? { default: 'red' as const } : {}) }),
  value,
  wrong: 'black',
}));
const toggles: fc.Arbitrary<Case> = fc
  .tuple(fc.boolean(), fc.boolean())
  .map(([value, usual]) => ({ setting: toggle({ default: usual, help }), value, wrong: 'yes' }));
const texts: fc.Arbitrary<Case> = fc
  .string({ minLength: 1 })
  .filter((value) => value !== 'none')
  .map((value) => ({ setting: text({ help, need: 'a word' }), value, wrong: '' }));
const lists: fc.Arbitrary<Case> = fc
  .array(fc.integer({ min: 1 }))
  .map((value) => ({ setting: list(integer({ min: 1, help }), { help }), value, wrong: [0] }));
const plain = fc.oneof(integers, numbers, positives, choices, texts);
const optionals: fc.Arbitrary<Case> = fc
  .tuple(plain, fc.boolean())
  .map(([{ setting, value, wrong }, isNull]) => ({
    setting: optional(setting),
    value: isNull ? null : value,
    wrong,
  }));

const cases = fc.oneof(plain, toggles, lists, optionals);

const name = fc.stringMatching(/^[a-z][a-z]{0,5}([A-Z][a-z]{0,5})?$/);

/** A schema with values for it, and one wrong value at a path. */
export interface SchemaCase {
  readonly fields: Fields;
  readonly values: Readonly<Record<string, unknown>>;
  readonly wrong: { readonly path: string; readonly values: Readonly<Record<string, unknown>> };
}

const flat: fc.Arbitrary<SchemaCase> = fc
  .tuple(fc.dictionary(name, cases, { minKeys: 1, maxKeys: 6, noNullPrototype: true }), fc.nat())
  .map(([all, pick]) => {
    const entries = Object.entries(all);
    const [path, chosen] = entries[pick % entries.length];
    const values = Object.fromEntries(entries.map(([key, { value }]) => [key, value]));
    return {
      fields: Object.fromEntries(entries.map(([key, { setting }]) => [key, setting])),
      values,
      wrong: { path, values: { ...values, [path]: chosen.wrong } },
    };
  });

/** Some settings, and a group of others, given or null. */
export const anySchema: fc.Arbitrary<SchemaCase> = fc
  .tuple(flat, flat, fc.boolean(), fc.boolean())
  .map(([outer, { fields: inside, ...inner }, isGiven, isInside]) => {
    const needed = { zz: integer({ help }) };
    const fields = { ...outer.fields, inner: group({ ...inside, ...needed }) };
    const values = { ...outer.values, inner: isGiven ? { ...inner.values, zz: 7 } : null };
    const wrong = isInside
      ? { path: `inner.${inner.wrong.path}`, values: { ...values, inner: { ...inner.wrong.values, zz: 7 } } }
      : { path: outer.wrong.path, values: { ...outer.wrong.values, inner: values.inner } };
    return outer.fields.inner === undefined ? { fields, values, wrong } : outer;
  });
