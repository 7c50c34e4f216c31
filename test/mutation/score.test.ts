import { expect, it } from 'vitest';
import { score } from './score.js';

const source = 'export const two =\n  (x: number) => x > 0 && x < 2;\n';

/** A mutant of the second line, from one column up to another. */
const mutant = (status: string, start: number, end: number, replacement: string) => ({
  status,
  replacement,
  location: { start: { line: 2, column: start }, end: { line: 2, column: end } },
});

const report = {
  files: {
    'src/nn/two.ts': {
      source,
      mutants: [
        mutant('Killed', 18, 32, 'true'),
        mutant('Timeout', 18, 32, 'false'),
        mutant('Survived', 18, 23, 'x >= 0'),
        mutant('NoCoverage', 27, 32, 'x <= 2'),
        mutant('Ignored', 27, 32, 'true'),
      ],
    },
    'src/vae/three.ts': { source, mutants: [mutant('Killed', 18, 32, 'true')] },
  },
};

const line = '(x: number) => x > 0 && x < 2;';

it('counts by room, what no test reached as a survivor', () => {
  const { rooms, stale } = score(report, {});
  expect(rooms.get('src/nn')).toEqual({
    killed: 2,
    explained: 0,
    survivors: ['src/nn/two.ts:2:18 x > 0 -> x >= 0', 'src/nn/two.ts:2:27 x < 2 -> x <= 2 (NoCoverage)'],
    percent: 50,
  });
  expect(rooms.get('src/vae')?.percent).toBe(100);
  expect(stale).toEqual([]);
});

it('sets those that are explained apart, and names an explanation of nothing', () => {
  const explanation = { line, mutants: ['x > 0 -> x >= 0', 'x > 0 -> true'], reason: 'x is never 0' };
  const { rooms, stale } = score(report, { 'src/nn/two.ts': [explanation] });
  expect(rooms.get('src/nn')).toMatchObject({ killed: 2, explained: 1, percent: (100 * 2) / 3 });
  expect(stale).toEqual([`src/nn/two.ts: ${line}: x > 0 -> true`]);
});

it('says nothing of files that are not in the report', () => {
  expect(score(report, { 'src/nn/four.ts': [{ line, mutants: ['x -> y'], reason: '' }] }).stale).toEqual([]);
});
