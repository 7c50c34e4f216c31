import fc from 'fast-check';
import {
  anySize,
  ends,
  nearOne,
  type RandomFunction,
  type RandomOutput,
  type Step,
} from './random-function.js';

const mantissa = fc
  .tuple(fc.boolean(), fc.integer({ min: 1025, max: 3072 }))
  .map(([negative, k]) => (negative ? -k : k) / 1024);

const output: fc.Arbitrary<RandomOutput> = fc.boolean().chain((normalized) =>
  fc.record({
    normalized: fc.constant(normalized),
    steps: fc.array(fc.constantFrom<Step[]>(...(normalized ? nearOne : anySize)), {
      minLength: 1,
      maxLength: 2,
    }),
    end: fc.constantFrom(...ends),
    factor: fc.integer({ min: -12, max: 12 }).map((k) => Number(`1e${k}`)),
  }),
);

/** Values from 1e-12 to 3e15, one to three outputs whose sizes differ by up to 1e24 and more. */
export const randomFunctions: fc.Arbitrary<RandomFunction> = fc
  .integer({ min: 1, max: 3 })
  .chain((n) =>
    fc.record({
      mantissas: fc.array(mantissa, { minLength: n, maxLength: n }),
      exponents: fc.array(fc.integer({ min: -12, max: 15 }), { minLength: n, maxLength: n }),
      outputs: fc.array(output, { minLength: 1, maxLength: 3 }),
      wrong: fc.integer({ min: -1, max: 2 }),
      by: fc.constantFrom(1.01, 0.99, 2, 0.5, -1),
    }),
  )
  .map((made) => ({ ...made, wrong: Math.min(made.wrong, made.outputs.length - 1) }));
