import type { EpochMetrics, StepEvent } from '../../vae/index.js';
import type { RunConfig } from '../../vae/run/config.js';

/** The training that is about to start. */
export interface StartInfo {
  readonly config: RunConfig;
  /** Such as '4,000 glyphs'. */
  readonly dataTitle: string;
  readonly trainExamples: number;
  readonly testExamples: number;
  readonly parameters: number;
  /** The run folder. */
  readonly run: string;
  /** Epochs already done, when a run is resumed. */
  readonly epochsBefore: number;
  readonly stepsBefore: number;
  readonly stepsPerEpoch: number;
  /** What the rest of the training will take, at most, by the time of one step. */
  readonly estimatedSeconds: number;
}

export interface EndInfo {
  readonly run: string;
  /** Path of report.html. */
  readonly report: string;
  readonly epochs: number;
  readonly seconds: number;
}

export interface InterruptedInfo {
  readonly run: string;
  readonly checkpoint: string;
  /** The command that resumes. */
  readonly resume: string;
}

/** Reports the progress of a training. */
export interface Reporter {
  start(info: StartInfo): void;
  step(event: StepEvent): void;
  epoch(metrics: EpochMetrics): void;
  /** Prints a message between other output. */
  notice(message: string): void;
  end(info: EndInfo): void;
  interrupted(info: InterruptedInfo): void;
}

/** The output of a reporter. */
export interface Output {
  write(text: string): unknown;
  readonly columns?: number | undefined;
}
