import type { Settings } from '../../shared/settings.js';
import { glyphData, type ImageShape, ownData, type SessionData } from '../data.js';
import type { Lab } from '../lab.js';
import { ownOf } from '../own.js';
import { type Pace, Runner } from '../runner.js';
import { Session } from '../session.js';

const runners = new WeakMap<Lab, Runner>();

/** What takes the session's steps. @throws Error while there is no session. */
function runnerOf(lab: Lab): Runner {
  const runner = runners.get(lab);
  if (runner === undefined) throw new Error('there is no model yet');
  return runner;
}

/** Puts a session in the place of the one before. */
export function install(lab: Lab, session: Session, number: number): Runner {
  runners.get(lab)?.abandon();
  const runner = new Runner(session, number, lab);
  runners.set(lab, runner);
  lab.session = session;
  return runner;
}

function dataOf(lab: Lab, settings: Settings): SessionData {
  if (settings.data === 'glyphs') return glyphData(settings);
  const { split } = ownOf(lab);
  if (split === null) throw new Error('the files that this address speaks of are not here');
  return ownData(split, settings);
}

export const trainCalls = {
  /**
   * Makes the model and data anew, and takes `at` steps: the state that a link describes. Ends early when it is paused or
   * another session is opened.
   * @param session a number of the window's, which comes back with every event
   */
  async open(
    lab: Lab,
    { settings, at, session: number }: { settings: Settings; at: number; session: number },
  ): Promise<{ at: number; image: ImageShape }> {
    const session = new Session(settings, dataOf(lab, settings));
    const runner = install(lab, session, number);
    if (at > 0) await runner.run(() => session.at >= at, 'full');
    return { at: session.at, image: session.data.image };
  },

  /** Trains until `pause`, as fast as `pace` says. */
  run(lab: Lab, { pace }: { pace: Pace }): void {
    const runner = runnerOf(lab);
    runner.pace = pace;
    if (!runner.running) void runner.run(() => false);
  },

  pause(lab: Lab, _: Record<string, never>): void {
    runnerOf(lab).pause();
  },

  /** One gradient step; none while training. */
  step(lab: Lab, _: Record<string, never>): void {
    const runner = runnerOf(lab);
    const before = runner.session.at;
    if (!runner.running) void runner.run(() => runner.session.at > before, 'full');
  },

  /** How fast the run under way goes from now on. */
  pace(lab: Lab, { pace }: { pace: Pace }): void {
    runnerOf(lab).pace = pace;
  },
};
