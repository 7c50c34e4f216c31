import { messageOf } from '../../../tensor/describe.js';
import * as at from '../../../tensor/memory/control.js';
import type { Memory } from '../../../tensor/memory/memory.js';
import type { Emitted } from '../engine.js';
import type { KernelCode } from '../kernel-code.js';
import { coreCount, maySleep, processorTime, startWorker, threadCount } from './host.js';
import { TeamSize } from './team-size.js';
import { WORKER_SOURCE } from './worker.js';

const { add, compareExchange, exchange, load, notify, store, wait } = Atomics;

/**
 * Spin iterations before sleeping: of the caller (about 150 us), of a worker (500 us: what the caller does between two jobs is
 * seldom longer), and of a worker on a busy machine. Waking costs 50 us. None where threads outnumber cores.
 */
const PATIENCE = 12_000;
const WORKER_PATIENCE = 40_000;
const BUSY_PATIENCE = 1500;
/** The smallest part, as a share of the job, for few threads and for many: a job has room for 64 parts. */
const smallestShare = (threads: number): number => (threads <= 8 ? 1 / 200 : 1 / 32);
/** How often a caller that waits looks whether the others are still there. */
const LOOK_AFTER_MS = 100;
/** A part takes milliseconds: past this a worker is stuck, not late. */
const STUCK_AFTER_MS = 60_000;

const NONE: readonly number[] = [];

const refused = (reason: string): Error => new Error(`worker threads are refused here (${reason})`);

/**
 * Calls a kernel, or its stand-in, once, with the arguments for the part from `start` up to `end`. A kernel may have one more parameter:
 * the number of the thread among those that share the job, from 0.
 */
export type Part = (kernel: Emitted, start: number, end: number) => void;

/** A kernel's work on 0 to `count`, in parts that begin at multiples of `grain` and are of `least` or more, but for the last. */
export interface Job {
  readonly count: number;
  readonly grain: number;
  readonly least: number;
  /** Roughly the nanoseconds of the whole. */
  readonly work: number;
  /** A part that was left in the middle is finished when it is called again. */
  readonly resumable: boolean;
  readonly part: Part;
}

/** A worker ended within a part: what the kernel wrote is incomplete, and is to be computed again. No thread works on it any more. */
export class LostPartError extends Error {
  override readonly name = 'LostPartError';
}

interface Worker {
  /** In this memory, from 1. */
  readonly number: number;
  /** Whether it has ended. */
  readonly hasEnded: () => boolean;
}

/** The control space of a memory, as words. */
export const controlWords = (buffer: ArrayBuffer): Int32Array<ArrayBuffer> =>
  new Int32Array(buffer, at.ADDRESS, at.BYTES / 4);

/**
 * Threads that share the engine's memory. `run` is synchronous: the caller takes parts too, then waits for the others. Each
 * thread has the same range of every job, so that its cache still holds what it left there; then it helps the others. Parts may
 * be stolen; results do not depend on who ran them.
 *
 * They communicate through the control space alone. The caller writes down each part's arguments, then the part's state: the job's
 * number, and that the part is free. It then rings the bells of the workers that it wants, which spin or sleep before theirs. A
 * thread takes a part by one compare-exchange of the state, from free in this job to its own; so a worker that comes late, with
 * the number of an earlier job, takes nothing. When the part is done the thread sets the state to finished and counts it, and who
 * counts the last one wakes the caller.
 *
 * A worker that ends within a part leaves its own number in the part's state. A caller that waits looks every 100 ms whether the
 * workers are still there, for it hears of nothing else meanwhile. Once all parts that are not finished belong to workers that have
 * ended, nobody writes any more: the caller finishes them itself where the kernel is resumable, as updates in place are;
 * everything else reads what it does not write, and the device runs the whole op again. The event of the end, when it comes, is
 * told as a warning. The threads that are left go on.
 *
 * How many threads are called, and how long workers spin, follows from what jobs take: see {@link TeamSize}.
 */
export class Pool {
  readonly #memory: Memory;
  readonly #words: Int32Array<ArrayBuffer>;
  /** Those that have not been found to have ended. */
  #workers: readonly Worker[];
  readonly #team: TeamSize;
  readonly #helpers: Worker[] = [];
  readonly #patience: number;
  /** Lists of arguments, by length. */
  readonly #lists: number[][] = [];
  /** The job's number, as it stands in states and bells. */
  #job = 0;
  /** Where the next arguments go, and how many the last ones were. */
  #place = 0;
  #width = 0;
  /** Milliseconds slept in this job. */
  #waited = 0;
  /** Why the first worker was lost, whether that is told, and whether any was ever up. */
  #reason: string | null = null;
  #isTold = false;
  #wasUp = false;

  private constructor(
    memory: Memory,
    readonly threads: number,
    isCrowded: boolean,
  ) {
    this.#memory = memory;
    this.#words = controlWords(memory.buffer);
    this.#patience = isCrowded ? 0 : PATIENCE;
    this.#words[at.PATIENCE] = isCrowded ? 0 : WORKER_PATIENCE;
    this.#team = new TeamSize(threads, processorTime);
    this.#workers = Array.from({ length: threads - 1 }, () => {
      const number = add(this.#words, at.STARTED, 1) + 1;
      const data = { memory: memory.wasm, number };
      const hasEnded = startWorker(WORKER_SOURCE, data, (reason) => this.#lose(number, reason));
      return { number, hasEnded };
    });
  }

  /** Takes a worker that has failed or ended out of the team. */
  #lose(number: number, reason: string): void {
    this.#dismiss((worker) => worker.number === number);
    this.#reason ??= reason;
    if (this.#wasUp) this.#tell();
  }

  #dismiss(isLost: (worker: Worker) => boolean): void {
    this.#wasUp ||= this.ready > 0;
    this.#workers = this.#workers.filter((worker) => !isLost(worker));
    this.#team.limit(1 + this.#workers.length);
  }

  /** Tells of the first one that is lost, once any has come up: until then they may be refused here. */
  #tell(): void {
    if (this.#reason === null || this.#isTold) return;
    this.#isTold = true;
    console.warn(`pathwise: a worker thread is lost: ${this.#reason}; the other threads do its work`);
  }

  /**
   * Null where there is but one thread by choice.
   * @throws Error with the reason why there can be no more, to follow 'since'.
   */
  static start(memory: Memory, threads = threadCount(), cores = coreCount()): Pool | null {
    if (threads < 2) return null;
    if (!memory.shared) throw new Error('memory cannot be shared between threads here');
    if (!maySleep()) throw new Error("a page's window may not wait for threads; a worker may");
    if (controlWords(memory.buffer)[at.STARTED] + threads - 1 > at.MAX_WORKERS)
      throw refused('the memory has as many as it can');
    try {
      return new Pool(memory, threads, threads > cores);
    } catch (error) {
      throw refused(messageOf(error));
    }
  }

  /** @throws Error as {@link start} does, where all are lost and none came up: a page's policy, say, tells it late. */
  checkStarted(): void {
    if (this.#reason !== null && this.#workers.length === 0 && !this.#wasUp) throw refused(this.#reason);
  }

  /** Workers that take part by now; they need a moment to start. */
  get ready(): number {
    return this.#workers.filter((worker) => this.#isUp(worker)).length;
  }

  #isUp({ number }: Worker): boolean {
    return load(this.#words, at.BELLS + number * at.STEP + 1) === 1;
  }

  /**
   * Runs a kernel on each part, in any order and at the same time; on this thread alone where others are not up or have no room
   * for its code, or where they have been too late of late.
   * @throws Error what a thread threw; LostPartError.
   */
  run(code: KernelCode, kernel: Emitted, job: Job): void {
    const size = this.#team.size;
    const helpers = this.#callUp(size - 1);
    const start = performance.now();
    this.#waited = 0;
    if (helpers.length === 0 || !this.#publish(code)) job.part(kernel, 0, job.count);
    else this.#share(code, kernel, job, helpers);
    if (helpers.length < size - 1) return;
    this.#team.note(code.id, job.work, start, performance.now(), this.#waited);
    if (this.#patience > 0) this.#words[at.PATIENCE] = this.#team.isBusy ? BUSY_PATIENCE : WORKER_PATIENCE;
  }

  /** The first workers that are up, at most so many, in a list that is reused. */
  #callUp(most: number): readonly Worker[] {
    const helpers = this.#helpers;
    helpers.length = 0;
    for (const worker of this.#workers) {
      if (helpers.length === most) break;
      if (this.#isUp(worker)) helpers.push(worker);
    }
    if (helpers.length > 0) this.#tell();
    return helpers;
  }

  #share(code: KernelCode, kernel: Emitted, job: Job, helpers: readonly Worker[]): void {
    const words = this.#words;
    const ranges = helpers.length + 1;
    // Pools that share a memory share its numbers.
    words[at.JOB] = (words[at.JOB] + 1) & 0x7fffff;
    this.#job = words[at.JOB] << 8;
    this.#width = 0;
    const parts = this.#layOut(job, ranges);
    words[at.KERNEL] = code.id;
    words[at.WIDTH] = this.#width;
    words[at.PARTS] = parts;
    store(words, at.DONE, 0);
    for (let i = 0; i < helpers.length; i++) {
      const bell = at.BELLS + helpers[i].number * at.STEP;
      store(words, bell, this.#job | (i + 1));
      notify(words, bell);
    }
    let error: unknown;
    for (let range = 0; range < ranges; range++) {
      for (let part = this.#take(range); part >= 0; part = this.#take(range)) {
        try {
          kernel(...this.#kept(part));
        } catch (thrown) {
          error ??= thrown;
        }
        this.#finish(part);
      }
    }
    const lost = this.#wait(code, parts, helpers);
    if (error !== undefined) throw error;
    this.#rethrow(code);
    if (lost.length === 0) return;
    if (!job.resumable) throw new LostPartError(`${code.name}: a worker thread ended within a part`);
    for (const part of lost) kernel(...this.#kept(part));
  }

  /**
   * Writes down the arguments of a job's parts, range by range, and sets them free. Those of a range go from large to small, so that
   * threads end together.
   * @returns how many parts there are
   */
  #layOut({ count, grain, least, part }: Job, ranges: number): number {
    const words = this.#words;
    const smallest = Math.max(least, Math.ceil((count * smallestShare(ranges)) / grain) * grain);
    const length = Math.ceil(count / ranges / grain) * grain;
    words[at.RANGES] = ranges;
    let parts = 0;
    for (let range = 0; range < ranges; range++) {
      store(words, at.NEXT + range * at.STEP, parts);
      const stop = Math.min(count, (range + 1) * length);
      for (let start = range * length; start < stop; parts++) {
        const half = Math.ceil((stop - start) / 2 / grain) * grain;
        const end = Math.min(stop, start + Math.max(smallest, half));
        const state = at.STATES + parts * at.PART_STEP;
        this.#place = state + 1;
        part(this.#keep, start, end);
        store(words, state, this.#job | at.FREE);
        start = end;
      }
      words[at.ENDS + range] = parts;
    }
    return parts;
  }

  /** Stands in for the kernel while a job is laid out, and records the arguments of a part. */
  readonly #keep: Emitted = (...args) => {
    const words = this.#words;
    const place = this.#place;
    if (args.length > at.MAX_ARGUMENTS) throw new RangeError(`${args.length} arguments are too many`);
    this.#width = args.length;
    for (let i = 0; i < args.length; i++) words[place + i] = args[i];
  };

  /** The arguments of a part, in a list that is reused, so that jobs leave no garbage. */
  #kept(part: number): readonly number[] {
    const words = this.#words;
    const lists = this.#lists;
    const width = this.#width;
    // The caller's number in a job is 0.
    lists[width] ??= new Array<number>(width + 1).fill(0);
    const list = lists[width];
    const from = at.STATES + part * at.PART_STEP + 1;
    for (let i = 0; i < width; i++) list[i] = words[from + i];
    return list;
  }

  /** Takes the next free part of a range; -1 when there is none. */
  #take(range: number): number {
    const words = this.#words;
    const job = this.#job;
    const next = at.NEXT + range * at.STEP;
    for (let part = load(words, next); part < words[at.ENDS + range]; part++) {
      const state = at.STATES + part * at.PART_STEP;
      if (compareExchange(words, state, job | at.FREE, job | at.CALLER) !== (job | at.FREE)) continue;
      store(words, next, part + 1);
      return part;
    }
    return -1;
  }

  #finish(part: number): void {
    store(this.#words, at.STATES + part * at.PART_STEP, this.#job | at.FINISHED);
    add(this.#words, at.DONE, 1);
  }

  /** Waits until all parts are finished. @returns those that workers have left that ended; nobody works on any part then */
  #wait(code: KernelCode, parts: number, helpers: readonly Worker[]): readonly number[] {
    const words = this.#words;
    for (let turn = 0; ; turn++) {
      const done = load(words, at.DONE);
      if (done === parts) return NONE;
      if (turn < this.#patience) continue;
      const since = performance.now();
      const outcome = wait(words, at.DONE, done, LOOK_AFTER_MS);
      this.#waited += performance.now() - since;
      if (outcome !== 'timed-out') continue;
      const lost = this.#lostOf(parts, helpers);
      if (lost !== null) return lost;
      if (this.#waited >= STUCK_AFTER_MS) {
        // One of them may still write, so that no later job can be shared.
        this.#dismiss(() => true);
        throw new Error(`${code.name}: a worker thread has not answered for ${STUCK_AFTER_MS / 1000} s`);
      }
    }
  }

  /** The parts that are not finished, if all of those are of workers that have ended; null otherwise. */
  #lostOf(parts: number, helpers: readonly Worker[]): readonly number[] | null {
    const ended = new Set(helpers.filter(({ hasEnded }) => hasEnded()).map(({ number }) => number));
    this.#dismiss(({ number }) => ended.has(number));
    const lost: number[] = [];
    for (let part = 0; part < parts; part++) {
      const owner = load(this.#words, at.STATES + part * at.PART_STEP) - this.#job;
      if (owner === at.FINISHED) continue;
      if (!ended.has(owner - 1)) return null;
      lost.push(part);
    }
    return lost;
  }

  #rethrow(code: KernelCode): void {
    const length = exchange(this.#words, at.FAILED, 0);
    if (length === 0) return;
    const text = new Uint8Array(this.#memory.buffer, at.MESSAGE_ADDRESS, length).slice();
    throw new Error(`${code.name}, on a worker thread: ${new TextDecoder().decode(text)}`);
  }

  /** Puts a kernel's bytes where the workers find them, once in each memory; false where there is no room. */
  #publish(code: KernelCode): boolean {
    const words = this.#words;
    const { id } = code;
    if (id >= at.MAX_KERNELS) return false;
    const entry = at.KERNELS + 2 * id;
    if (words[entry] !== 0) return true;
    const bytes = code.bytes(true);
    const address = this.#memory.holdCode(bytes.length);
    if (address === 0) return false;
    new Uint8Array(this.#memory.buffer, address, bytes.length).set(bytes);
    words[entry] = address;
    words[entry + 1] = bytes.length;
    return true;
  }
}
