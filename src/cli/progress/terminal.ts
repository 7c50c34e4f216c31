import { formatCount, formatNats, formatSeconds } from '../../tensor/format.js';
import { widthsText } from '../../vae/config.js';
import type { EpochMetrics, StepEvent } from '../../vae/index.js';
import type { EndInfo, InterruptedInfo, Output, Reporter, StartInfo } from './reporter.js';

const CLEAR = '\r\u001b[2K';
/** Milliseconds between updates of the bar. */
const PAUSE = 100;

/** Seconds from which a run is long enough to say so before it begins. */
const LONG = 60;

/** `████████▌       `: a bar of `width` characters, filled to `share`. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.max(0, Math.min(1, share)) * width * 8);
  const partial = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8];
  return ('█'.repeat(Math.floor(eighths / 8)) + partial).padEnd(width, '░');
}

/** A progress bar with loss and time left, and one line for each epoch. */
export class TerminalReporter implements Reporter {
  #info: StartInfo | undefined;
  #began = 0;
  #drawn = Number.NEGATIVE_INFINITY;

  /** @param now a clock in milliseconds */
  constructor(
    private readonly output: Output,
    private readonly now: () => number = () => performance.now(),
  ) {}

  private line(text: string): void {
    this.output.write(`${CLEAR}${text}\n`);
  }

  start(info: StartInfo): void {
    this.#info = info;
    this.#began = this.now();
    const { config, dataTitle, parameters, run, epochsBefore, estimatedSeconds } = info;
    const { model, training } = config;
    this.line(`A VAE ${widthsText(model)} (${formatCount(parameters)} parameters) on ${dataTitle}`);
    this.line(`${model.likelihood} likelihood, beta ${training.beta}, seed ${training.seed}, in ${run}`);
    if (epochsBefore > 0) this.line(`resuming after epoch ${epochsBefore}`);
    if (estimatedSeconds >= LONG) this.line(`about ${formatSeconds(estimatedSeconds)} on this machine`);
    this.line('');
    this.line('  epoch       train        test   reconstruction     KL    active');
  }

  step({ epoch, step, steps, loss }: StepEvent): void {
    const now = this.now();
    if (this.#info === undefined || (now - this.#drawn < PAUSE && step < steps)) return;
    this.#drawn = now;
    const { config, epochsBefore, stepsBefore } = this.#info;
    const total = config.training.epochs * steps;
    const before = epochsBefore * steps + stepsBefore;
    const done = (epoch - 1) * steps + step;
    const left = ((now - this.#began) / 1000 / (done - before)) * (total - done);
    const text = `   loss ${formatNats(loss)}   ${formatSeconds(left)} left`;
    const head = `  epoch ${epoch}/${config.training.epochs}  `;
    const room = (this.output.columns ?? 80) - head.length - text.length - 1;
    this.output.write(`${CLEAR}${head}${bar(done / total, Math.max(4, Math.min(32, room)))}${text}`);
  }

  epoch({ epoch, seconds, train, test }: EpochMetrics): void {
    const total = this.#info?.config.training.epochs ?? epoch;
    const latent = this.#info?.config.model.latent ?? 0;
    const shown = test ?? train;
    const cells = [
      `${epoch}/${total}`.padStart(7),
      formatNats(train.loss).padStart(12),
      (test === undefined ? '-' : formatNats(test.loss)).padStart(12),
      formatNats(shown.reconstruction).padStart(17),
      formatNats(shown.kl).padStart(7),
      (test === undefined ? '-' : `${test.activeUnits}/${latent}`).padStart(10),
    ];
    this.line(`${cells.join('')}   ${formatSeconds(seconds)}`);
  }

  notice(message: string): void {
    this.line(message);
  }

  end({ report, seconds }: EndInfo): void {
    this.line('');
    this.line(`Done in ${formatSeconds(seconds)}. Losses are nats per example.`);
    this.line(`The report: ${report}`);
  }

  interrupted({ checkpoint, resume }: InterruptedInfo): void {
    this.line('');
    this.line(`Stopped after the current step; saved in ${checkpoint}`);
    this.line(`Resume with: ${resume}`);
  }
}
