import type { BreakCalls } from './break.js';
import type { CheckCalls } from './check.js';
import type { EstimatorsCalls } from './estimators.js';
import type { LatentCalls } from './latent.js';
import type { LabEvent, TrainingCalls } from './training.js';
import type { WalkCalls } from './walk.js';

/** Everything that the window can ask of the worker.A call that is a generator yields parts of its answer. */
export interface Calls
  extends TrainingCalls,
    LatentCalls,
    WalkCalls,
    CheckCalls,
    EstimatorsCalls,
    BreakCalls {}

export type CallName = keyof Calls;
export type Arguments<K extends CallName> = Parameters<Calls[K]>[0];
export type Returned<K extends CallName> = ReturnType<Calls[K]>;
/** What a call that is a generator yields. */
export type Part<K extends CallName> = Returned<K> extends Generator<infer P, unknown> ? P : never;
export type Result<K extends CallName> =
  Returned<K> extends Generator<unknown, infer R> ? R : Awaited<Returned<K>>;

export type ToWorker =
  | { readonly kind: 'call'; readonly id: number; readonly name: CallName; readonly args: unknown }
  | { readonly kind: 'cancel'; readonly id: number };

export type FromWorker =
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'part'; readonly id: number; readonly value: unknown }
  | {
      readonly kind: 'error';
      readonly id: number;
      readonly error: { readonly name: string; readonly message: string };
    }
  | { readonly kind: 'event'; readonly event: LabEvent };
