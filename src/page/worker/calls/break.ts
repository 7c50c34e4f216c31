import { take } from '../../../data/dataset.js';
import { firstRows } from '../../../study/first-rows.js';
import { breaking } from '../../../study/index.js';
import { scope } from '../../../tensor/index.js';
import { type Handlers, sessionOf } from '../lab.js';

/** Examples at which gradients are compared, the first of the next batch: few enough for a turn of the worker. */
const EXAMPLES = 32;
/** Test examples for each point of a curve. */
const TESTED = 256;
const PICTURES = 8;

export const breakCalls = {
  *breakRun(lab, { mutation, steps }) {
    const session = sessionOf(lab);
    const { trainer, settings } = session;
    const { seed, beta, learningRate } = settings;
    const { x, epsilon } = scope(() => {
      const next = trainer.peek();
      return { x: firstRows(next.x, EXAMPLES), epsilon: firstRows(next.epsilon, EXAMPLES) };
    });
    const test = take(session.test, TESTED);
    // The session may continue to train; both runs start from the model as it is now.
    const vae = session.vae.copy();
    yield {
      kind: 'start',
      at: session.at,
      examples: x.shape[0],
      tested: test.size,
      latent: vae.latent,
      image: session.data.image,
    };
    yield* breaking(
      mutation,
      { vae, x, epsilon, train: session.train, test },
      { seed, beta, learningRate, steps, every: Math.max(1, Math.floor(steps / 10)), pictures: PICTURES },
    );
  },
} satisfies Partial<Handlers>;
