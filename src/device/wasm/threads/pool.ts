import { messageOf } from '../../../tensor/describe.js';
import * as at from '../../../tensor/memory/control.js';
import type { Memory } from '../../../tensor/memory/memory.js';
import type { Emitted } from '../engine.js';
import type { KernelCode } from '../kernel-code.js';
import { coreCount, maySleep, startWorker, threadCount } from './host.js';
import { WORKER_SOURCE } from './worker.js';

const { add, compareExchange, exchange, load, notify, store, wait } = Atomics;

/** Spin iterations before sleeping (about 150 us; waking costs 50). None where threads outnumber cores. */
const PATIENCE = 12_000;
/** The smallest part, as a share of the job, for few threads and for many: a job has room for 64 parts. */
const smallestShare = (threads: number): number => (threads <= 8 ? 1 / 200 : 1 / 32);
/** Beyond any number of parts. */
const NO_TICKET = 255;
/** A part takes milliseconds: past this a worker is lost, not late. */
const LOST_AFTER_MS = 60_000;

const refused = (reason: string): Error => new Error(`worker threads are refused here (${reason})`);

/** Calls a kernel, or its stand-in, once, with the arguments for the part from `start` up to `end`. */
export type Part = (kernel: Emitted, start: number, end: number) => void;

/** A kernel's work on 0 to `count`, in parts that begin at multiples of `grain` and are of `least` or more, but for the last. */
export interface Job {
  readonly count: number;
  readonly grain: number;
  readonly least: number;
  readonly part: Part;
}

/** The control space of a memory, as words. */
export const controlWords = (buffer: ArrayBuffer): Int32Array<ArrayBuffer> =>
  new Int32Array(buffer, at.ADDRESS, at.BYTES / 4);

/**
 * Threads that share the engine's memory. `run` is synchronous: the caller takes parts too, then waits for the others. Each
 * thread has the same range of every job, so that its cache still holds what it left there; then it helps the others. Parts may
 * be stolen; results do not depend on who ran them.
 */
export class Pool {
  readonly #memory: Memory;
  readonly #words: Int32Array<ArrayBuffer>;
  /** Lists of arguments, by length. */
  readonly #lists: number[][] = [];
  /** The first part of each range of the job that is laid out. */
  readonly #firsts: number[] = [];
  /** Workers that have failed or ended. */
  readonly #lost = new Set<number>();
  /** What to tell of one. */
  #loss: string | null = null;
  #reason: string | null = null;
  #job = 0;
  /** Where the next arguments go, and how many the last ones were. */
  #place = 0;
  #width = 0;

  private constructor(
    memory: Memory,
    readonly threads: number,
    patience: number,
  ) {
    this.#memory = memory;
    this.#words = controlWords(memory.buffer);
    this.#words[at.PATIENCE] = patience;
    for (let i = 1; i < threads; i++)
      startWorker(WORKER_SOURCE, memory.wasm, (reason) => this.#lose(i, reason));
  }

  /** The first loss is told, by the next job; the other threads take the parts of those that are gone. */
  #lose(worker: number, reason: string): void {
    this.#reason ??= reason;
    if (this.#lost.size === 0)
      this.#loss = `worker thread ${worker} of ${this.threads - 1} is lost: ${reason}`;
    this.#lost.add(worker);
  }

  /**
   * Null where there is but one thread by choice.
   * @throws Error with the reason why there can be no more, to follow 'since'.
   */
  static start(memory: Memory, threads = threadCount(), cores = coreCount()): Pool | null {
    if (threads < 2) return null;
    if (!memory.shared) throw new Error('memory cannot be shared between threads here');
    if (!maySleep()) throw new Error("a page's window may not wait for threads; a worker may");
    try {
      return new Pool(memory, threads, threads > cores ? 0 : PATIENCE);
    } catch (error) {
      throw refused(messageOf(error));
    }
  }

  /** @throws Error as {@link start} does, where all are lost and none came up: a page's policy, say, tells it late. */
  checkStarted(): void {
    if (this.#reason !== null && this.#lost.size === this.threads - 1 && this.ready === 0)
      throw refused(this.#reason);
  }

  /** Workers that take part by now; they need a moment to start. */
  get ready(): number {
    return load(this.#words, at.READY);
  }

  /**
   * Runs a kernel on each part, in any order and at the same time; on this thread alone where there is no room for its code.
   * @throws Error what a thread threw; and once, before anything is done, that a thread is lost.
   */
  run(code: KernelCode, kernel: Emitted, job: Job): void {
    const words = this.#words;
    // As long as none has come up the caller does it all, and they may be refused here.
    const loss = this.ready > 0 ? this.#loss : null;
    if (loss !== null) {
      this.#loss = null;
      throw new Error(`${code.name}: ${loss}; the others go on; with one thread it cannot happen`);
    }
    if (!this.#publish(code)) {
      job.part(kernel, 0, job.count);
      return;
    }
    this.#job = (this.#job + 1) & 0x7fffff;
    // Void the tickets of the last job first: a worker that was delayed while holding one could otherwise see this job's larger
    // number of parts, and take one too early.
    for (let i = 0; i < this.threads; i++) this.#giveTicket(i, NO_TICKET);
    // All parts of the last job are done, so no worker reads what follows before the new tickets are out.
    this.#width = 0;
    const parts = this.#layOut(job);
    words[at.KERNEL] = code.id;
    words[at.WIDTH] = this.#width;
    store(words, at.PARTS, parts);
    store(words, at.DONE, 0);
    for (let i = 0; i < this.threads; i++) this.#giveTicket(i, this.#firsts[i]);
    store(words, at.JOB, this.#job);
    notify(words, at.JOB);
    let error: unknown;
    for (let range = 0; range < this.threads; range++) {
      for (let i = this.#take(range); i >= 0; i = this.#take(range)) {
        try {
          kernel(...this.#kept(i));
        } catch (thrown) {
          error ??= thrown;
        }
        add(words, at.DONE, 1);
      }
    }
    this.#wait(code, parts);
    if (error !== undefined) throw error;
    this.#rethrow(code);
  }

  /**
   * Writes down the arguments of a job's parts, range by range. Those of a range go from large to small, so that threads end
   * together.
   * @returns how many parts there are
   */
  #layOut({ count, grain, least, part }: Job): number {
    const { threads } = this;
    const words = this.#words;
    const firsts = this.#firsts;
    const smallest = Math.max(least, Math.ceil((count * smallestShare(threads)) / grain) * grain);
    const length = Math.ceil(count / threads / grain) * grain;
    words[at.RANGES] = threads;
    let parts = 0;
    for (let range = 0; range < threads; range++) {
      firsts[range] = parts;
      const stop = Math.min(count, (range + 1) * length);
      for (let start = range * length; start < stop; parts++) {
        const half = Math.ceil((stop - start) / 2 / grain) * grain;
        const end = Math.min(stop, start + Math.max(smallest, half));
        this.#place = at.ARGUMENTS + parts * at.MAX_ARGUMENTS;
        part(this.#keep, start, end);
        start = end;
      }
      words[at.ENDS + range] = parts;
    }
    return parts;
  }

  #giveTicket(range: number, part: number): void {
    store(this.#words, at.TICKETS + range * at.TICKET_STEP, (this.#job << 8) | part);
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
    lists[width] ??= new Array<number>(width).fill(0);
    const list = lists[width];
    const from = at.ARGUMENTS + part * at.MAX_ARGUMENTS;
    for (let i = 0; i < width; i++) list[i] = words[from + i];
    return list;
  }

  /** Takes the next free part of a range; -1 when there is none. */
  #take(range: number): number {
    const words = this.#words;
    const place = at.TICKETS + range * at.TICKET_STEP;
    for (;;) {
      const ticket = load(words, place);
      if ((ticket & 255) >= words[at.ENDS + range]) return -1;
      if (compareExchange(words, place, ticket, ticket + 1) === ticket) return ticket & 255;
    }
  }

  #wait(code: KernelCode, parts: number): void {
    const words = this.#words;
    const patience = words[at.PATIENCE];
    for (let turn = 0; ; turn++) {
      const done = load(words, at.DONE);
      if (done === parts) return;
      if (turn < patience) continue;
      if (wait(words, at.DONE, done, LOST_AFTER_MS) === 'timed-out') {
        throw new Error(`${code.name}: a worker thread has not answered for ${LOST_AFTER_MS / 1000} s`);
      }
    }
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
