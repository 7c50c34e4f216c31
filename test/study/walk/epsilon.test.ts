import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseEpsilon } from '../../../src/study/walk/epsilon.js';
import {
  type EpsilonChoice,
  FROZEN,
  formatEpsilon,
  parseEpsilon,
  withEdit,
} from '../../../src/study/walk/epsilon-text.js';
import { normal } from '../../../src/tensor/create.js';
import { Random } from '../../../src/tensor/random/stream.js';

const own = normal([3, 2], new Random(1).stream('epsilon'));

const choices: fc.Arbitrary<EpsilonChoice> = fc.record({
  base: fc.oneof(
    fc.constantFrom<'frozen' | 'zero'>('frozen', 'zero'),
    fc.record({ redraw: fc.integer({ min: 1, max: 999 }) }),
  ),
  edits: fc.array(
    fc.record({
      example: fc.nat(200),
      dimension: fc.nat(30),
      value: fc.double({ min: -3.4e38, max: 3.4e38, noNaN: true }).map((x) => x + 0),
    }),
    { maxLength: 3 },
  ),
});

describe('the text of a choice of epsilon', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(choices, (choice) => {
        const text = formatEpsilon(choice);
        expect(parseEpsilon(text)).toEqual(choice);
        expect(new URLSearchParams(new URLSearchParams({ text }).toString()).get('text')).toBe(text);
      }),
    );
    expect(formatEpsilon(FROZEN)).toBe('frozen');
    expect(formatEpsilon(withEdit({ base: { redraw: 3 }, edits: [] }, 3, 1, -0.5))).toBe(
      'redrawn-3_3-1_-0.5',
    );
  });

  it.each([
    '',
    'cold',
    'redrawn',
    'redrawn-0',
    'redrawn-1.5',
    'zero_1-1',
    'zero_1_2',
    'zero_1-1_x',
    'zero_1-1_',
    'frozen_1-1_Infinity',
    'frozen_1-1_1e308',
  ])("is refused where it says nothing: '%s'", (text) => {
    expect(() => parseEpsilon(text)).toThrow(/^epsilon '.*it must be 'frozen', 'zero' or/);
  });
});

describe('chooseEpsilon', () => {
  const data = (text: string, seed = 7) => [...chooseEpsilon(own, parseEpsilon(text), seed).data];

  it('is the noise of the step, zero, or a redraw that is always the same', () => {
    expect(data('frozen')).toEqual([...own.data]);
    expect(data('zero')).toEqual([0, 0, 0, 0, 0, 0]);
    expect(data('redrawn-2')).toEqual(data('redrawn-2'));
    expect(data('redrawn-2')).toEqual([...normal([3, 2], new Random(7).stream('epsilon/redraw 2')).data]);
    expect(data('redrawn-2')).not.toEqual(data('redrawn-3'));
    expect(data('redrawn-2')).not.toEqual(data('redrawn-2', 8));
  });

  it('sets elements by hand, and leaves the noise of the step alone', () => {
    const before = [...own.data];
    const edited = data('frozen_1-1_0.25_2-0_-3');
    expect(edited).toEqual(before.map((e, i) => (i === 3 ? 0.25 : i === 4 ? -3 : e)));
    expect([...own.data]).toEqual(before);
    const [once, twice, back] = [0.5, 0.75, null].map((value, i) =>
      withEdit(i === 0 ? FROZEN : withEdit(FROZEN, 1, 1, 0.5), 1, 1, value),
    );
    expect([once, twice, back].map((choice) => choice.edits.map(({ value }) => value))).toEqual([
      [0.5],
      [0.75],
      [],
    ]);
    expect(() => data('zero_3-0_1')).toThrow('no element 3-0');
    expect(() => data('zero_0-2_1')).toThrow('no element 0-2');
  });
});
