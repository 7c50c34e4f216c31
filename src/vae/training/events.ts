import type { Evaluation } from '../evaluate.js';

/** The terms of the objective in nats per example: of one batch, or averaged over the examples of an epoch. */
export type Metrics = {
  /** What is minimized: reconstruction + beta * KL, at the beta of this epoch, or what another objective makes of them. */
  readonly loss: number;
  /** -log p(x | z) without the likelihood's constant. */
  readonly reconstruction: number;
  /** KL from the prior, neither weighted nor with free bits. */
  readonly kl: number;
};

/** The terms of a VAE's objective; another model's are those that its loss gives. */
export type VAETerm = keyof Metrics;

/** A number for each term: of one batch, or averaged over the examples of an epoch. */
export type MetricsOf<K extends string> = Readonly<Record<K | 'loss', number>>;

/** What the test set comes to: of a VAE the whole evaluation, of another model the average of each term. */
export type EvaluationOf<K extends string> = [VAETerm] extends [K] ? Evaluation : MetricsOf<K>;

/** What one epoch came to. */
export interface EpochMetrics<K extends string = VAETerm> {
  /** Counted from 1. */
  readonly epoch: number;
  /** Time spent on its steps and its evaluation. */
  readonly seconds: number;
  /** Averages over the epoch's examples, each at the parameters of its step. */
  readonly train: MetricsOf<K>;
  /** The test set after the epoch's last step, at the same beta; absent when there is no test set. */
  readonly test?: EvaluationOf<K>;
}

/** After each gradient step, with the terms of its batch. */
export type StepEvent<K extends string = VAETerm> = MetricsOf<K> & {
  readonly type: 'step';
  /** Counted from 1. */
  readonly epoch: number;
  /** Within the epoch, counted from 1. */
  readonly step: number;
  /** Steps per epoch. */
  readonly steps: number;
};

/** After each epoch, its evaluation included. */
export interface EpochEvent<K extends string = VAETerm> {
  readonly type: 'epoch';
  readonly metrics: EpochMetrics<K>;
}

/** What a training run tells of itself. */
export type TrainingEvent<K extends string = VAETerm> = StepEvent<K> | EpochEvent<K>;
