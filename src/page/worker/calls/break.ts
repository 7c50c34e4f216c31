import { take } from '../../../data/dataset.js';
import { type BreakPart, breaking, copyModel, type MutationName } from '../../../study/index.js';
import { step } from '../../../tensor/index.js';
import { Tensor } from '../../../tensor/tensor.js';
import type { Lab } from '../lab.js';
import { sessionOf } from '../lab.js';

/** Examples at which gradients are compared: the first of the next batch, which take a turn of the worker. */
const EXAMPLES = 32;
/** Test examples behind each point of a curve. */
const TESTED = 256;
const PICTURES = 8;

/** What both runs start from. */
export interface BreakStart {
  readonly kind: 'start';
  /** Gradient steps that the model has taken. */
  readonly at: number;
  readonly examples: number;
  readonly tested: number;
  readonly latent: number;
  /** Height and width of pictures. */
  readonly image: { readonly rows: number; readonly columns: number };
}

const firstRows = (t: Tensor): Tensor => {
  const count = Math.min(EXAMPLES, t.shape[0]);
  return new Tensor(t.data.slice(0, count * t.shape[1]), [count, t.shape[1]]);
};

export const breakCalls = {
  /** A mutation beside the right trick, from the model as it stands and the batch and noise of its next step. */
  *breakRun(
    lab: Lab,
    { mutation, steps }: { mutation: MutationName; steps: number },
  ): Generator<BreakPart | BreakStart, void> {
    const session = sessionOf(lab);
    const { trainer, settings } = session;
    const { seed, beta, learningRate } = settings;
    const { x, epsilon } = step(() => {
      const next = trainer.peek();
      return { x: firstRows(next.x), epsilon: firstRows(next.epsilon) };
    });
    const test = take(session.test, TESTED);
    // The session may go on training; both runs stay with the model as it is now.
    const vae = copyModel(session.vae);
    yield {
      kind: 'start',
      at: session.at,
      examples: x.shape[0],
      tested: test.size,
      latent: vae.config.latent,
      image: session.data.image,
    };
    yield* breaking(
      mutation,
      { vae, x, epsilon, train: session.train, test },
      { seed, beta, learningRate, steps, every: Math.max(1, Math.floor(steps / 10)), pictures: PICTURES },
    );
  },
};
