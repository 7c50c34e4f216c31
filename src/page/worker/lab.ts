import { backend } from '../../autograd/index.js';
import { configure } from '../../tensor/index.js';
import type { Arguments, CallName, Returned } from '../shared/protocol.js';
import type { EngineFacts, LabEvent } from '../shared/training.js';
import type { Session } from './session.js';

/** The worker's state, passed to each call. */
export interface Lab {
  /** null until a session is opened. */
  session: Session | null;
  emit(event: LabEvent): void;
}

/** The functions that answer calls. */
export type Handlers = {
  readonly [K in CallName]: (lab: Lab, args: Arguments<K>) => Returned<K>;
};

/** The session. @throws Error while there is none. */
export function sessionOf(lab: Lab): Session {
  if (lab.session === null) throw new Error('there is no model yet');
  return lab.session;
}

/** Half of the default, in MiB: a page has less memory than a process of its own. */
const MEMORY = 512;

export function engineFacts(): EngineFacts {
  configure({ memory: MEMORY });
  const { name, threads } = backend();
  return { backend: name, threads, isolated: Reflect.get(globalThis, 'crossOriginIsolated') === true };
}
