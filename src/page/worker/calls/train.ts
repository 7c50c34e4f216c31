import type { Settings } from '../../shared/settings.js';
import type { Opened, Pace, Place } from '../../shared/training.js';
import { glyphData, ownData, type SessionData } from '../data.js';
import type { Wanted } from '../keep/keeper.js';
import type { Content } from '../keep/shelf.js';
import type { Lab } from '../lab.js';
import { loadParts } from '../parts.js';
import { type Lineage, Runner } from '../runner.js';
import { Session } from '../session.js';

/** The runner of the session. @throws Error while there is no session. */
function runnerOf({ runner }: Lab): Runner {
  if (runner === undefined) throw new Error('there is no model yet');
  return runner;
}

const placeOf = ({ session: { settings, at }, origin }: Runner): Place => ({ settings, at, origin });

/** What the window is told of a session. @param left the training before it */
const described = ({ files = [] }: Lab, runner: Runner, left?: Runner): Opened => ({
  ...placeOf(runner),
  files,
  image: runner.session.data.image,
  epochs: runner.session.trainer.history,
  curve: runner.curve,
  running: runner.running,
  left: left === undefined || left.session.at === 0 ? null : placeOf(left),
});

/** Keeps a training in this browser. */
export const keepIn = async ({ keeper }: Lab, runner: Runner): Promise<void> =>
  (await keeper?.())?.keep(runner);

/** Replaces the session; what it was is kept. */
export function install(lab: Lab, session: Session, number: number, lineage: Lineage = {}): Opened {
  const left = lab.runner;
  left?.abandon();
  if (left !== undefined) void keepIn(lab, left);
  lab.runner = new Runner(session, number, (event) => lab.emit(event), lineage);
  lab.session = session;
  return described(lab, lab.runner, left);
}

/** The examples of the settings. @throws Error named MissingFiles where they are files that are not here. */
async function dataOf(lab: Lab, settings: Settings): Promise<SessionData> {
  if (settings.data === 'glyphs') return glyphData(settings);
  if (lab.ownSplit === undefined) {
    const kept = (await (await lab.keeper?.())?.files()) ?? [];
    const { takeIdx } = await import('../files/take.js');
    if (kept.length > 0) await takeIdx(lab, kept, settings);
    lab.files = kept;
  }
  if (lab.ownSplit === undefined) {
    throw Object.assign(new Error('the files of this address are not here'), { name: 'MissingFiles' });
  }
  return ownData(lab.ownSplit, settings);
}

/** A session that goes on from a checkpoint; null where that is not of this data, or is damaged. */
async function resumed(
  lab: Lab,
  { settings }: Wanted,
  data: SessionData,
  content: Content,
): Promise<Session | null> {
  try {
    const keeper = await lab.keeper?.();
    if (!(await keeper?.isOf(content, data, settings.data))) return null;
    return Session.resume(settings, data, content.bytes, 'the checkpoint in this browser');
  } catch {
    return null;
  }
}

/** What a window asks for when it opens a session, and the number by which events refer to that. */
export interface Opening extends Wanted {
  readonly session: number;
  /** Names this training in this window among those of all windows and times. */
  readonly run: string;
}

export const trainCalls = {
  /**
   * The state that a link describes: the checkpoint nearest to it in this browser, or a new model, and as many steps as it
   * then takes. Ends early when it is paused or another session is opened.
   * @throws Error where the model cannot be made; the session is as it was then, but stands still.
   */
  async open(lab: Lab, wanted: Opening): Promise<Opened> {
    const { settings, at, session: number, run } = wanted;
    lab.opening = number;
    lab.runner?.abandon();
    await loadParts(settings);
    const data = await dataOf(lab, settings);
    const content = at > 0 ? ((await (await lab.keeper?.())?.find(wanted)) ?? null) : null;
    const found = content === null ? null : await resumed(lab, wanted, data, content);
    if (lab.opening !== number) throw new Error('another session was opened in the meantime');
    const session = found ?? new Session(settings, data);
    const origin = found === null ? null : wanted.origin;
    const lineage = { id: run, origin, ...(content !== null && found !== null && { curve: content.curve }) };
    const opened = install(lab, session, number, lineage);
    lab.emit({ type: 'found', session: number, opened });
    const runner = runnerOf(lab);
    if (session.at < at || session.evaluates) await runner.run(() => session.at >= at, 'full');
    return { ...described(lab, runner), left: opened.left };
  },

  /** The session as it is, under another number: where one could not be opened. */
  stay(lab: Lab, { session }: { session: number }): Opened {
    const runner = runnerOf(lab);
    runner.renumber(session);
    return described(lab, runner);
  },

  /**
   * Keeps the session in this browser.
   * @param args.written becomes 1 when that is done: a window that is closing waits for it, and could not be told in another way
   */
  async keep(lab: Lab, { written }: { written?: Int32Array | null } = {}): Promise<void> {
    try {
      if (lab.runner !== undefined) await keepIn(lab, lab.runner);
    } finally {
      if (written) Atomics.store(written, 0, 1);
    }
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

  /** Changes the pace of the run under way, and how often its events come. */
  pace(lab: Lab, { pace, calm }: { pace: Pace; calm: boolean }): void {
    Object.assign(runnerOf(lab), { pace, calm });
  },
};
