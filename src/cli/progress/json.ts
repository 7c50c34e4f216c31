import type { EpochMetrics } from '../../vae/index.js';
import type { EndInfo, InterruptedInfo, Output, Reporter, StartInfo } from './reporter.js';

/** Writes one JSON object on each line, for programs and logs. */
export class JsonReporter implements Reporter {
  constructor(private readonly output: Output) {}

  private line(event: string, fields: object): void {
    this.output.write(`${JSON.stringify({ event, ...fields })}\n`);
  }

  start({ config, ...info }: StartInfo): void {
    const { preset, data, model, training } = config;
    this.line('start', { ...info, preset, data, model, training });
  }

  /** Steps are too many for a log. */
  step(): void {}

  epoch({ epoch, seconds, train, test }: EpochMetrics): void {
    this.line('epoch', { epoch, seconds, train, test });
  }

  notice(message: string): void {
    this.line('notice', { message });
  }

  end(info: EndInfo): void {
    this.line('end', info);
  }

  interrupted(info: InterruptedInfo): void {
    this.line('interrupted', info);
  }
}
