import type { BreakPart, MutationName } from '../../study/index.js';
import type { ImageShape } from './training.js';

/** What both runs start from. */
export interface BreakStart {
  readonly kind: 'start';
  /** Gradient steps that the model has taken. */
  readonly at: number;
  readonly examples: number;
  readonly tested: number;
  readonly latent: number;
  /** Height and width of the pictures. */
  readonly image: ImageShape;
}

export interface BreakCalls {
  /** Runs a mutation beside the right trick, from the model as it is and the batch and noise of its next step. */
  breakRun(args: { mutation: MutationName; steps: number }): Generator<BreakPart | BreakStart, void>;
}
