import { MUTATIONS, type MutationName } from '../../../study/break/words.js';
import { quote } from '../../../tensor/describe.js';

/** The parameters of this view in the address; invalid values are reported in `problems`. */
export interface BreakParams {
  readonly mutation: MutationName;
  /** Gradient steps of both runs. */
  readonly steps: number;
  /** The gradient shown: of `term` with respect to `tensor`. */
  readonly term: GradientTerm;
  readonly tensor: GradientTensor;
  readonly problems: readonly string[];
}

export const STEPS = [0, 50, 100, 200, 500, 1000] as const;
export const GRADIENT_TERMS = ['reconstruction', 'kl', 'loss'] as const;
export type GradientTerm = (typeof GRADIENT_TERMS)[number];
export const GRADIENT_TENSORS = ['mean', 'logvar', 'z'] as const;
export type GradientTensor = (typeof GRADIENT_TENSORS)[number];

/** The gradient that shows each mutation best. */
const SHOWN: Readonly<Record<MutationName, readonly [GradientTerm, GradientTensor]>> = {
  'drop-half': ['reconstruction', 'logvar'],
  'detach-z': ['reconstruction', 'mean'],
  'variance-as-sigma': ['reconstruction', 'logvar'],
  'kl-sign': ['kl', 'mean'],
  'prior-sample': ['reconstruction', 'mean'],
  'epsilon-redrawn': ['reconstruction', 'mean'],
};

export function readParams(given: Readonly<Record<string, string>>): BreakParams {
  const problems: string[] = [];
  const choice = <T extends string>(name: string, words: readonly T[], otherwise: T): T => {
    const text = given[name];
    const found = words.find((word) => word === text);
    if (text !== undefined && found === undefined)
      problems.push(`${name} is ${quote(text)}; it must be one of ${words.join(', ')}`);
    return found ?? otherwise;
  };
  const mutation = choice('mutation', MUTATIONS, 'drop-half');
  const [term, tensor] = SHOWN[mutation];
  return {
    mutation,
    steps: Number(choice('steps', STEPS.map(String), '200')),
    term: choice('term', GRADIENT_TERMS, term),
    tensor: choice('tensor', GRADIENT_TENSORS, tensor),
    problems,
  };
}
