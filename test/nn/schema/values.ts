import fc from 'fast-check';
import {
  complete,
  type Fields,
  type Group,
  type Setting,
  type Values,
} from '../../../src/nn/schema/index.js';

const integers = fc.oneof(fc.nat(100), fc.maxSafeNat());
const numbers = fc.oneof(fc.constant(0), fc.double({ noNaN: true, noDefaultInfinity: true }).map(Math.abs));

function plainValue({ kind, choices }: Setting<unknown>): fc.Arbitrary<unknown> {
  if (kind === 'integer') return integers;
  if (kind === 'number') return numbers;
  if (kind === 'choice') return fc.constantFrom(...Object.keys(choices));
  if (kind === 'toggle') return fc.boolean();
  if (kind === 'list') return fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 3 });
  return fc.stringMatching(/^[a-z]{1,8}$/).filter((text) => text !== 'none');
}

function anyValue(field: Setting<unknown> | Group): fc.Arbitrary<unknown> {
  if (field.kind === 'group') return fc.option(anyValues(field.fields));
  const value = plainValue(field).filter((one) => field.accept(one) !== undefined);
  return field.nullable ? fc.option(value) : value;
}

/** Any values that a schema takes. */
export const anyValues = <F extends Fields>(fields: F): fc.Arbitrary<Values<F>> =>
  fc
    .record(Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, anyValue(field)])))
    .map((values) => complete(fields, Object(values), 'test'));
