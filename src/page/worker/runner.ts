import { messageOf } from '../../tensor/describe.js';
import type { EpochMetrics } from '../../vae/training/index.js';
import { extended, type History, NO_HISTORY, type Point } from '../shared/history.js';
import type { LabEvent, Pace } from '../shared/training.js';
import type { Session } from './session.js';
import { nextTurn } from './turn.js';

/** Milliseconds of steps before other calls get a turn. */
const TURN = 30;
/** Milliseconds between events; for a window that is slow to draw, twice as many. */
const BETWEEN = 80;

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Where a training comes from. */
export interface Lineage {
  readonly id?: string;
  readonly origin?: string | null;
  readonly curve?: History;
}

/** Takes the steps of one session, turn by turn, and reports them. A new run ends the previous one. */
export class Runner {
  pace: Pace = 'full';
  calm = false;
  /** Names this training in this window among those of all windows and times. */
  readonly id: string;
  /** Identifies the current run; null while there is none. */
  #current: object | null = null;
  #points: Point[] = [];
  #epochs: EpochMetrics[] = [];
  #told = 0;

  /** The terms of the objective so far. */
  curve: History;
  /** The file that the training came from, by a number of its own; null where it follows from the settings. */
  readonly origin: string | null;
  readonly #emit: (event: LabEvent) => void;

  /** @param number of the session, for the window */
  constructor(
    readonly session: Session,
    private number: number,
    emit: (event: LabEvent) => void,
    { id = '', origin = null, curve = NO_HISTORY }: Lineage = {},
  ) {
    this.#emit = emit;
    this.id = id;
    this.origin = origin;
    this.curve = curve;
  }

  /** Takes the number of a session that the window could not have. */
  renumber(number: number): void {
    this.number = number;
  }

  get running(): boolean {
    return this.#current !== null;
  }

  /**
   * Takes steps until `done`, a pause, or an error, which is reported. Resolves when the run has ended.
   * @param pace Defaults to the pace of the runner.
   */
  async run(done: () => boolean, pace?: Pace): Promise<void> {
    const token = {};
    this.#current = token;
    const goesOn = (): boolean => this.#current === token && (this.session.evaluates || !done());
    let problem: string | null = null;
    try {
      while (goesOn()) {
        this.#turn(goesOn, pace ?? this.pace);
        await this.#rest(pace ?? this.pace);
      }
    } catch (error) {
      problem = messageOf(error);
    }
    if (this.#current === token) this.#stop(problem);
  }

  /** Ends the current run at once, even while it waits for its next step. */
  pause(): void {
    if (this.running) this.#stop(null);
  }

  /** Ends the current run without an event, because its session is replaced. */
  abandon(): void {
    this.#current = null;
  }

  #turn(goesOn: () => boolean, pace: Pace): void {
    const until = performance.now() + TURN;
    do {
      const event = this.session.turn();
      if (event?.type === 'epoch') this.#epochs.push(event.metrics);
      else if (event !== null) {
        const { loss, reconstruction, kl } = event;
        this.#points.push({ at: this.session.at, loss, reconstruction, kl });
      }
    } while (pace === 'full' && performance.now() < until && goesOn());
  }

  async #rest(pace: Pace): Promise<void> {
    if (pace !== 'full' || performance.now() - this.#told >= (this.calm ? 2 : 1) * BETWEEN) this.#tell();
    await (pace === 'full' || this.session.evaluates ? nextTurn() : sleep(1000 / pace));
  }

  #tell(): void {
    const { session, number } = this;
    const [points, epochs] = [this.#points, this.#epochs];
    this.#points = [];
    this.#epochs = [];
    this.#told = performance.now();
    this.curve = extended(this.curve, points);
    this.#emit({ type: 'progress', session: number, points, epochs, at: session.at });
  }

  #stop(problem: string | null): void {
    this.#current = null;
    if (this.#points.length > 0 || this.#epochs.length > 0) this.#tell();
    this.#emit({ type: 'stopped', session: this.number, at: this.session.at, problem });
  }
}
