import type { Tensor } from '../../../src/tensor/tensor.js';

const f = Math.fround;

/** The numbers of one SGD update; for float32 storage each is rounded once, here and nowhere else. */
export interface SgdScalars {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly momentum: number;
  /** What the gradient counts in the velocity: 1 - dampening, or 1 at the first update. */
  readonly intake: number;
  readonly nesterov: boolean;
}

/** What happens to one parameter: its gradient and velocity, all of one size; `v` is null without momentum. */
export interface SgdUpdate {
  readonly p: Tensor;
  readonly gradient: Tensor;
  readonly v: Tensor | null;
  readonly scalars: SgdScalars;
}

/** The storage of each. */
const dataOf = ({ p, gradient, v }: SgdUpdate) => ({
  p: p.data,
  gradient: gradient.data,
  v: v?.data ?? null,
});

/**
 * One SGD update in float32 as a loop: what the update's body must give in every bit.
 *
 *     g = g + weightDecay p         (unless weightDecay is 0)
 *     v = momentum v + intake g     (unless there is no velocity)
 *     d = g + momentum v (nesterov), or v, or g without velocity
 *     p = p - learningRate d
 */
export function sgd32(update: SgdUpdate): void {
  const { p, gradient, v } = dataOf(update);
  const { scalars } = update;
  const rate = f(scalars.learningRate);
  const decay = f(scalars.weightDecay);
  const momentum = f(scalars.momentum);
  const intake = f(scalars.intake);
  const { nesterov } = scalars;
  for (let i = 0; i < p.length; i++) {
    let d = gradient[i];
    if (decay !== 0) d = f(d + f(decay * p[i]));
    if (v !== null) {
      const velocity = f(f(momentum * v[i]) + f(intake * d));
      v[i] = velocity;
      d = nesterov ? f(d + f(momentum * velocity)) : velocity;
    }
    p[i] = f(p[i] - f(rate * d));
  }
}
