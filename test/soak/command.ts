import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatSeconds } from '../../bench/report/format.js';
import { formatTable } from '../../bench/report/table.js';
import { EXIT, UsageError } from '../../src/cli/errors.js';
import { listenForInterrupt } from '../../src/cli/train/interrupt.js';
import { messageOf } from '../../src/tensor/describe.js';
import { formatCount } from '../../src/tensor/format.js';
import type { Kind } from './kind.js';
import { type Options, parseOptions } from './options.js';
import { type Result, runCase, runSession, type Session } from './session.js';
import { newState, readState, type State, secondsOf } from './state.js';

/** One line for each kind, and one for all. */
function tableOf(kinds: readonly Kind[], state: State, { absent }: Result): string {
  const rows = kinds.map(({ name, doc }) => {
    const { tried, survived, seconds } = state.tallies.get(name) ?? { tried: 0, survived: 0, seconds: 0 };
    const counts = absent.has(name) ? ['not tried', ''] : [formatCount(tried), formatCount(survived)];
    return [name, doc, ...counts, formatSeconds(seconds)];
  });
  const sum = (key: 'tried' | 'survived'): string =>
    formatCount([...state.tallies.values()].reduce((total, tally) => total + tally[key], 0));
  const all = ['all', '', sum('tried'), sum('survived'), formatSeconds(secondsOf(state))];
  return formatTable(['kind', 'what', 'tried', 'survived', 'time'], [...rows, all], { left: 2 });
}

async function run(options: Options, all: readonly Kind[], say: (line: string) => void): Promise<number> {
  const { minutes, only, resume, case: number } = options;
  const names = (only === null ? all : all.filter(({ name }) => name === only)).map(({ name }) => name);
  const state =
    resume === null ? newState(options.seed ?? randomInt(2 ** 31), names) : await readState(resume);
  const kinds = all.filter(({ name }) => state.tallies.has(name));
  const folder = resume ?? (await mkdtemp(join(tmpdir(), 'pathwise-soak-')));
  const interrupt = listenForInterrupt();
  const session: Session = { folder, state, kinds, signal: interrupt.signal, say };
  say(`soak: seed ${state.seed}, in ${folder}`);
  try {
    const result =
      number === null ? await runSession(session, minutes) : await runCase(session, kinds[0], number);
    say(`\n${tableOf(kinds, state, result)}`);
    await rm(join(folder, 'work'), { recursive: true, force: true });
    const interrupted = interrupt.signal.aborted;
    if (interrupted) say(`\ngo on with: npm run soak -- --resume ${folder}`);
    if (result.failed) return EXIT.failed;
    if (interrupted) return EXIT.interrupted;
    // Failures of an earlier part stay.
    const isClean = [...state.tallies.values()].every(({ tried, survived }) => tried === survived);
    if (isClean) await rm(folder, { recursive: true, force: true });
    return isClean ? EXIT.done : EXIT.failed;
  } finally {
    interrupt.dispose();
  }
}

/** Runs the command; its exit code is 0, 1 when a case failed, 2 when it is called wrongly, 130 on Ctrl-C. */
export async function command(
  args: readonly string[],
  kinds: readonly Kind[],
  say: (line: string) => void = console.log,
): Promise<number> {
  try {
    const options = parseOptions(args, kinds);
    return options === null ? EXIT.done : await run(options, kinds, say);
  } catch (error) {
    say(`soak: ${messageOf(error)}`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}
