import { defineUpdate, type UpdateTarget } from '../../autograd/define-update.js';
import { add, mul, sub } from '../../autograd/ops/arithmetic.js';
import { checkNumber } from '../../tensor/check-number.js';
import { checkOptions } from '../../tensor/known-options.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Optimizer, onceFor, type ParameterSource, type Update, zerosLike } from './optimizer.js';

/** Options of {@link SGD}. */
export interface SGDOptions {
  readonly learningRate: number;
  /** Share of the velocity kept at each step. Defaults to 0. */
  readonly momentum?: number;
  /** Share of the gradient that does not enter the velocity (after the first step). Defaults to 0. */
  readonly dampening?: number;
  /** Nesterov's momentum; needs momentum and no dampening. */
  readonly nesterov?: boolean;
  /** Adds this times the parameter to its gradient (L2). Defaults to 0. */
  readonly weightDecay?: number;
}

/** What SGD remembers of a parameter, by PyTorch's names. */
export type SgdBuffers = { readonly momentum_buffer: Tensor | null };

const KNOWN = ['learningRate', 'momentum', 'dampening', 'nesterov', 'weightDecay'];

const SCALARS = ['learningRate', 'weightDecay', 'momentum', 'intake'] as const;
type Scalar = (typeof SCALARS)[number];

/** Adds `decay` times the parameter to its gradient; not at all where there is no decay, which would turn -0 into +0. */
const decayed = (decays: boolean, gradient: Tensor, p: Tensor, decay: Tensor): Tensor =>
  decays ? add(gradient, mul(decay, p)) : gradient;

/** The update with and without a velocity; `intake` is what the gradient counts in it. */
const updates = (decays: boolean, nesterov: boolean) => ({
  plain: defineUpdate({
    name: 'sgd',
    state: ['p'],
    scalars: SCALARS,
    body: (gradient, { p }, n) => ({
      p: sub(p, mul(n.learningRate, decayed(decays, gradient, p, n.weightDecay))),
    }),
  }),
  momentum: defineUpdate({
    name: 'sgd with momentum',
    state: ['p', 'v'],
    scalars: SCALARS,
    body: (gradient, { p, v }, n) => {
      const g = decayed(decays, gradient, p, n.weightDecay);
      const velocity = add(mul(n.momentum, v), mul(n.intake, g));
      const direction = nesterov ? add(g, mul(n.momentum, velocity)) : velocity;
      return { v: velocity, p: sub(p, mul(n.learningRate, direction)) };
    },
  }),
});

/** @internal */
export const sgdUpdates = {
  plain: { decays: updates(true, false), not: updates(false, false) },
  nesterov: { decays: updates(true, true), not: updates(false, true) },
};

/**
 * Stochastic gradient descent, with momentum as PyTorch defines it (`torch.optim.SGD`): the learning rate
 * multiplies the velocity, and the first step sets the velocity to the gradient.
 * Sources: Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013; PyTorch's
 * documentation on where it differs.
 */
export class SGD extends Optimizer<SgdBuffers> {
  private readonly settings: Required<Omit<SGDOptions, 'learningRate'>>;

  /** @throws RangeError when an option is out of range; TypeError when one is unknown. */
  constructor(parameters: ParameterSource, options: SGDOptions) {
    checkOptions(options, KNOWN, 'SGD');
    const { learningRate, momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 } = options;
    checkNumber(momentum, { min: 0 }, 'momentum', 'SGD');
    checkNumber(weightDecay, { min: 0 }, 'weightDecay', 'SGD');
    checkNumber(dampening, {}, 'dampening', 'SGD');
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new RangeError(
        `SGD: nesterov needs a momentum above 0 and no dampening, but they are ${momentum} and ${dampening}`,
      );
    }
    super('SGD', parameters, learningRate, (p) => ({
      momentum_buffer: momentum === 0 ? null : zerosLike(p),
    }));
    this.settings = { momentum, dampening, nesterov, weightDecay };
  }

  protected override update(given: readonly Update<SgdBuffers>[]): void {
    const { dampening, nesterov, weightDecay, momentum } = this.settings;
    const kind = sgdUpdates[nesterov ? 'nesterov' : 'plain'][weightDecay === 0 ? 'not' : 'decays'];
    const scalars = onceFor((step) => ({
      learningRate: this.learningRate,
      weightDecay,
      momentum,
      intake: step === 1 ? 1 : 1 - dampening,
    }));
    const still: UpdateTarget<'p', Scalar>[] = [];
    const moving: UpdateTarget<'p' | 'v', Scalar>[] = [];
    for (const { parameter: p, gradient, buffers, step } of given) {
      const v = buffers.momentum_buffer;
      if (v === null) still.push({ gradient, state: { p }, scalars: scalars(step) });
      else moving.push({ gradient, state: { p, v }, scalars: scalars(step) });
    }
    kind.plain(still);
    kind.momentum(moving);
  }
}
