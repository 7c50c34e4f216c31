import { formatCount, formatSeconds } from '../../tensor/format.js';
import type { Output } from '../progress/reporter.js';
import { bar } from '../progress/terminal.js';

const CLEAR = '\r\u001b[2K';
/** Milliseconds between updates of the bar. */
const PAUSE = 200;
/** Shows how far an evaluation has come: a bar on a terminal, elsewhere a line for each tenth. */
export class EvaluationProgress {
  #drawn = Number.NEGATIVE_INFINITY;
  #tenths = 0;
  readonly #began: number;

  /**
   * @param title what is evaluated
   * @param from examples that were done before
   * @param now a clock in milliseconds
   */
  constructor(
    private readonly output: Output & { readonly isTTY: boolean },
    private readonly title: string,
    private readonly range: { readonly from: number; readonly to: number },
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#began = now();
  }

  /** @param done examples, with a fraction for the one at hand */
  show(done: number): void {
    const { from, to } = this.range;
    const now = this.now();
    const { isTTY, columns = 80 } = this.output;
    const tenths = Math.floor((10 * done) / to);
    // The last tenth has its results for a line.
    if (isTTY ? now - this.#drawn < PAUSE : tenths === this.#tenths || done === to) return;
    this.#drawn = now;
    this.#tenths = tenths;
    const left = ((now - this.#began) / 1000 / (done - from)) * (to - done);
    const text = `${formatCount(Math.floor(done))} of ${formatCount(to)}, ${formatSeconds(left)} left`;
    if (!isTTY) {
      this.output.write(`${this.title}: ${text}\n`);
      return;
    }
    const room = columns - this.title.length - text.length - 7;
    this.output.write(`${CLEAR}  ${this.title}  ${bar(done / to, Math.max(4, Math.min(32, room)))}  ${text}`);
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.output.isTTY) this.output.write(CLEAR);
  }
}
