import { backend, configure } from '../../tensor/index.js';
import type { EpochMetrics, Metrics } from '../../vae/training/index.js';
import type { Session } from './session.js';

/** What the engine found in this browser. */
export interface EngineFacts {
  /** 'simd' on WebAssembly, or the plain kernels where the browser has none. */
  readonly backend: string;
  readonly threads: number;
  /** Whether memory can be shared between threads. */
  readonly isolated: boolean;
}

/** The terms of the objective at one step. */
export interface Point extends Metrics {
  /** Gradient steps taken, this one too. */
  readonly at: number;
}

/** What the engine tells without being asked. `session` is the number that the window gave when it opened it. */
export type LabEvent =
  | { readonly type: 'ready'; readonly facts: EngineFacts }
  /** Training is under way, or catching up with the step of a link. */
  | {
      readonly type: 'progress';
      readonly session: number;
      /** The steps since the last time. */
      readonly points: readonly Point[];
      /** The epochs that have ended since the last time. */
      readonly epochs: readonly EpochMetrics[];
      readonly at: number;
    }
  /** Training has stopped: the person paused it, it has come to where it should, or something went wrong. */
  | {
      readonly type: 'stopped';
      readonly session: number;
      readonly at: number;
      readonly problem: string | null;
    };

/** The worker's whole state, handed to each call. */
export interface Lab {
  /** null until one is opened. */
  session: Session | null;
  emit(event: LabEvent): void;
}

/** The session. @throws Error while there is none. */
export function sessionOf(lab: Lab): Session {
  if (lab.session === null) throw new Error('there is no model yet');
  return lab.session;
}

/** Half of the default: a page has less room than a process of its own. */
const MEMORY = 512;

export function engineFacts(): EngineFacts {
  configure({ memory: MEMORY });
  const { name, threads } = backend();
  return { backend: name, threads, isolated: Reflect.get(globalThis, 'crossOriginIsolated') === true };
}
