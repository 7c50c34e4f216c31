import { take } from '../../../data/dataset.js';
import { firstRows, firstSample } from '../../../study/first-rows.js';
import { type BreakPart, breaking, type MutationName } from '../../../study/index.js';
import { scope } from '../../../tensor/index.js';
import type { ImageShape } from '../../shared/training.js';
import { type Lab, sessionOf } from '../lab.js';

/** Examples at which gradients are compared, the first of the next batch: few enough for a turn of the worker. */
const EXAMPLES = 32;
/** Test examples for each point of a curve. */
const TESTED = 256;
const PICTURES = 8;

/** What both runs start from: the model after `at` gradient steps. */
interface BreakStart {
  readonly kind: 'start';
  readonly at: number;
  readonly examples: number;
  readonly tested: number;
  readonly image: ImageShape;
}

export const breakCalls = {
  /** Runs a mutation beside the right trick, from the model as it is and the batch and noise of its next step. */
  *breakRun(
    lab: Lab,
    { mutation, steps }: { mutation: MutationName; steps: number },
  ): Generator<BreakPart | BreakStart, void> {
    const { trainer, settings, train, test: all, vae: model, at, data, beta } = sessionOf(lab);
    const { seed, learningRate } = settings;
    const { x, epsilon } = scope(() => {
      const next = trainer.peek();
      return { x: firstRows(next.x, EXAMPLES), epsilon: firstRows(firstSample(next.epsilon), EXAMPLES) };
    });
    const test = take(all, TESTED);
    // The session may continue to train; both runs start from the model as it is now.
    const vae = model.copy();
    yield { kind: 'start', at, examples: x.shape[0], tested: test.size, image: data.image };
    yield* breaking(
      mutation,
      { vae, x, epsilon, train, test },
      { seed, beta, learningRate, steps, every: Math.max(1, Math.floor(steps / 10)), pictures: PICTURES },
    );
  },
};
