import type { EstimatorReport } from '../../study/estimators/index.js';
import type { ImageShape } from './training.js';

/** What is being compared. */
export interface EstimatorsBegun extends ImageShape {
  /** Identifies the comparison. */
  readonly id: number;
  /** Gradient steps that the model has taken. */
  readonly at: number;
  /** Examples in the batch, and dimensions of z. */
  readonly batch: number;
  readonly latent: number;
  readonly beta: number;
  /** The images of the batch, 0 to 255, one after another. */
  readonly pixels: Uint8Array;
  /** Groups of parameters that gradients are compared in. */
  readonly groups: readonly { readonly name: string; readonly size: number }[];
}

/** A part of the comparison: first the reference, then draws. */
export type EstimatorsPart =
  | { readonly phase: 'reference'; readonly done: number }
  | {
      readonly phase: 'draws';
      /** Draws so far, of each estimator. */
      readonly done: number;
      /** The new estimates by the estimator's name, draw after draw: gradients by mean [batch, latent], then by logvar. */
      readonly estimates: Readonly<Record<string, Float32Array>>;
      /** The reference, in the same order. */
      readonly reference: Float32Array;
      readonly report: EstimatorReport;
    };

export interface EstimatorsCalls {
  /** Holds the model as it is now, with at most the first `batch` examples of the next step. */
  estimatorsBegin(args: { batch: number }): EstimatorsBegun;
  /** Continues a comparison to `draws` draws, after `reference` draws for the reference, until it is paused or replaced. */
  estimatorsDraw(args: { id: number; reference: number; draws: number }): Generator<EstimatorsPart, null>;
  /** Ends the turn of a comparison without losing a part that was sent, as cancelling the call would. */
  estimatorsPause(args: { id: number }): void;
}
