import type { Tensor } from '../../../src/tensor/tensor.js';

const f = Math.fround;

/** The numbers of one Adam update, computed in float64; for float32 storage each is rounded once. */
export interface AdamScalars {
  readonly beta1: number;
  /** 1 - beta1. */
  readonly intake1: number;
  readonly beta2: number;
  /** 1 - beta2. */
  readonly intake2: number;
  readonly epsilon: number;
  /** learningRate / (1 - beta1^step). */
  readonly stepSize: number;
  /** sqrt(1 - beta2^step). */
  readonly correction: number;
  /** What the parameter is multiplied by first: 1 - learningRate weightDecay for AdamW, 1 for Adam. */
  readonly shrink: number;
  /** What the parameter adds to its gradient: weightDecay for Adam, 0 for AdamW. */
  readonly decay: number;
}

/** What happens to one parameter: its gradient and moments, all of one size; `largest` is null without amsgrad. */
export interface AdamUpdate {
  readonly p: Tensor;
  readonly gradient: Tensor;
  readonly m: Tensor;
  readonly v: Tensor;
  readonly largest: Tensor | null;
  readonly scalars: AdamScalars;
}

/** The storage of each. */
const dataOf = ({ p, gradient, m, v, largest }: AdamUpdate) => ({
  p: p.data,
  gradient: gradient.data,
  m: m.data,
  v: v.data,
  largest: largest?.data ?? null,
});

/**
 * One Adam or AdamW update in float32 as a loop: what the update's body must give in every bit.
 *
 *     p = shrink p                                  (unless shrink is 1)
 *     g = g + decay p                               (unless decay is 0)
 *     m = beta1 m + intake1 g
 *     v = beta2 v + (intake2 g) g
 *     u = v, or largest = max(largest, v) with amsgrad
 *     p = p - (stepSize m) / (sqrt(u) / correction + epsilon)
 */
export function adam32(update: AdamUpdate): void {
  const { p, gradient, m, v, largest } = dataOf(update);
  const { scalars } = update;
  const beta1 = f(scalars.beta1);
  const intake1 = f(scalars.intake1);
  const beta2 = f(scalars.beta2);
  const intake2 = f(scalars.intake2);
  const epsilon = f(scalars.epsilon);
  const stepSize = f(scalars.stepSize);
  const correction = f(scalars.correction);
  const shrink = f(scalars.shrink);
  const decay = f(scalars.decay);
  for (let i = 0; i < p.length; i++) {
    const before = shrink === 1 ? p[i] : f(p[i] * shrink);
    const g = decay === 0 ? gradient[i] : f(gradient[i] + f(decay * before));
    const mean = f(f(beta1 * m[i]) + f(intake1 * g));
    const square = f(f(beta2 * v[i]) + f(f(intake2 * g) * g));
    m[i] = mean;
    v[i] = square;
    let u = square;
    if (largest !== null) {
      u = Math.max(largest[i], square);
      largest[i] = u;
    }
    const scale = f(f(f(Math.sqrt(u)) / correction) + epsilon);
    p[i] = f(before - f(f(stepSize * mean) / scale));
  }
}
