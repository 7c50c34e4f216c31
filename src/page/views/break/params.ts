import { choice, optional, type Values } from '../../../nn/schema/index.js';
import { MUTATIONS, type MutationName } from '../../../study/break/words.js';

export const STEPS = ['0', '50', '100', '200', '500', '1000'] as const;
export const GRADIENT_TERMS = ['reconstruction', 'kl', 'loss'] as const;
export type GradientTerm = (typeof GRADIENT_TERMS)[number];
export const GRADIENT_TENSORS = ['mean', 'logvar', 'z'] as const;
export type GradientTensor = (typeof GRADIENT_TENSORS)[number];

/** What the address keeps of this view. */
export const breakSchema = {
  mutation: choice(MUTATIONS, { default: 'drop-half', help: 'what is wrong' }),
  steps: choice(STEPS, { default: '200', help: 'gradient steps of both runs' }),
  /** The gradient shown, of `term` with respect to `tensor`. Null for the one that shows the mutation best. */
  term: optional(choice(GRADIENT_TERMS, { help: 'the term of the gradient shown' })),
  tensor: optional(choice(GRADIENT_TENSORS, { help: 'the tensor of the gradient shown' })),
};

const BEST: Readonly<Record<MutationName, readonly [GradientTerm, GradientTensor]>> = {
  'drop-half': ['reconstruction', 'logvar'],
  'detach-z': ['reconstruction', 'mean'],
  'variance-as-sigma': ['reconstruction', 'logvar'],
  'kl-sign': ['kl', 'mean'],
  'prior-sample': ['reconstruction', 'mean'],
  'epsilon-redrawn': ['reconstruction', 'mean'],
};

/** The gradient to show: of which term, with respect to which tensor. */
export function gradientOf({
  mutation,
  term,
  tensor,
}: Values<typeof breakSchema>): readonly [GradientTerm, GradientTensor] {
  const best = BEST[mutation];
  return [term ?? best[0], tensor ?? best[1]];
}
