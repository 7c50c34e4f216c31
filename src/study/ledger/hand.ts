import type { ByOrigin } from '../by-origin.js';

/** A number worked by hand, and how much rounding it may carry: the sum of its terms, each taken as positive. */
export interface HandWorked {
  readonly value: number;
  readonly terms: number;
}

/** What the formulas start from, for one example and one latent dimension. */
export interface HandInputs {
  readonly mean: number;
  /** After the soft bound, as it enters both sigma and the KL. */
  readonly logvar: number;
  readonly epsilon: number;
  /** dL/dz: the decoder's part, which no short formula gives. */
  readonly dz: number;
  /** Weight of this dimension's KL: beta, or 0 where free bits leave it alone. */
  readonly weight: number;
  /** Examples in the batch, over which the loss is an average. */
  readonly batch: number;
}

/** Formulas by what they are the gradient of. */
export interface HandFormulas {
  readonly mean: (at: HandInputs) => Omit<ByOrigin<HandWorked>, 'total'>;
  readonly logvar: (at: HandInputs) => Omit<ByOrigin<HandWorked>, 'total'>;
}

const single = (value: number): HandWorked => ({ value, terms: Math.abs(value) });

/**
 * Worked by hand from z = mean + exp(logvar / 2) epsilon and KL = (mean^2 + exp(logvar) - 1 - logvar) / 2 (Kingma & Welling 2014,
 * section 2.4 and appendix B): dz/dmean = 1, dz/dlogvar = epsilon exp(logvar / 2) / 2, dKL/dmean = mean,
 * dKL/dlogvar = (exp(logvar) - 1) / 2. The KL's are divided by the batch, as the loss is; dL/dz is so already.
 */
export const handFormulas: HandFormulas = {
  mean: ({ mean, dz, weight, batch }) => ({
    reconstruction: single(dz),
    kl: single((weight * mean) / batch),
  }),
  logvar: ({ logvar, epsilon, dz, weight, batch }) => ({
    reconstruction: single((dz * epsilon * Math.exp(logvar / 2)) / 2),
    kl: {
      value: (weight * (Math.exp(logvar) - 1)) / 2 / batch,
      terms: (weight * (Math.exp(logvar) + 1)) / 2 / batch,
    },
  }),
};
