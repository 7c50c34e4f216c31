import type { breakCalls } from './break.js';
import type { checkCalls } from './check.js';
import type { estimatorsCalls } from './estimators.js';
import type { fileCalls } from './files.js';
import { inferCalls } from './infer.js';
import { latentCalls } from './latent.js';
import type { textCalls } from './text.js';
import { trainCalls } from './train.js';
import type { walkCalls } from './walk.js';

/** What the first view asks. */
const first = { ...trainCalls, ...latentCalls, ...inferCalls };

/** The calls whose code is loaded when one of them is first asked, by the beginning of their names. */
const later = {
  walk: async () => (await import('./walk.js')).walkCalls,
  check: async () => (await import('./check.js')).checkCalls,
  estimators: async () => (await import('./estimators.js')).estimatorsCalls,
  break: async () => (await import('./break.js')).breakCalls,
  text: async () => (await import('./text.js')).textCalls,
  train: async () => (await import('./files.js')).fileCalls,
};

/**
 * Everything that the window can ask, by name: `(lab, args) => result`. A call that is a generator yields parts of its answer.
 * Arguments and results cross to the window, so they are what `postMessage` can carry.
 */
export type Calls = typeof first &
  typeof walkCalls &
  typeof checkCalls &
  typeof estimatorsCalls &
  typeof breakCalls &
  typeof fileCalls &
  typeof textCalls;

/** The function that answers a call; a promise of it while its code is loaded. */
export function callOf(name: keyof Calls): unknown {
  if (Object.hasOwn(first, name)) return Reflect.get(first, name);
  const group = Object.entries(later).find(([prefix]) => name.startsWith(prefix));
  return group?.[1]().then((calls) => Reflect.get(calls, name));
}

/** Loads what has not been asked yet, so that a page that goes offline has it. */
export const loadAll = (): Promise<unknown> => Promise.all(Object.values(later).map((load) => load()));
