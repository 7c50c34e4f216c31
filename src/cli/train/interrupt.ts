import { isMainThread, parentPort } from 'node:worker_threads';
import { EXIT } from '../errors.js';

/** A wrapper (npm, tsx) may repeat the terminal's signal: one key press, two signals. */
const SAME_PRESS = 300;
/** Ctrl-C, a request to end, and a terminal that closes. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `first` at the first signal and `second` at a later one.
 * @returns stops listening
 */
export function onSignals(
  first: () => void,
  second: () => void = () => process.exit(EXIT.interrupted),
): () => void {
  let since: number | undefined;
  const onSignal = (): void => {
    const now = performance.now();
    if (since === undefined) {
      since = now;
      first();
    } else if (now - since > SAME_PRESS) second();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  return () => {
    for (const name of SIGNALS) process.off(name, onSignal);
  };
}

/** Listens to Ctrl-C: the first requests an orderly end, a second one ends at once. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Stops listening. */
  dispose(): void;
}

/** In a thread of the command's, the main thread passes the first signal on. @param end what a second Ctrl-C does */
export function listenForInterrupt(end?: () => void): Interrupt {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  const { signal } = controller;
  if (isMainThread || parentPort === null) return { signal, dispose: onSignals(abort, end) };
  const port = parentPort.on('message', abort);
  // Listening alone must not keep the thread alive.
  port.unref();
  return { signal, dispose: () => port.off('message', abort) };
}
