import { number, toggle } from '../nn/schema/index.js';

// Settings of training, evaluation and checks alike, apart from the code that uses them: a page reads them without it.

/** How the KL enters the loss. */
export const weightsSchema = {
  /** Weight of the KL (Higgins et al., "beta-VAE", 2017). Defaults to 1, the ELBO. */
  beta: number({ min: 0, default: 1, label: 'β, weight of the KL', help: 'weight of the KL' }),
  /** Nats below which a latent dimension's KL is not pushed further (Kingma et al. 2016). Defaults to 0. */
  freeBits: number({
    min: 0,
    default: 0,
    unit: 'nats',
    help: "a latent dimension's KL counts at least this much",
  }),
};

/** Draw each value as 0 or 1 with itself as the probability, anew at each step (dynamic binarization). Defaults to false. */
export const binarize = toggle({
  label: 'Binarized at each step',
  help: 'draw each pixel as 0 or 1 at every step',
});
