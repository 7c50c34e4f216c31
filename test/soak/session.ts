import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { messageOf } from '../../src/tensor/describe.js';
import { type Attempt, Case, type Kind } from './kind.js';
import { type State, secondsOf, type Tally, writeState } from './state.js';
import { Watchdog } from './watchdog.js';

/** How long a kind goes on before the next has its turn, in seconds. */
const SLICE = 0.5;
/** After so many failures a kind is not tried again: the disk is not to fill with what is kept of them. */
const MAX_FAILURES = 10;
/** Seconds that a case may work, its own processes not counted; of waiting a busy machine decides. */
const MAX_WORK = 10;
/** Bytes of memory that the whole process may have had. */
const MAX_MEMORY = 2 ** 30;

/** The most bytes that the process has had. */
const peakMemory = (): number => process.resourceUsage().maxRSS * 1024;

/** What a session is made with. */
export interface Session {
  readonly folder: string;
  readonly state: State;
  readonly kinds: readonly Kind[];
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

interface Ready {
  readonly kind: Kind;
  readonly attempt: Attempt;
  readonly place: string;
}

/** The words that repeat a case. */
const repeatOf = ({ seed, kind, number }: Case): string =>
  `npm run soak -- --seed ${seed} --only ${kind} --case ${number}`;

/** Keeps what a case was tried on. @returns the folder */
async function keepInputs(folder: string, one: Case, why: string): Promise<string> {
  const kept = join(folder, 'failures', `${one.kind}-${one.number}`);
  await rm(kept, { recursive: true, force: true });
  await mkdir(kept, { recursive: true });
  await writeFile(join(kept, 'why.txt'), `${why}\n${repeatOf(one)}\n`);
  for (const [name, input] of one.inputs) {
    const path = join(kept, name);
    if (typeof input === 'string' || input instanceof Uint8Array) await writeFile(path, input);
    else await cp(input.folder, path, { recursive: true }).catch(() => undefined);
  }
  return kept;
}

/** Cases one after another, by turns. */
class Turns {
  readonly absent = new Map<string, string>();
  readonly failures = new Map<string, number>();
  readonly #ready = new Map<string, Ready>();
  readonly #watchdog = new Watchdog();
  // What the process has had before the session is not the session's.
  #mostMemory = Math.max(MAX_MEMORY, peakMemory());

  constructor(private readonly session: Session) {}

  get failed(): boolean {
    return this.failures.size > 0;
  }

  /** Those of the session that can be tried here. */
  async prepare(kind: Kind): Promise<Ready | null> {
    const known = this.#ready.get(kind.name);
    if (known !== undefined) return known;
    const place = join(this.session.folder, 'work', kind.name);
    await rm(place, { recursive: true, force: true });
    await mkdir(place, { recursive: true });
    const attempt = await kind.prepare(place);
    if (typeof attempt === 'string') {
      this.absent.set(kind.name, attempt);
      this.session.say(`${kind.name}: not tried: ${attempt}`);
      return null;
    }
    const ready = { kind, attempt, place };
    this.#ready.set(kind.name, ready);
    return ready;
  }

  /** Tries one case. @returns whether it counts, which it does not after Ctrl-C: the signal reached its processes too */
  async try({ kind, attempt, place }: Ready, number: number, tally: Tally): Promise<boolean> {
    const one = new Case(this.session.state.seed, kind.name, number, place);
    const began = performance.now();
    this.#watchdog.begin(`${kind.name}, case ${number} hangs; repeat it with: ${repeatOf(one)}`);
    const before = process.cpuUsage();
    let tries = 1;
    let why: string | null = null;
    try {
      tries = await attempt(one);
    } catch (error) {
      why = messageOf(error);
      if (error instanceof Error) one.keep('stack.txt', inspect(error));
    }
    this.#watchdog.end();
    const seconds = (performance.now() - began) / 1000;
    const memory = peakMemory();
    const { user, system } = process.cpuUsage(before);
    const work = (user + system) / 1e6;
    if (work > MAX_WORK) why ??= `it worked for ${work.toFixed(1)} s; expected ${MAX_WORK} at most`;
    if (memory > this.#mostMemory) {
      why ??= `the process has had ${memory} bytes; expected ${this.#mostMemory} at most`;
      // It never becomes less.
      this.#mostMemory = memory;
    }
    if (this.session.signal.aborted) return false;
    tally.cases = number + 1;
    tally.seconds += seconds;
    tally.tried += tries;
    tally.survived += why === null ? tries : tries - 1;
    if (why !== null) await this.#fail(one, why);
    return true;
  }

  async #fail(one: Case, why: string): Promise<void> {
    const { folder, say } = this.session;
    this.failures.set(one.kind, (this.failures.get(one.kind) ?? 0) + 1);
    const kept = await keepInputs(folder, one, why);
    say(
      `\nFAILED ${one.kind}, case ${one.number}: ${why}\n  kept in ${kept}\n  repeat it with: ${repeatOf(one)}`,
    );
  }

  /** The kind that has had least of its share; null when all have failed too often or cannot be tried. */
  next(): Kind | null {
    const { kinds, state } = this.session;
    const due = ({ name, share }: Kind): number => (state.tallies.get(name)?.seconds ?? 0) / share;
    const open = kinds.filter(
      ({ name }) => !this.absent.has(name) && (this.failures.get(name) ?? 0) < MAX_FAILURES,
    );
    return open.sort((a, b) => due(a) - due(b))[0] ?? null;
  }

  async stop(): Promise<void> {
    await this.#watchdog.stop();
  }
}

/** What came of a session. */
export interface Result {
  readonly failed: boolean;
  /** Why kinds were not tried, by name. */
  readonly absent: ReadonlyMap<string, string>;
}

/** Tries one case. */
export async function runCase(session: Session, kind: Kind, number: number): Promise<Result> {
  const turns = new Turns(session);
  const { tallies } = session.state;
  try {
    const ready = await turns.prepare(kind);
    const tally = tallies.get(kind.name);
    if (ready !== null && tally !== undefined) await turns.try(ready, number, tally);
    return turns;
  } finally {
    await turns.stop();
  }
}

/** Tries cases of all kinds by turns until the time is over or the signal comes; the state is on disk after each turn. */
export async function runSession(session: Session, minutes: number): Promise<Result> {
  const turns = new Turns(session);
  const { folder, state, signal } = session;
  try {
    while (!signal.aborted) {
      const kind = turns.next();
      const tally = state.tallies.get(kind?.name ?? '');
      if (kind === null || tally === undefined) break;
      // A short session too tries each kind.
      if (tally.cases > 0 && secondsOf(state) >= minutes * 60) break;
      const began = performance.now();
      const ready = await turns.prepare(kind);
      tally.seconds += (performance.now() - began) / 1000;
      if (ready === null) continue;
      const until = tally.seconds + SLICE;
      do if (!(await turns.try(ready, tally.cases, tally))) break;
      while (tally.seconds < until && (turns.failures.get(kind.name) ?? 0) < MAX_FAILURES);
      await writeState(folder, state);
    }
    return turns;
  } finally {
    await turns.stop();
  }
}
