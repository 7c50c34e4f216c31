import { formatNumber } from '../../tensor/format.js';

/** The settings of this library that minimize the same loss. */
export interface Equivalent {
  readonly likelihood: 'bernoulli' | 'gaussian';
  /** null for Bernoulli. */
  readonly sigma: number | null;
  readonly beta: number;
  /** The options of `pathwise train`. */
  readonly command: string;
}

export function equivalentOf(
  likelihood: 'bernoulli' | 'gaussian' | 'mse',
  sigma: number,
  beta: number,
): Equivalent {
  const gaussian = likelihood !== 'bernoulli';
  const options = [
    `--likelihood ${gaussian ? 'gaussian' : 'bernoulli'}`,
    ...(gaussian ? [`--sigma ${formatNumber(sigma, 7)}`] : []),
    `--beta ${formatNumber(beta, 7)}`,
  ];
  return {
    likelihood: gaussian ? 'gaussian' : 'bernoulli',
    sigma: gaussian ? sigma : null,
    beta,
    command: `pathwise train ${options.join(' ')}`,
  };
}
