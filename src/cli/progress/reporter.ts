import type { EpochMetrics, StepEvent } from '../../vae/index.js';
import type { RunConfig } from '../../vae/run/config.js';

/** What is about to be trained. */
export interface StartInfo {
  readonly config: RunConfig;
  /** Such as '4,000 glyphs'. */
  readonly dataTitle: string;
  readonly trainExamples: number;
  readonly testExamples: number;
  readonly parameters: number;
  /** The run folder. */
  readonly run: string;
  /** Epochs done before, when a run is resumed. */
  readonly epochsBefore: number;
  readonly stepsBefore: number;
  readonly stepsPerEpoch: number;
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
  /** The command that goes on. */
  readonly resume: string;
}

/** Tells the person, or the program, how training goes. */
export interface Reporter {
  start(info: StartInfo): void;
  step(event: StepEvent): void;
  epoch(metrics: EpochMetrics): void;
  /** A sentence in between. */
  notice(message: string): void;
  end(info: EndInfo): void;
  interrupted(info: InterruptedInfo): void;
}

/** Where a reporter writes. */
export interface Output {
  write(text: string): unknown;
  readonly columns?: number;
}
