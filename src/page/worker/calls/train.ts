import type { Settings } from '../../shared/settings.js';
import type { Pace } from '../../shared/training.js';
import { glyphData, ownData, type SessionData } from '../data.js';
import type { Lab } from '../lab.js';
import { Runner } from '../runner.js';
import { Session } from '../session.js';

/** The runner of the session. @throws Error while there is no session. */
function runnerOf({ runner }: Lab): Runner {
  if (runner === undefined) throw new Error('there is no model yet');
  return runner;
}

/** Replaces the session. */
export function install(lab: Lab, session: Session, number: number): Runner {
  lab.runner?.abandon();
  lab.runner = new Runner(session, number, (event) => lab.emit(event));
  lab.session = session;
  return lab.runner;
}

function dataOf({ ownSplit }: Lab, settings: Settings): SessionData {
  if (settings.data === 'glyphs') return glyphData(settings);
  if (ownSplit === undefined) throw new Error('the files that this address speaks of are not here');
  return ownData(ownSplit, settings);
}

export const trainCalls = {
  /**
   * Makes the model and data anew, and takes `at` steps: the state that a link describes. Ends early when it is paused or
   * another session is opened. `session` is the number by which events refer to it.
   */
  async open(lab: Lab, args: { settings: Settings; at: number; session: number }) {
    const session = new Session(args.settings, dataOf(lab, args.settings));
    const runner = install(lab, session, args.session);
    if (args.at > 0) await runner.run(() => session.at >= args.at, 'full');
    return { at: session.at, image: session.data.image, settings: session.settings };
  },

  /** Trains until `pause`. */
  run(lab: Lab, { pace }: { pace: Pace }): void {
    const runner = runnerOf(lab);
    runner.pace = pace;
    if (!runner.running) void runner.run(() => false);
  },

  pause(lab: Lab): void {
    runnerOf(lab).pause();
  },

  /** Takes one gradient step; does nothing while training. */
  step(lab: Lab): void {
    const runner = runnerOf(lab);
    const before = runner.session.at;
    if (!runner.running) void runner.run(() => runner.session.at > before, 'full');
  },

  /** Changes the pace of the run under way. */
  pace(lab: Lab, { pace }: { pace: Pace }): void {
    runnerOf(lab).pace = pace;
  },
};
