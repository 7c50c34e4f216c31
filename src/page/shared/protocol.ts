import type { Calls } from '../worker/calls/index.js';
import type { LabEvent } from './training.js';

/** The calls of the worker, as the window sees them: all types derive from the functions that answer. */
export type CallName = keyof Calls;
export type Arguments<K extends CallName> =
  Parameters<Calls[K]> extends [unknown, infer A] ? A : Record<never, never>;
type Returned<K extends CallName> = ReturnType<Calls[K]>;
/** What a call that is a generator yields. */
export type Part<K extends CallName> = Returned<K> extends Generator<infer P, unknown> ? P : never;
export type Result<K extends CallName> =
  Returned<K> extends Generator<unknown, infer R> ? R : Awaited<Returned<K>>;

export type ToWorker =
  | { readonly kind: 'call'; readonly id: number; readonly name: CallName; readonly args: unknown }
  | { readonly kind: 'cancel'; readonly id: number };

export type FromWorker =
  /** `took`: milliseconds that the worker spent on it without a break. */
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown; readonly took: number }
  | { readonly kind: 'part'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly name: string; readonly message: string }
  | { readonly kind: 'event'; readonly event: LabEvent };
