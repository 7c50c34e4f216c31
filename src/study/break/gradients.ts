import { backward, type Gradients } from '../../autograd/index.js';
import { needsGradient } from '../../autograd/node.js';
import type { TensorData } from '../../tensor/dtype.js';
import { scope } from '../../tensor/memory/scope.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { LatentVariableModel } from '../../vae/model.js';
import type { Objective } from '../../vae/objective.js';
import { rightTrick, type Trick, type TrickOptions, trickObjective } from './trick.js';

/** The parts of the objective whose gradients are compared. */
export const TERMS = ['reconstruction', 'kl', 'loss'] as const;
/** A term of the loss, or the loss. */
export type Term = (typeof TERMS)[number];

/** A gradient in both runs. */
export interface GradientPair {
  readonly term: Term;
  /** 'mean', 'logvar', 'z', or the name of a parameter. */
  readonly tensor: string;
  readonly shape: readonly number[];
  /** Euclidean norms; 0 if no gradient reaches the tensor. */
  readonly rightNorm: number;
  readonly wrongNorm: number;
  /** Cosine of the angle between the two; null if one of them vanishes. */
  readonly cosine: number | null;
  /** The multiple of the right one nearest to the wrong one, <wrong, right> / <right, right>; null as above. */
  readonly ratio: number | null;
  /** |wrong - right| relative to the larger norm; 0 if both vanish. */
  readonly difference: number;
  /** All numbers, for mean, logvar and z; null for parameters. */
  readonly values: { readonly right: TensorData; readonly wrong: TensorData } | null;
}

function compare(
  term: Term,
  tensor: string,
  shape: readonly number[],
  found: { readonly right: TensorData; readonly wrong: TensorData },
  keep: boolean,
): GradientPair {
  const { right, wrong } = found;
  let [rr, ww, rw, dd] = [0, 0, 0, 0];
  for (let i = 0; i < right.length; i++) {
    rr += right[i] * right[i];
    ww += wrong[i] * wrong[i];
    rw += right[i] * wrong[i];
    dd += (right[i] - wrong[i]) ** 2;
  }
  const both = rr > 0 && ww > 0;
  const larger = Math.sqrt(Math.max(rr, ww));
  return {
    term,
    tensor,
    shape,
    rightNorm: Math.sqrt(rr),
    wrongNorm: Math.sqrt(ww),
    cosine: both ? rw / Math.sqrt(rr * ww) : null,
    ratio: both ? rw / rr : null,
    difference: larger === 0 ? 0 : Math.sqrt(dd) / larger,
    values: keep ? { right: right.slice(), wrong: wrong.slice() } : null,
  };
}

/** The gradient, or zeros if there is none. */
const dataOf = (gradients: Gradients | null, t: Tensor): TensorData =>
  gradients?.find(t)?.data ?? (t.dtype === 'float32' ? new Float32Array(t.size) : new Float64Array(t.size));

/**
 * Compares the gradients of a mutated trick with those of the right one, at the same weights, examples and noise: by mean, logvar and z of
 * reconstruction, KL and loss, and by every parameter of the loss.
 * @param x [batch, features]
 * @param epsilon [batch, latent]
 */
export function compareGradients(
  trick: Trick,
  vae: LatentVariableModel,
  x: Tensor,
  epsilon: Tensor,
  options: TrickOptions = {},
): GradientPair[] {
  return scope(() => {
    const passes = [rightTrick, trick].map((of) => trickObjective(of, vae, x, epsilon, options));
    const of = (term: Term): (Gradients | null)[] =>
      passes.map((pass) => (needsGradient(pass[term]) ? backward(pass[term]) : null));
    const inner = ['mean', 'logvar', 'z'] as const;
    return TERMS.flatMap((term) => {
      const [right, wrong] = of(term);
      const pair = (name: string, at: (pass: Objective) => Tensor, keep: boolean): GradientPair =>
        compare(
          term,
          name,
          at(passes[0]).shape,
          { right: dataOf(right, at(passes[0])), wrong: dataOf(wrong, at(passes[1])) },
          keep,
        );
      const parameters = term === 'loss' ? [...vae.namedParameters()] : [];
      return [
        ...inner.map((name) => pair(name, (pass) => pass[name], true)),
        ...parameters.map(([name, parameter]) => pair(name, () => parameter, false)),
      ];
    });
  });
}
