import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkValues, covers, describeRange, GRAY, type ValueRange } from '../../src/data/range.js';
import { tensor } from '../../src/index.js';

const ANY = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
const COUNTS = { low: 0, high: Number.POSITIVE_INFINITY, step: 1 };

const ranges = fc.constantFrom<ValueRange>(
  ANY,
  COUNTS,
  GRAY,
  { low: 0, high: 1 },
  { low: 0, high: 1, step: 1 },
  { low: 0, high: 7, step: 1 },
  { low: -1, high: 1, step: 0.25 },
);

const accepts = (range: ValueRange, x: number): boolean => {
  try {
    checkValues(tensor([[x]]), range, 'it', 'mend it');
    return true;
  } catch {
    return false;
  }
};

describe('ranges of values', () => {
  it('cover another range only if they take each of its values', () => {
    fc.assert(
      fc.property(
        ranges,
        ranges,
        fc.oneof(
          fc.constantFrom(-1, 0, 0.25, 0.5, 1, 2, 7, 8),
          fc.integer({ min: 0, max: 255 }).map((k) => k / 255),
        ),
        (outer, inner, x) => {
          if (covers(outer, inner) && accepts(inner, x)) expect(accepts(outer, x)).toBe(true);
        },
      ),
    );
  });

  it('take every gray level, and nothing between two', () => {
    for (let k = 0; k < 256; k++) expect(accepts(GRAY, k / 255)).toBe(true);
    for (let k = 0; k < 255; k++) expect(accepts(GRAY, (k + 0.01) / 255)).toBe(false);
  });

  it.each<[ValueRange, string]>([
    [{ low: 0, high: 1 }, 'values from 0 to 1'],
    [ANY, 'finite numbers'],
    [COUNTS, 'whole numbers from 0 on'],
    [GRAY, 'multiples of 1/255 from 0 to 1'],
  ])('are named: %o', (range, words) => expect(describeRange(range)).toBe(words));

  it('name the first value that is not theirs', () => {
    const x = tensor([
      [0, 1],
      [1, 200],
    ]);
    expect(() => checkValues(x, { low: 0, high: 1 }, 'the model', 'scale it', 10)).toThrow(
      'the model takes values from 0 to 1, but element 1 of example 11 is 200; scale it',
    );
    expect(() => checkValues(tensor([[Number.NaN]]), ANY, 'it', 'mend it')).toThrow(
      'element 0 of example 0 is NaN',
    );
    expect(() => checkValues(tensor([[0.5]]), COUNTS, 'it', 'mend it')).toThrow(
      'whole numbers from 0 on, but element 0 of example 0 is 0.5',
    );
  });
});
