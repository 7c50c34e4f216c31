import type { Settings } from '../../state/settings.js';
import { type Lab, type Point, sessionOf } from '../lab.js';
import { glyphsOf, Session } from '../session.js';
import { nextTurn } from '../turn.js';

/** Time spent on steps before other calls get a turn, in milliseconds. */
const TURN = 30;

let running = false;

/** Takes steps until `done`, telling of them turn by turn. */
async function advance(lab: Lab, session: Session, done: () => boolean): Promise<void> {
  while (!done() && lab.session === session) {
    const points: Point[] = [];
    const until = performance.now() + TURN;
    do {
      const { loss, reconstruction, kl } = session.advance();
      points.push({ at: session.at, loss, reconstruction, kl });
    } while (performance.now() < until && !done());
    lab.emit({ type: 'progress', points, at: session.at, epoch: session.lastEpoch });
    await nextTurn();
  }
}

/** Runs `work` as the training under way; whatever ends it is told. */
async function training(lab: Lab, work: () => Promise<void>): Promise<void> {
  if (running) return;
  running = true;
  let problem: string | null = null;
  try {
    await work();
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
  }
  running = false;
  lab.emit({ type: 'stopped', at: lab.session?.at ?? 0, problem });
}

export const trainCalls = {
  /** Makes the model and data anew, and takes `at` steps: the state that a link describes. */
  async open(lab: Lab, { settings, at }: { settings: Settings; at: number }): Promise<{ at: number }> {
    running = false;
    const session = new Session(settings, glyphsOf(settings));
    lab.session = session;
    if (at > 0) await training(lab, () => advance(lab, session, () => session.at >= at));
    return { at: session.at };
  },

  /** Trains until `pause`. */
  run(lab: Lab, _: Record<string, never>): void {
    const session = sessionOf(lab);
    void training(lab, () => advance(lab, session, () => !running));
  },

  pause(_lab: Lab, _: Record<string, never>): void {
    running = false;
  },

  /** One gradient step. */
  step(lab: Lab, _: Record<string, never>): void {
    const session = sessionOf(lab);
    const before = session.at;
    void training(lab, () => advance(lab, session, () => session.at > before));
  },
};
