import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradcheck } from '../../../src/check.js';
import { isFlat, outputsOf, pointOf } from './random-function.js';
import { randomFunctions } from './random-functions.js';

/** Other functions: FC_SEED=7 FC_RUNS=20000 npx vitest run test/autograd/gradcheck/property.test.ts */
const { FC_SEED = '1', FC_RUNS = '3000' } = process.env;

describe('gradcheck on random functions of values from 1e-12 to 1e15', () => {
  it('never passes a rule that is wrong by 1 % or more, and never calls a right one wrong', () => {
    const counts = { right: 0, wrong: 0, undecided: 0, derivatives: 0 };
    fc.assert(
      fc.property(randomFunctions, (drawn) => {
        const x = pointOf(drawn);
        const right = gradcheck(outputsOf(drawn, 1), [x]);
        expect(
          right.checks.filter(({ verdict }) => verdict === 'wrong'),
          String(right),
        ).toEqual([]);
        expect(right.cases).toBe(x.size);
        counts.derivatives += right.cases;
        counts.right++;
        if (!right.passed) counts.undecided++;
        // A term of a sum may be hidden by others; nothing else hides a derivative here.
        const mixes = drawn.outputs.some(({ end }) => end === 'sum' || end === 'matmul');
        if (!mixes) expect(right.passed, String(right)).toBe(true);

        if (isFlat(drawn)) return;
        counts.wrong++;
        expect(gradcheck(outputsOf(drawn), [x]).passed).toBe(false);
      }),
      { numRuns: Number(FC_RUNS), seed: Number(FC_SEED) },
    );
    console.log(
      `${counts.right} right and ${counts.wrong} wrong functions, ${counts.derivatives} derivatives: ` +
        `${counts.undecided} right ones not decided, no other error`,
    );
    expect(counts.undecided).toBeLessThan(0.25 * counts.right);
    expect(counts.wrong).toBeGreaterThan(0.8 * counts.right);
  });
});
