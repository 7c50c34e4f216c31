import { batch, effect } from '@preact/signals';
import { clip, messageOf } from '../../tensor/describe.js';
import { extended, NO_HISTORY } from '../shared/history.js';
import type { Arguments, CallName, Part, Result } from '../shared/protocol.js';
import { ofPreset, type Settings } from '../shared/settings.js';
import type { LabEvent, Opened, Place } from '../shared/training.js';
import { app, type Past } from './app.js';
import { Engine, EngineError, LOST, type Pending } from './engine.js';
import { slow } from './frames.js';
import { limitsOf } from './limits.js';
import { notify } from './notices.js';

let engine: Engine | null = null;
/** Whether the session that is being opened is to train. */
let goesOn = false;

/** Names a session of this window among those of all windows and times. */
export const runOf = (session: number, life = performance.timeOrigin): string => `${life}.${session}`;

type Progress = Extract<LabEvent, { readonly type: 'progress' }>;

/** What has been trained since the last frame. */
let arrived: Progress[] = [];

/** Shows a session as the engine has it, with all that has arrived of it. */
export function adopt(opened: Opened): void {
  arrived = [];
  batch(() => {
    app.settings = opened.settings;
    app.origin = opened.origin;
    app.image = opened.image;
    if (opened.files.length > 0) app.ownFiles = opened.files;
    app.epochs = opened.epochs;
    app.step = opened.at;
    app.history = opened.curve;
    app.lastPoint = opened.curve.open?.mean ?? opened.curve.points.at(-1) ?? null;
  });
}

/** Shows what has arrived. */
function catchUp(): void {
  const events = arrived.filter(({ session }) => session === app.session);
  arrived = [];
  const last = events.at(-1);
  if (last === undefined) return;
  batch(() => {
    const points = events.flatMap((event) => event.points);
    const epochs = events.flatMap((event) => event.epochs);
    app.step = last.at;
    app.history = extended(app.history, points);
    app.lastPoint = points.at(-1) ?? app.lastPoint;
    if (epochs.length > 0) app.epochs = [...app.epochs, ...epochs];
    // The worker was slow, not lost.
    if (app.status === 'lost') app.status = app.goal === null ? 'training' : 'starting';
  });
}

/** Takes what a run tells: once a frame, or a slow window would fall behind by one drawing of itself for each event. */
function progress(event: Progress): void {
  arrived.push(event);
  if (document.hidden) catchUp();
  else if (arrived.length === 1) requestAnimationFrame(catchUp);
}

function receive(event: LabEvent): void {
  if (event.type === 'ready') {
    app.facts = event.facts;
    for (const limit of limitsOf(event.facts)) notify(limit, 'note');
    return;
  }
  if (event.type === 'note') {
    notify(event.text, 'note');
    return;
  }
  if (event.type === 'reading') {
    app.reading = event;
    return;
  }
  if (event.session !== app.session) return;
  if (event.type === 'found') {
    adopt(event.opened);
    return;
  }
  if (event.type === 'progress') {
    progress(event);
    return;
  }
  batch(() => {
    catchUp();
    app.step = event.at;
    app.goal = null;
    app.status = 'ready';
  });
  if (event.problem !== null) notify(event.problem);
}

function lost(reason: string): void {
  // What it told before comes first, or that would look like a worker that was only slow.
  catchUp();
  app.status = 'lost';
  app.reading = null;
  notify(
    `The engine's worker was lost (${clip(reason, 120)}). Press Restart engine: it returns to this step from the settings, bit for bit.`,
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
    if (!isLost(error)) notify(messageOf(error));
  }
};

const isLost = (error: unknown): boolean => error instanceof EngineError && error.name === LOST;

/** Resets the state for a new session. @returns its number */
export function begin(next: Settings, to: number): number {
  batch(() => {
    app.session++;
    app.settings = next;
    if (app.history.points.length > 1) app.previous = app.history;
    app.origin = null;
    app.history = NO_HISTORY;
    app.lastPoint = null;
    app.epochs = [];
    app.step = 0;
    app.goal = to > 0 ? to : null;
    app.status = 'starting';
  });
  return app.session;
}

/** Puts a training that another one took the place of among those to go back to. */
export function remember(left: Place | null, by: Past['by']): void {
  if (left !== null) app.past = [...app.past.slice(1 - MAX_PAST), { ...left, by }];
}

const MAX_PAST = 10;

/** More about the session to open. */
interface Opening {
  readonly origin?: string | null;
  /** A session of a window before this one, whose newest checkpoint is wanted even if it is later than the step. */
  readonly after?: string | null;
  /** What takes the place of the session now; null where that is not worth going back to. */
  readonly by?: Past['by'] | null;
}

/**
 * Opens other settings, or another step: from the nearest checkpoint in this browser, or from the start. Resolves when the step is
 * reached or the person stops it.
 */
export async function open(
  next: Settings,
  to = 0,
  { origin = null, after = null, by = 'address' }: Opening = {},
): Promise<void> {
  const number = begin(next, to);
  try {
    const wanted = { settings: next, at: to, origin, after, session: number, run: runOf(number) };
    const opened = await ask('open', wanted);
    if (by !== null) remember(opened.left, by);
    if (number !== app.session) return;
    if (origin !== null && opened.origin === null) {
      notify(
        'The file that this training came from is no longer kept here, so its settings are trained anew.',
      );
    }
    batch(() => {
      adopt(opened);
      app.goal = null;
      app.status = 'ready';
    });
  } catch (error) {
    if (number !== app.session || isLost(error)) return;
    await recover(next, number, error);
  }
}

/** Goes on with what can be had where a session could not be opened. */
async function recover(next: Settings, number: number, error: unknown): Promise<void> {
  if (error instanceof EngineError && error.name === 'MissingFiles') {
    notify(
      'This address was made with files that no link can carry. Add them below; until then the page trains on drawn digits.',
    );
    return open({ ...next, data: 'glyphs' });
  }
  if (next.model !== null) {
    notify(
      `The model of this address cannot be made, so there is ${next.preset} instead: ${messageOf(error)}`,
    );
    return open({ ...next, ...ofPreset(next.preset) });
  }
  notify(messageOf(error));
  try {
    const opened = await ask('stay', { session: number });
    if (number !== app.session) return;
    adopt(opened);
    app.goal = null;
    app.status = opened.running ? 'training' : 'ready';
  } catch {
    if (number === app.session) app.status = 'lost';
  }
}

/** Does what opens a session, then goes on training if it was, however many sessions were opened on the way. */
async function goingOn(action: () => Promise<void>): Promise<void> {
  goesOn ||= app.status === 'training';
  await action();
  if (!goesOn || app.status !== 'ready') return;
  goesOn = false;
  play();
}

/** Starts over from step 0. */
export const startOver = (next: Settings = app.settings): Promise<void> =>
  goingOn(() => open(next, 0, { by: next === app.settings ? 'start over' : 'settings' }));

/** Goes back to the training that the last one took the place of. */
export async function undo(): Promise<void> {
  const last = app.past.at(-1);
  if (last === undefined) return;
  app.past = app.past.slice(0, -1);
  await goingOn(() => open(last.settings, last.at, { origin: last.origin, by: null }));
}

/** Restarts the engine and brings it back to its step. */
export async function restart(
  to = app.goal ?? app.step,
  opening: Opening = { origin: app.origin },
): Promise<void> {
  engine?.close();
  engine = new Engine({ onEvent: receive, onLost: lost });
  const { settings, ownFiles } = app;
  if (ownFiles.length > 0) await tell('trainOwnFiles', { given: ownFiles, settings });
  await open(settings, to, { ...opening, by: null });
}

const isOpen = (): boolean => ['ready', 'training', 'pausing'].includes(app.status);

/** Keeps the session in this browser, before the window may close. */
export function keep(): void {
  if (isOpen()) void tell('keep', {});
}

/** The most milliseconds that a closing window waits: where it is told when the checkpoint is written, and where it is not. */
const CLOSING = { told: 2000, untold: 500 } as const;

/** Keeps the session while the window closes, which waits for it: the engine ends with the window, whatever it is about to write. */
export function keepBeforeClosing(): void {
  if (!isOpen()) return;
  const written = crossOriginIsolated ? new Int32Array(new SharedArrayBuffer(4)) : null;
  const wait = written !== null ? CLOSING.told : app.status === 'training' ? CLOSING.untold : 0;
  const until = performance.now() + wait;
  void tell('keep', { written });
  while (performance.now() < until && (written === null || Atomics.load(written, 0) === 0));
}

export function play(): void {
  if (app.status !== 'ready') return;
  app.status = 'training';
  void tell('run', { pace: app.pace });
}
/** Stops training, or catching up. */
export function pause(): void {
  goesOn = false;
  if (app.status === 'training') app.status = 'pausing';
  void tell('pause', {});
}
export function stepOnce(): void {
  if (app.status === 'ready') void tell('step', {});
}
export function setPace(next: number | 'full'): void {
  app.pace = next;
  if (app.status === 'training') void tell('pace', { pace: next, calm: slow.value });
}

effect(() => {
  const calm = slow.value;
  if (app.status === 'training') void tell('pace', { pace: app.pace, calm });
});
