import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TeamSize } from '../../../../src/device/wasm/threads/team-size.js';

/** What a job takes on a number of threads, in milliseconds: all of it, and of that the caller's sleep. */
type Machine = (threads: number, kernel: number) => { readonly time: number; readonly waited: number };

/** Runs jobs of several kernels until the clock shows `end`. @returns the clock, and how many jobs that were */
function run(team: TeamSize, machine: Machine, begin: number, end: number): { now: number; jobs: number } {
  let now = begin;
  let jobs = 0;
  for (; now < end; jobs++) {
    // One after another, in the proportions of a training.
    const kernel = jobs % 7;
    const { time, waited } = machine(team.size, kernel);
    team.note(kernel, 1 + kernel, now, now + time, waited);
    now += time;
  }
  return { now, jobs };
}

/** Jobs of seven kernels, which the estimates of their work are wrong about by different factors. */
const machineOf =
  (times: Readonly<Record<number, number>>, late: number): Machine =>
  (threads, kernel) => {
    const time = times[threads] * 0.1 * (1 + ((kernel * 5) % 7));
    return { time, waited: threads > 1 ? late * time : 0 };
  };

describe('TeamSize', () => {
  it('keeps all threads while few of their parts are late, also where one would be faster', () => {
    const team = new TeamSize(8, () => null);
    const seen = new Set<number>();
    const machine = machineOf({ 8: 1, 4: 0.9 }, 0.19);
    const watched: Machine = (threads, kernel) => {
      seen.add(threads);
      return machine(threads, kernel);
    };
    run(team, watched, 0, 10_000);
    expect([...seen]).toEqual([8]);
  });

  it('leaves threads out while that is faster, and takes them back within seconds when it no longer is', () => {
    const team = new TeamSize(2, () => null);
    const { now } = run(team, machineOf({ 2: 1.2, 1: 1 }, 0.4), 0, 20_000);
    expect(team.size).toBe(1);
    run(team, machineOf({ 2: 0.55, 1: 1 }, 0), now, now + 4000);
    expect(team.size).toBe(2);
  });

  it('finds a number of threads in between', () => {
    const team = new TeamSize(16, () => null);
    const machine = machineOf({ 16: 4, 8: 2, 4: 1, 2: 1.5, 1: 2 }, 0.5);
    const spent = new Map<number, number>();
    run(
      team,
      (threads, kernel) => {
        const job = machine(threads, kernel);
        spent.set(threads, (spent.get(threads) ?? 0) + job.time);
        return job;
      },
      0,
      20_000,
    );
    expect(spent.get(4)).toBeGreaterThan(18_000);
  });

  it('takes at most 1.05 of the time of the better of one and two threads, and 200 ms', () => {
    const times = fc.double({ min: 0.5, max: 2, noNaN: true });
    fc.assert(
      fc.property(times, times, fc.double({ min: 0, max: 0.9, noNaN: true }), (two, one, late) => {
        // Parts that are not late cost nothing.
        fc.pre(late >= 0.25 || two <= one);
        const machine = machineOf({ 2: two, 1: one }, late);
        const { now, jobs } = run(new TeamSize(2, () => null), machine, 0, 30_000);
        let best = 0;
        for (let i = 0; i < jobs; i++) best += machine(two < one ? 2 : 1, i % 7).time;
        expect(now).toBeLessThan(1.05 * best + 200);
      }),
      { numRuns: 50 },
    );
  });

  it('counts the machine as busy while threads have less of the processors than they could, or are late', () => {
    let had = 0;
    let share = 0.9;
    /** A machine on which all threads together have so much of a processor for each. */
    const team = new TeamSize(2, () => had);
    const busy = (times: Readonly<Record<number, number>>, late: number, now: number): number =>
      run(
        team,
        (threads, kernel) => {
          const job = machineOf(times, late)(threads, kernel);
          had += share * threads * job.time;
          return job;
        },
        now,
        now + 3000,
      ).now;
    let now = busy({ 2: 0.55 }, 0.05, 0);
    expect(team.isBusy).toBe(false);
    share = 0.5;
    now = busy({ 2: 0.8 }, 0, now);
    expect(team.isBusy).toBe(true);
    // Also while the caller is left alone for that.
    now = busy({ 2: 1.5, 1: 1 }, 0.4, now);
    expect([team.size, team.isBusy]).toEqual([1, true]);
    share = 0.9;
    now = busy({ 2: 0.55, 1: 1 }, 0, now);
    expect([team.size, team.isBusy]).toEqual([2, false]);

    const unknown = new TeamSize(2, () => null);
    run(unknown, machineOf({ 2: 1, 1: 2 }, 0.3), 0, 3000);
    expect([unknown.size, unknown.isBusy]).toEqual([2, true]);
    run(unknown, machineOf({ 2: 1, 1: 2 }, 0.1), 3000, 6000);
    expect(unknown.isBusy).toBe(false);
  });

  it('is never more than the threads that are left', () => {
    const team = new TeamSize(4, () => null);
    team.limit(3);
    expect(team.size).toBe(3);
    run(team, machineOf({ 3: 2, 2: 1, 1: 2 }, 0.5), 0, 5000);
    expect(team.size).toBe(2);
    team.limit(1);
    run(team, machineOf({ 1: 1 }, 0), 5000, 10_000);
    expect(team.size).toBe(1);
  });
});
