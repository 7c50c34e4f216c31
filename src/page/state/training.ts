import { batch } from '@preact/signals';
import { messageOf } from '../../tensor/describe.js';
import type { Arguments, CallName, Part, Result } from '../shared/protocol.js';
import { ofPreset, type Settings } from '../shared/settings.js';
import type { LabEvent } from '../shared/training.js';
import { app } from './app.js';
import { Engine, EngineError, LOST, type Pending } from './engine.js';
import { extended, NO_HISTORY } from './history.js';
import { limitsOf } from './limits.js';
import { notify } from './notices.js';

let engine: Engine | null = null;

function receive(event: LabEvent): void {
  if (event.type === 'ready') {
    app.facts = event.facts;
    for (const limit of limitsOf(event.facts)) notify(limit, 'note');
    return;
  }
  if (event.session !== app.session) return;
  batch(() => {
    app.step = event.at;
    if (event.type === 'progress') {
      app.history = extended(app.history, event.points);
      app.lastPoint = event.points.at(-1) ?? app.lastPoint;
      if (event.epochs.length > 0) app.epochs = [...app.epochs, ...event.epochs];
      // The worker was slow, not lost.
      if (app.status === 'lost') app.status = app.goal === null ? 'training' : 'starting';
      return;
    }
    app.goal = null;
    app.status = 'ready';
  });
  if (event.type === 'stopped' && event.problem !== null) notify(event.problem);
}

function lost(reason: string): void {
  app.status = 'lost';
  notify(
    `The engine's worker was lost (${reason}). Press Restart engine: it returns to this step from the settings, bit for bit.`,
  );
}

/** Asks the engine. The caller shows errors. */
export function ask<K extends CallName>(
  name: K,
  args: Arguments<K>,
  onPart?: (part: Part<K>) => void,
): Pending<Result<K>> {
  if (engine === null) throw new Error('the engine has not been started');
  return engine.call(name, args, onPart);
}

/** Sends a request that is answered by events; an error becomes a notice. */
const tell = async <K extends CallName>(name: K, args: Arguments<K>): Promise<void> => {
  try {
    await ask(name, args);
  } catch (error) {
    // `lost` reports that the worker is gone.
    if (!(error instanceof EngineError && error.name === LOST)) notify(messageOf(error));
  }
};

/** Resets the state for a new session. @returns its number */
export function begin(next: Settings, to: number): number {
  batch(() => {
    app.session++;
    app.settings = next;
    if (app.history.points.length > 1) app.previous = app.history;
    app.history = NO_HISTORY;
    app.lastPoint = null;
    app.epochs = [];
    app.step = 0;
    app.goal = to > 0 ? to : null;
    app.status = 'starting';
  });
  return app.session;
}

/** Starts over with other settings, at step `to`. Resolves when that step is reached or the person stops it. */
export async function open(next: Settings, to = 0): Promise<void> {
  if (next.data === 'own' && app.ownFiles.length === 0) {
    notify(
      'This address was made with files that no link can carry. Add them below; until then the page trains on drawn digits.',
    );
    return open({ ...next, data: 'glyphs' });
  }
  const number = begin(next, to);
  try {
    const opened = await ask('open', { settings: next, at: to, session: number });
    if (number !== app.session) return;
    batch(() => {
      app.settings = opened.settings;
      app.image = opened.image;
      app.goal = null;
      app.status = 'ready';
    });
  } catch (error) {
    if (number !== app.session || (error instanceof EngineError && error.name === LOST)) return;
    if (next.model !== null) {
      notify(
        `The model of this address cannot be made, so there is ${next.preset} instead: ${messageOf(error)}`,
      );
      return open({ ...next, ...ofPreset(next.preset) });
    }
    app.status = 'lost';
    notify(messageOf(error));
  }
}

/** Starts over from step 0, and goes on training if it was training. */
export async function startOver(next: Settings = app.settings): Promise<void> {
  const wasTraining = app.status === 'training';
  const number = app.session + 1;
  await open(next);
  if (wasTraining && app.session === number) play();
}

/** Restarts the engine and brings it back to its step. */
export async function restart(to = app.goal ?? app.step): Promise<void> {
  engine?.close();
  engine = new Engine({ onEvent: receive, onLost: lost });
  // Its code is loaded when it is asked: without waiting, the session would be opened first.
  if (app.ownFiles.length > 0) await tell('trainOwnFiles', { given: app.ownFiles });
  await open(app.settings, to);
}

export function play(): void {
  if (app.status !== 'ready') return;
  app.status = 'training';
  void tell('run', { pace: app.pace });
}
/** Stops training, or catching up. */
export function pause(): void {
  void tell('pause', {});
}
export function stepOnce(): void {
  if (app.status === 'ready') void tell('step', {});
}
export function setPace(next: number | 'full'): void {
  app.pace = next;
  if (app.status === 'training') void tell('pace', { pace: next });
}
