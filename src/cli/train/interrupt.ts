import { EXIT } from '../errors.js';

/** A wrapper (npm, tsx) may repeat the terminal's signal: one key press, two signals. */
const SAME_PRESS = 300;

/** Listens to Ctrl-C: the first requests an orderly end, a second one ends at once. */
export interface Interrupt {
  readonly signal: AbortSignal;
  /** Stops listening. */
  dispose(): void;
}

/** @param end what a second Ctrl-C does */
export function listenForInterrupt(end: () => void = () => process.exit(EXIT.interrupted)): Interrupt {
  const controller = new AbortController();
  let first = 0;
  const onSignal = (): void => {
    const now = performance.now();
    if (!controller.signal.aborted) {
      first = now;
      controller.abort();
    } else if (now - first > SAME_PRESS) end();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    signal: controller.signal,
    dispose: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
