import { describe, expect, it, vi } from 'vitest';
import { DEFAULTS, type Settings } from '../../src/page/shared/settings.js';
import type { LabEvent } from '../../src/page/shared/training.js';
import { trainCalls } from '../../src/page/worker/calls/train.js';
import type { Lab } from '../../src/page/worker/lab.js';
import { Session } from '../../src/page/worker/session.js';
import { advance } from './advance.js';
import { parametersOf } from './parameters.js';

const settings = { ...DEFAULTS, count: 130, seed: 1 };

interface Told extends Lab {
  readonly events: LabEvent[];
}

/** @param then what is done at each event, as the window would: Node handles no timer while the run goes on */
function lab(then: (told: Told, event: LabEvent) => void = () => {}): Told {
  const events: LabEvent[] = [];
  const told: Told = {
    session: null,
    events,
    emit: (event) => {
      events.push(event);
      then(told, event);
    },
  };
  return told;
}

/** Opens a session that follows from its settings. */
const open = (told: Told, wanted: { settings: Settings; at: number; session: number }) =>
  trainCalls.open(told, { ...wanted, run: `a.${wanted.session}`, origin: null, after: null });

/** Waits until the runs under way have told that they have stopped. */
async function stopped(told: Told, times = 1): Promise<void> {
  while (told.events.filter(({ type }) => type === 'stopped').length < times) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The steps that were told, in the order in which they were. */
const stepsOf = (told: Told): number[] =>
  told.events.flatMap((event) => (event.type === 'progress' ? event.points.map(({ at }) => at) : []));

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

describe('running a session', () => {
  it('catches up with the step of a link, and tells of every step on the way', async () => {
    const told = lab();
    expect(await open(told, { settings, at: 3, session: 7 })).toMatchObject({ at: 3 });
    expect(stepsOf(told)).toEqual([1, 2, 3]);
    expect(told.events.every((event) => 'session' in event && event.session === 7)).toBe(true);
    expect(told.events.at(-1)).toEqual({ type: 'stopped', session: 7, at: 3, problem: null });
    const epochs = told.events.flatMap((event) => (event.type === 'progress' ? event.epochs : []));
    expect(epochs.map(({ epoch }) => epoch)).toEqual([1]);
    const alone = new Session(settings);
    for (let i = 0; i < 3; i++) advance(alone);
    expect(parametersOf(told.session?.vae ?? alone.vae)).toEqual(parametersOf(alone.vae));
  });

  it('takes one step, and none while it trains', async () => {
    const told = lab();
    await open(told, { settings, at: 0, session: 1 });
    trainCalls.step(told);
    await stopped(told);
    expect([told.session?.at, stepsOf(told)]).toEqual([1, [1]]);
    trainCalls.run(told, { pace: 'full' });
    trainCalls.step(told);
    trainCalls.pause(told);
    await stopped(told, 2);
    expect(stepsOf(told)).toEqual(upTo(told.session?.at ?? 0));
  });

  it('runs once, however it is told to pause and go on', async () => {
    const told = lab((self, event) => {
      if (event.type === 'progress' && event.at >= 4) trainCalls.pause(self);
    });
    await open(told, { settings, at: 0, session: 1 });
    for (let i = 0; i < 3; i++) {
      trainCalls.run(told, { pace: 'full' });
      trainCalls.pause(told);
    }
    trainCalls.run(told, { pace: 'full' });
    trainCalls.run(told, { pace: 'full' });
    await stopped(told, 4);
    // On a slow machine the first of the two may have been paused already, so that the second has started another run.
    trainCalls.pause(told);
    const at = told.session?.at ?? 0;
    expect(at).toBeGreaterThanOrEqual(4);
    expect(stepsOf(told)).toEqual(upTo(at));
    const events = told.events.length;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([told.session?.at, told.events.length]).toEqual([at, events]);
  });

  it.each([
    ['every 80 ms', false, 80],
    ['half as often to a window that is slow to draw', true, 160],
  ])('tells %s', async (_, calm, between) => {
    let clock = 0;
    const now = vi.spyOn(performance, 'now').mockImplementation(() => (clock += 1));
    const times: number[] = [];
    const told = lab((self, event) => {
      if (event.type !== 'progress') return;
      times.push(clock);
      if (times.length === 8) trainCalls.pause(self);
    });
    try {
      await open(told, { settings, at: 0, session: 1 });
      trainCalls.run(told, { pace: 'full' });
      trainCalls.pace(told, { pace: 'full', calm });
      await stopped(told);
    } finally {
      now.mockRestore();
    }
    // The first comes at once, and the last with the pause.
    const gaps = times.slice(1, 8).map((time, i) => time - times[i]);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(between);
    expect(Math.max(...gaps)).toBeLessThan(between + 80);
  });

  it('gives up the session before, without a word of it', async () => {
    const told = lab();
    await open(told, { settings, at: 0, session: 1 });
    trainCalls.run(told, { pace: 'full' });
    const second = open(told, { settings: { ...settings, seed: 2 }, at: 2, session: 2 });
    const from = told.events.length;
    expect(await second).toMatchObject({ at: 2 });
    expect(told.events.slice(from).every((event) => 'session' in event && event.session === 2)).toBe(true);
  });

  it('pauses in the middle of an evaluation, which it ends when it goes on', async () => {
    let pauses = 0;
    const told = lab((self, event) => {
      if (event.type === 'progress' && self.session?.evaluates && pauses++ === 0) trainCalls.pause(self);
    });
    // One step an epoch, and three batches of tests.
    const long = { ...settings, count: 1100, batchSize: 1100, hidden: [8] };
    await open(told, { settings: long, at: 0, session: 1 });
    trainCalls.run(told, { pace: 10 });
    await stopped(told);
    expect([told.session?.at, told.session?.evaluates, told.session?.lastEpoch]).toEqual([1, true, null]);
    const peeked = told.session?.trainer.peek().x.data.slice();
    trainCalls.step(told);
    await stopped(told, 2);
    const alone = new Session(long);
    advance(alone);
    const [epoch] = told.events.flatMap((event) => (event.type === 'progress' ? event.epochs : []));
    expect(epoch.test).toEqual(alone.lastEpoch?.test);
    expect(peeked).toEqual(alone.trainer.peek().x.data);
    expect(told.session?.at).toBe(2);
  });

  it('pauses at once, also in the wait for the next step of a slow run', async () => {
    const told = lab();
    await open(told, { settings, at: 0, session: 1 });
    trainCalls.run(told, { pace: 0.01 });
    trainCalls.pause(told);
    expect(told.events.at(-1)).toMatchObject({ type: 'stopped', at: 1 });
  });

  it('stops with the reason where a loss is not finite, and can be asked again', async () => {
    const told = lab();
    await open(told, { settings: { ...settings, learningRate: 1e6 }, at: 0, session: 1 });
    trainCalls.run(told, { pace: 'full' });
    await stopped(told);
    const last = told.events.at(-1);
    expect(last?.type === 'stopped' && last.problem).toMatch(/not finite|NaN|infinit/i);
    await open(told, { settings, at: 1, session: 2 });
    expect(told.session?.at).toBe(1);
  });

  it('says that there is no model before there is one', () => {
    expect(() => trainCalls.run(lab(), { pace: 'full' })).toThrow('there is no model yet');
  });
});
