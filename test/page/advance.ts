import type { Session } from '../../src/page/worker/session.js';
import type { StepEvent } from '../../src/vae/training/index.js';

/** Takes one gradient step of a session, and evaluates the epoch that it ends. */
export function advance(session: Session): StepEvent {
  let taken: StepEvent | undefined;
  while (taken === undefined || session.evaluates) {
    const event = session.turn();
    if (event?.type === 'step') taken = event;
  }
  return taken;
}
