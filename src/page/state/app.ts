import { batch, computed, signal } from '@preact/signals';
import type { EpochMetrics } from '../../vae/training/index.js';
import type { Arguments, CallName, Part, Result } from '../shared/protocol.js';
import type { Settings } from '../shared/settings.js';
import type { GivenFile } from '../worker/calls/files.js';
import type { ImageShape } from '../worker/data.js';
import type { EngineFacts, LabEvent, Point } from '../worker/lab.js';
import { type Address, parseAddress, type ViewName } from './address.js';
import type { Pending } from './engine.js';
import { Engine, EngineError, LOST } from './engine.js';
import { extended, NO_HISTORY } from './history.js';
import { limitsOf } from './limits.js';
import { notify, wordsOf } from './notices.js';

export { dismiss, notices, notify } from './notices.js';

const first = parseAddress(location.hash);
for (const problem of first.problems) notify(problem);

/** What the address holds. */
export const view = signal<ViewName>(first.address.view);
export const settings = signal<Settings>(first.address.settings);
export const params = signal<Readonly<Record<string, string>>>(first.address.params);
/** Gradient steps taken by the model in the engine. */
export const at = signal(0);

/** Height and width of the images. */
export const shape = signal<ImageShape>({ rows: 28, columns: 28 });

/** The engine: what it is, and what it does. 'starting' is also: catching up with the step of a link. */
export const facts = signal<EngineFacts | null>(null);
export const status = signal<'starting' | 'ready' | 'training' | 'lost'>('starting');
/** The step to catch up with; null when there is none. */
export const goal = signal<number | null>(null);
/** How fast to train: as fast as it goes, or so many steps a second. */
export const pace = signal<number | 'full'>('full');
/** The terms of the objective so far, at each step, or their means over some steps where there are many. */
export const history = signal(NO_HISTORY);
export const points = computed(() => history.value.points);
/** The terms at the last step. */
export const lastPoint = signal<Point | null>(null);
/** What came of each whole epoch. */
export const epochs = signal<readonly EpochMetrics[]>([]);
export const lastEpoch = computed(() => epochs.value.at(-1) ?? null);

/** The person's own files; kept, so that an engine that is started anew can be given them again. */
export const given = signal<readonly GivenFile[]>([]);

/** True when nothing changes the model by itself. */
export const still = computed(() => status.value === 'ready');

/** Sets a parameter of the view, kept in the address; null removes it. */
export function setParam(name: string, value: string | null): void {
  const { [name]: _, ...others } = params.value;
  params.value = value === null ? others : { ...others, [name]: value };
}

/** All that the address says of what is seen now. */
export const currentAddress = (): Address => ({
  view: view.value,
  settings: settings.value,
  at: at.value,
  params: params.value,
});

let engine: Engine | null = null;
/** The number of the session, another one each time that a model is made; what is told of an earlier one comes too late. */
export const session = signal(0);

function receive(event: LabEvent): void {
  if (event.type === 'ready') {
    facts.value = event.facts;
    for (const limit of limitsOf(event.facts)) notify(limit, 'note');
    return;
  }
  if (event.session !== session.value) return;
  batch(() => {
    at.value = event.at;
    if (event.type === 'progress') {
      history.value = extended(history.value, event.points);
      lastPoint.value = event.points.at(-1) ?? lastPoint.value;
      if (event.epochs.length > 0) epochs.value = [...epochs.value, ...event.epochs];
      // A worker that was thought to be lost was only slow.
      if (status.value === 'lost') status.value = goal.value === null ? 'training' : 'starting';
      return;
    }
    goal.value = null;
    status.value = 'ready';
  });
  if (event.type === 'stopped' && event.problem !== null) notify(event.problem);
}

function lost(reason: string): void {
  status.value = 'lost';
  notify(
    `The engine's worker was lost (${reason}). Press Restart engine: it is brought back to this step from the settings, bit for bit.`,
  );
}

/** Asks the engine. Errors are the caller's to show. */
export function ask<K extends CallName>(
  name: K,
  args: Arguments<K>,
  onPart?: (part: Part<K>) => void,
): Pending<Result<K>> {
  if (engine === null) throw new Error('the engine has not been started');
  return engine.call(name, args, onPart);
}

/** Asks for something whose answer is an event; an error becomes a notice. */
const tell = <K extends CallName>(name: K, args: Arguments<K>): void => {
  ask(name, args).catch((error: unknown) => {
    // The loss of the worker is told by itself.
    if (!(error instanceof EngineError && error.name === LOST)) notify(wordsOf(error));
  });
};

/** The page's side of a session that begins: nothing is known of it yet. @returns its number */
export function begin(next: Settings, to: number): number {
  batch(() => {
    session.value++;
    settings.value = next;
    history.value = NO_HISTORY;
    lastPoint.value = null;
    epochs.value = [];
    at.value = 0;
    goal.value = to > 0 ? to : null;
    status.value = 'starting';
  });
  return session.value;
}

/** Starts over with other settings, at step `to`. Resolves when it is there, or was stopped on the way. */
export async function open(next: Settings, to = 0): Promise<void> {
  if (next.data === 'own' && given.value.length === 0) {
    notify(
      'This address was made with files that no link can carry. Add them below; till then there are drawn digits.',
    );
    return open({ ...next, data: 'glyphs' });
  }
  const number = begin(next, to);
  try {
    const opened = await ask('open', { settings: next, at: to, session: number });
    if (number !== session.value) return;
    batch(() => {
      shape.value = opened.image;
      goal.value = null;
      status.value = 'ready';
    });
  } catch (error) {
    if (number !== session.value || (error instanceof EngineError && error.name === LOST)) return;
    status.value = 'lost';
    notify(wordsOf(error));
  }
}

/** Starts over from step 0, with other settings where given, and goes on training if it was training. */
export async function startOver(next: Settings = settings.value): Promise<void> {
  const wasTraining = status.value === 'training';
  await open(next);
  if (wasTraining && settings.value === next) play();
}

/** Starts the engine anew, and takes it to where it stood. */
export async function restart(to = goal.value ?? at.value): Promise<void> {
  engine?.close();
  engine = new Engine({ onEvent: receive, onLost: lost });
  if (given.value.length > 0) tell('trainOwnFiles', { given: given.value });
  await open(settings.value, to);
}

export function play(): void {
  if (status.value !== 'ready') return;
  status.value = 'training';
  tell('run', { pace: pace.value });
}
/** Stops training, or catching up. */
export function pause(): void {
  tell('pause', {});
}
export function stepOnce(): void {
  if (status.value === 'ready') tell('step', {});
}
export function setPace(next: number | 'full'): void {
  pace.value = next;
  if (status.value === 'training') tell('pace', { pace: next });
}
