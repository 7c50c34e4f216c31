import { describe, expect, it } from 'vitest';
import { gather, repeatJobs } from '../../../bench/run/repeat.js';
import type { Job } from '../../../bench/suite.js';

const job = (name: string): Job => ({
  who: { family: name, name, threads: 1 },
  command: { file: 'none', args: [], env: {} },
});
const reading = (seconds: number) => [{ row: 'r', values: { seconds } }];

describe('repeatJobs', () => {
  it('takes turns, and summarizes what the turns gave', async () => {
    const order: string[] = [];
    const outcome = await repeatJobs(
      [job('ours'), job('peer')],
      3,
      async ({ who }) => {
        order.push(who.name);
        return reading(order.length);
      },
      () => false,
    );
    expect(order).toEqual(['ours', 'peer', 'ours', 'peer', 'ours', 'peer']);
    expect(outcome.results.map(({ values }) => values.seconds.samples)).toEqual([
      [1, 3, 5],
      [2, 4, 6],
    ]);
    expect(outcome.missing).toEqual([]);
  });

  it('leaves out a peer that fails once, with what it said', async () => {
    const calls: string[] = [];
    const outcome = await repeatJobs(
      [job('ours'), job('peer')],
      3,
      async ({ who }) => {
        calls.push(who.name);
        if (who.name === 'peer' && calls.length > 2) throw new Error('it broke');
        return reading(1);
      },
      ({ who }) => who.name === 'peer',
    );
    expect(calls.filter((name) => name === 'peer')).toHaveLength(2);
    expect(outcome.results.map(({ who }) => who.name)).toEqual(['ours']);
    expect(outcome.missing).toEqual([{ name: 'peer', reason: 'it broke' }]);
  });

  it('ends with a failure of ours', async () => {
    const broken = () => Promise.reject(new Error('it broke'));
    await expect(repeatJobs([job('ours')], 1, broken, () => false)).rejects.toThrow('it broke');
  });
});

describe('gather', () => {
  it('keeps rows and subjects apart, and notes', () => {
    const { who } = job('ours');
    const results = gather([
      { who, readings: [{ row: 'a', values: { x: 1, y: 2 }, note: 'whole' }, ...reading(9)] },
      { who, readings: [{ row: 'a', values: { x: 3, y: 4 }, note: 'whole' }] },
      { who: job('other').who, readings: reading(7) },
    ]);
    expect(results.map(({ who: { name }, row, note }) => [name, row, note])).toEqual([
      ['ours', 'a', 'whole'],
      ['ours', 'r', undefined],
      ['other', 'r', undefined],
    ]);
    expect(results[0].values.x).toEqual({ median: 2, min: 1, max: 3, samples: [1, 3] });
    expect(results[0].values.y.median).toBe(3);
  });
});
