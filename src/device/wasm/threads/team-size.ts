/** The time of jobs, in milliseconds, that a decision rests on: several turns of the operating system's scheduler. */
const WINDOW = 50;
/** The share of it spent waiting from which on fewer threads are tried. */
const LATE = 0.2;
/** The processor time for a thread, as a share of the time that passes, below which others have the rest. */
const HAD = 0.6;
/** After a trial, the time until the next one: twice as long whenever one changes nothing. */
const MIN_REST = 50;
const MAX_REST = 2000;
/** How much less an earlier job of a kernel counts than the next one. */
const FADE = 31 / 32;

/** What the work of each kernel usually takes. */
class Speeds {
  readonly #times: number[] = [];
  readonly #works: number[] = [];

  note(kernel: number, work: number, time: number): void {
    this.#times[kernel] = (this.#times[kernel] ?? 0) * FADE + time;
    this.#works[kernel] = (this.#works[kernel] ?? 0) * FADE + work;
  }

  /** For a unit of work; undefined for a kernel that has not run yet. */
  of(kernel: number): number | undefined {
    return this.#works[kernel] === undefined ? undefined : this.#times[kernel] / this.#works[kernel];
  }
}

/**
 * How many threads share jobs. On a busy machine a thread that has a part may be set aside for some milliseconds, and all others
 * wait for it. Where much time passes so, half as many threads are tried, or twice as many: a trial compares its jobs with the
 * usual speed of their kernels, and its size stays if it is faster. As many as there are come back in the same way.
 */
export class TeamSize {
  #size: number;
  #speeds = new Speeds();
  /** The size that is tried, its speeds, and the size before it. */
  #trial: { readonly speeds: Speeds; readonly before: number } | null = null;
  /** Milliseconds of jobs in this window: all, what they usually take, what was spent waiting. */
  #spent = 0;
  #usual = 0;
  #waited = 0;
  #rest = MIN_REST;
  #restUntil = 0;
  #triesMore = false;
  #isBusy = false;
  /** The clock and the processor time at the end of the last window. */
  #now = 0;
  #processor = 0;

  /**
   * @param most threads, the caller among them
   * @param processorTime milliseconds that all threads have had so far; null where nobody knows
   */
  constructor(
    private most: number,
    private readonly processorTime: () => number | null,
  ) {
    this.#size = most;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether others want the cores too: what threads spend spinning is lost to the work then. */
  get isBusy(): boolean {
    return this.#isBusy;
  }

  /** Lowers the most there can be. */
  limit(most: number): void {
    this.most = most;
    this.#size = Math.min(this.#size, most);
  }

  /**
   * Takes note of a job.
   * @param kernel its number
   * @param work in any unit
   * @param start, end, in milliseconds of any clock
   * @param waited milliseconds in which the caller slept until others were done
   */
  note(kernel: number, work: number, start: number, end: number, waited: number): void {
    const time = end - start;
    (this.#trial?.speeds ?? this.#speeds).note(kernel, work, time);
    this.#spent += time;
    this.#usual += (this.#speeds.of(kernel) ?? time / work) * work;
    this.#waited += waited;
    if (this.#spent < WINDOW) return;
    this.#isBusy = this.#size > 1 ? this.#looksBusy(end) : this.#isBusy;
    if (this.#trial !== null) this.#judge(this.#trial, end);
    else if (end >= this.#restUntil) this.#try();
    this.#spent = 0;
    this.#usual = 0;
    this.#waited = 0;
  }

  #looksBusy(now: number): boolean {
    const processor = this.processorTime();
    if (processor === null) return this.#waited > LATE * this.#spent;
    const hadLess = processor - this.#processor < HAD * this.#size * (now - this.#now);
    this.#processor = processor;
    this.#now = now;
    return hadLess;
  }

  #judge({ speeds, before }: { readonly speeds: Speeds; readonly before: number }, now: number): void {
    const isFaster = this.#spent < this.#usual;
    if (isFaster) this.#speeds = speeds;
    else {
      this.#size = Math.min(before, this.most);
      this.#triesMore = !this.#triesMore;
    }
    this.#rest = isFaster ? MIN_REST : Math.min(2 * this.#rest, MAX_REST);
    this.#restUntil = now + this.#rest;
    this.#trial = null;
  }

  #try(): void {
    const size = this.#size;
    const more = Math.min(2 * size, this.most);
    const isLate = this.#waited > LATE * this.#spent;
    const other = isLate && !(this.#triesMore && more > size) ? Math.ceil(size / 2) : more;
    if (other === size) return;
    this.#trial = { speeds: new Speeds(), before: size };
    this.#size = other;
  }
}
