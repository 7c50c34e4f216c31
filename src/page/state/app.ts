import { computed, effect, signal } from '@preact/signals';
import type { EpochMetrics } from '../../vae/training/index.js';
import type { Pending } from '../engine/client.js';
import { Engine } from '../engine/client.js';
import type { Arguments, CallName, Part, Result } from '../engine/protocol.js';
import type { EngineFacts, LabEvent, Point } from '../worker/lab.js';
import { formatAddress, parseAddress, type ViewName } from './address.js';
import { limitsOf } from './limits.js';
import type { Settings } from './settings.js';

const first = parseAddress(location.hash);

/** What the address holds. */
export const view = signal<ViewName>(first.address.view);
export const settings = signal<Settings>(first.address.settings);
export const params = signal<Readonly<Record<string, string>>>(first.address.params);
/** Gradient steps taken by the model in the engine. */
export const at = signal(0);

/** The engine: what it is, and what it does. */
export const facts = signal<EngineFacts | null>(null);
export const status = signal<'starting' | 'ready' | 'training' | 'lost'>('starting');
/** The terms of the objective at each step so far. */
export const points = signal<readonly Point[]>([]);
export const lastEpoch = signal<EpochMetrics | null>(null);
/** Messages for the person; the newest last. */
export const notices = signal<readonly string[]>(first.problems);

/** True when nothing changes the model by itself. */
export const still = computed(() => status.value === 'ready');

export const notify = (message: string): void => {
  notices.value = [...notices.value.slice(-4), message];
};
export const dismiss = (index: number): void => {
  notices.value = notices.value.filter((_, i) => i !== index);
};

/** Sets a parameter of the view, kept in the address; null removes it. */
export function setParam(name: string, value: string | null): void {
  const { [name]: _, ...others } = params.value;
  params.value = value === null ? others : { ...others, [name]: value };
}

export function show(name: ViewName): void {
  if (name === view.value) return;
  view.value = name;
  params.value = {};
}

let engine: Engine | null = null;
/** The step that the model was last sent to; it may have gone on from there, or be on its way. */
let destination = first.address.at;

function receive(event: LabEvent): void {
  if (event.type === 'ready') {
    facts.value = event.facts;
    for (const limit of limitsOf(event.facts)) notify(limit);
    return;
  }
  at.value = event.at;
  if (event.type === 'progress') {
    points.value = [...points.value, ...event.points];
    if (event.epoch !== null) lastEpoch.value = event.epoch;
    status.value = 'training';
    return;
  }
  status.value = 'ready';
  if (event.problem !== null) notify(event.problem);
}

function lost(reason: string): void {
  status.value = 'lost';
  notify(
    `The engine's worker was lost (${reason}). What was trained can be made again from the address: press Restart.`,
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

/** Starts over with other settings, at step `to`. */
export async function open(next: Settings, to = 0): Promise<void> {
  settings.value = next;
  destination = to;
  points.value = [];
  lastEpoch.value = null;
  at.value = 0;
  status.value = 'starting';
  try {
    await ask('open', { settings: next, at: to });
    status.value = 'ready';
  } catch (error) {
    status.value = 'lost';
    notify(error instanceof Error ? error.message : String(error));
  }
}

/** Starts the engine anew, and takes it to where it was, or was going. */
export async function restart(to = Math.max(at.value, destination)): Promise<void> {
  engine?.close();
  engine = new Engine({ onEvent: receive, onLost: lost });
  await open(settings.value, to);
}

export function play(): void {
  status.value = 'training';
  void ask('run', {});
}
export function pause(): void {
  void ask('pause', {});
}
export function stepOnce(): void {
  void ask('step', {});
}

/** Starts the page: the engine at the step of the address, or training at once when the address has none. */
export function start(): void {
  const to = first.address.at;
  void restart(to).then(() => {
    if (to === 0 && view.value === 'train' && status.value === 'ready') play();
  });
  effect(() => {
    const hash = formatAddress({
      view: view.value,
      settings: settings.value,
      at: at.value,
      params: params.value,
    });
    if (status.value === 'ready' && hash !== location.hash) history.replaceState(null, '', hash);
  });
  addEventListener('hashchange', () => {
    const { address, problems } = parseAddress(location.hash);
    for (const problem of problems) notify(problem);
    view.value = address.view;
    params.value = address.params;
    const same =
      JSON.stringify(address.settings) === JSON.stringify(settings.value) && address.at === at.value;
    if (!same) void open(address.settings, address.at);
  });
}
