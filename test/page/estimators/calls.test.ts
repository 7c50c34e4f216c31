import { describe, expect, it } from 'vitest';
import { estimatorsCalls } from '../../../src/page/worker/calls/estimators.js';
import { estimatorNames } from '../../../src/study/estimators/index.js';
import { comparisonOf, labAt } from './lab.js';

const lab = labAt(2);

describe('the engine´s side of the comparison', () => {
  it('tells of the reference, then of draws, with every estimate once', () => {
    const { about, parts } = comparisonOf(lab, 64, { reference: 64, batch: 4 });
    expect(about).toMatchObject({
      at: 2,
      batch: 4,
      latent: 2,
      beta: 1,
      image: { rows: 28, columns: 28 },
    });
    expect(about.pixels.length).toBe(4 * 784);
    expect(about.pixels.some((value) => value > 100)).toBe(true);
    expect(about.groups.map(({ name }) => name)).toEqual([
      'mean',
      'logvar',
      'encoder',
      'mean head',
      'logvar head',
    ]);
    expect(parts[0].phase).toBe('reference');
    const draws = parts.flatMap((part) => (part.phase === 'draws' ? [part] : []));
    for (const name of estimatorNames) {
      const numbers = draws.reduce((total, { estimates }) => total + estimates[name].length, 0);
      expect(numbers).toBe(64 * 2 * 4 * 2);
    }
    const last = draws[draws.length - 1];
    expect(last).toMatchObject({ done: 64, report: { samples: 64, referenceSamples: 64 } });
    expect(last.reference.length).toBe(16);
    // The parts' estimates are those that the report is about.
    const mean = (at: number): number => {
      let total = 0;
      for (const { estimates } of draws) {
        const { score } = estimates;
        for (let k = at; k < score.length; k += 16) total += score[k] / 64;
      }
      return total;
    };
    const offsets = Array.from({ length: 8 }, (_, i) => mean(i) - last.reference[i]);
    const score = last.report.estimators.find(({ name }) => name === 'score')?.groups[0];
    const along = offsets.reduce((total, off, i) => total + off * last.reference[i], 0);
    const length = Math.hypot(...last.reference.subarray(0, 8));
    expect(score?.bias).toBeCloseTo(along / length, 4);
    // And the score function's scatter more than those of pathwise.
    expect(score?.drawsForOne).toBeGreaterThan(10);
  });

  it('leaves the training as it was, and the next comparison gives the same numbers', () => {
    const reports = [1, 2].map(() => {
      const last = comparisonOf(lab, 16, { reference: 32, batch: 1 }).parts.at(-1);
      return last?.phase === 'draws' ? last.report : null;
    });
    expect(reports[0]?.samples).toBe(16);
    expect(reports[1]).toEqual(reports[0]);
    expect(lab.session?.at).toBe(2);
  });

  it('pauses after the part that it is at, and goes on from there', () => {
    const { id } = estimatorsCalls.estimatorsBegin(lab, { batch: 1 });
    const more = () => estimatorsCalls.estimatorsDraw(lab, { id, reference: 32, draws: 4096 });
    const first = more();
    let done = 0;
    while (done === 0) {
      const { value } = first.next();
      if (value?.phase === 'draws') done = value.done;
    }
    expect(done).toBeLessThan(4096);
    // What the worker does with a call that is stopped.
    first.return();
    const { value } = more().next();
    expect(value?.phase).toBe('draws');
    expect(value?.phase === 'draws' && value.done > done).toBe(true);
  });

  it('ends where another comparison has begun, and with the model itself', () => {
    const { id } = estimatorsCalls.estimatorsBegin(lab, { batch: 1 });
    const under = estimatorsCalls.estimatorsDraw(lab, { id, reference: 32, draws: 8 });
    under.next();
    estimatorsCalls.estimatorsBegin(lab, { batch: 1 });
    expect(under.next()).toEqual({ done: true, value: undefined });
    expect([...estimatorsCalls.estimatorsDraw(lab, { id, reference: 32, draws: 8 })]).toEqual([]);
    const empty = { session: null, emit: () => undefined };
    expect(() => estimatorsCalls.estimatorsBegin(empty, { batch: 1 })).toThrow(/no model yet/);
  });
});
