import type { Evaluation } from '../evaluate.js';

/** The terms of the objective in nats per example: of one batch, or averaged over the examples of an epoch. */
export interface Metrics {
  /** What is minimized: reconstruction + beta * KL, at the beta of this epoch. */
  readonly loss: number;
  /** -log p(x | z) without the likelihood's constant. */
  readonly reconstruction: number;
  /** KL from the prior, neither weighted nor with free bits. */
  readonly kl: number;
}

/** What one epoch came to. */
export interface EpochMetrics {
  /** Counted from 1. */
  readonly epoch: number;
  /** Time spent on its steps and its evaluation. */
  readonly seconds: number;
  /** Averages over the epoch's examples, each at the parameters of its step. */
  readonly train: Metrics;
  /** The test set after the epoch's last step, at the same beta; absent when there is no test set. */
  readonly test?: Evaluation;
}

/** After each gradient step. */
export interface StepEvent extends Metrics {
  readonly type: 'step';
  /** Counted from 1. */
  readonly epoch: number;
  /** Within the epoch, counted from 1. */
  readonly step: number;
  /** Steps per epoch. */
  readonly steps: number;
}

/** After each epoch, its evaluation included. */
export interface EpochEvent {
  readonly type: 'epoch';
  readonly metrics: EpochMetrics;
}

/** What a training run tells of itself. */
export type TrainingEvent = StepEvent | EpochEvent;
