import type { ByOrigin } from '../by-origin.js';

/** A number derived by hand, and the sum of its absolute terms, the scale of its rounding. */
export interface HandWorked {
  readonly value: number;
  readonly terms: number;
}

/** The inputs of the formulas, for one example and one latent dimension. */
export interface HandInputs {
  readonly mean: number;
  /** After the soft bound, as it enters both sigma and the KL. */
  readonly logvar: number;
  readonly epsilon: number;
  /** dL/dz, which comes from the decoder. */
  readonly dz: number;
  /** Weight of this dimension's KL: beta, or 0 if free bits exempt it. */
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
