import type { Settings } from '../../shared/settings.js';
import { glyphData, ownData, type SessionData } from '../data.js';
import type { Handlers, Lab } from '../lab.js';
import { ownOf } from '../own.js';
import { Runner } from '../runner.js';
import { Session } from '../session.js';

const runners = new WeakMap<Lab, Runner>();

/** The runner of the session. @throws Error while there is no session. */
function runnerOf(lab: Lab): Runner {
  const runner = runners.get(lab);
  if (runner === undefined) throw new Error('there is no model yet');
  return runner;
}

/** Replaces the session. */
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
  async open(lab, { settings, at, session: number }) {
    const session = new Session(settings, dataOf(lab, settings));
    const runner = install(lab, session, number);
    if (at > 0) await runner.run(() => session.at >= at, 'full');
    return { at: session.at, image: session.data.image };
  },

  run(lab, { pace }) {
    const runner = runnerOf(lab);
    runner.pace = pace;
    if (!runner.running) void runner.run(() => false);
  },

  pause(lab) {
    runnerOf(lab).pause();
  },

  step(lab) {
    const runner = runnerOf(lab);
    const before = runner.session.at;
    if (!runner.running) void runner.run(() => runner.session.at > before, 'full');
  },

  pace(lab, { pace }) {
    runnerOf(lab).pace = pace;
  },
} satisfies Partial<Handlers>;
