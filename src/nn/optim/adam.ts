import { defineUpdate, type UpdateTarget } from '../../autograd/define-update.js';
import { add, div, mul, sqrt, sub } from '../../autograd/ops/arithmetic.js';
import { maximum } from '../../autograd/ops/select.js';
import { checkNumber } from '../../tensor/check-number.js';
import { checkOptions } from '../../tensor/known-options.js';
import type { Tensor } from '../../tensor/tensor.js';
import { integerPower } from '../power.js';
import { Optimizer, onceFor, type ParameterSource, type Update, zerosLike } from './optimizer.js';

/** Options of {@link Adam} and {@link AdamW}. */
export interface AdamOptions {
  /** Defaults to 0.001. */
  readonly learningRate?: number;
  /** How much of the running mean and mean square is kept at each step. Defaults to 0.9 and 0.999. */
  readonly betas?: readonly [mean: number, square: number];
  /** Added to the root of the mean square. Defaults to 1e-8. */
  readonly eps?: number;
  /** Adam: adds this times the parameter to its gradient (L2). Defaults to 0. AdamW: see {@link AdamW}. */
  readonly weightDecay?: number;
  /** Divide by the largest mean square so far (Reddi et al., 2018). Defaults to false. */
  readonly amsgrad?: boolean;
}

const KNOWN = ['learningRate', 'betas', 'eps', 'weightDecay', 'amsgrad'];

/** What Adam remembers of a parameter, by PyTorch's names. */
export type AdamBuffers = {
  readonly exp_avg: Tensor;
  readonly exp_avg_sq: Tensor;
  readonly max_exp_avg_sq: Tensor | null;
};

const SCALARS = [
  'beta1',
  'intake1',
  'beta2',
  'intake2',
  'epsilon',
  'stepSize',
  'correction',
  'shrink',
  'decay',
] as const;
type Scalar = (typeof SCALARS)[number];
type Scalars = Readonly<Record<Scalar, Tensor>>;

/**
 * The numbers of one update: `intake` is 1 - beta, `stepSize` learningRate / (1 - beta1^step), `correction`
 * sqrt(1 - beta2^step); `shrink` multiplies the parameter first (AdamW), `decay` times the parameter is added to its gradient
 * (Adam).
 */
type AdamScalars = Readonly<Record<Scalar, number>>;

/** The two running averages after a gradient; the order of operations is PyTorch's. */
const averages = (g: Tensor, m: Tensor, v: Tensor, n: Scalars) => ({
  m: add(mul(n.beta1, m), mul(n.intake1, g)),
  v: add(mul(n.beta2, v), mul(mul(n.intake2, g), g)),
});

/** A parameter after its step; `square` is the running mean square that the step is divided by. */
const stepped = (
  before: Tensor,
  m: Tensor,
  square: Tensor,
  { stepSize, correction, epsilon }: Scalars,
): Tensor => sub(before, div(mul(stepSize, m), add(div(sqrt(square), correction), epsilon)));

/** Adam and AdamW, in two variants: adding even 0 times the parameter would turn a gradient of -0 into +0. */
const updates = (decays: boolean) => ({
  adam: defineUpdate({
    name: 'adam',
    state: ['p', 'm', 'v'],
    scalars: SCALARS,
    body: (gradient, { p, m, v }, n) => {
      const before = mul(p, n.shrink);
      const after = averages(decays ? add(gradient, mul(n.decay, before)) : gradient, m, v, n);
      return { ...after, p: stepped(before, after.m, after.v, n) };
    },
  }),
  amsgrad: defineUpdate({
    name: 'amsgrad',
    state: ['p', 'm', 'v', 'largest'],
    scalars: SCALARS,
    body: (gradient, { p, m, v, largest }, n) => {
      const before = mul(p, n.shrink);
      const after = averages(decays ? add(gradient, mul(n.decay, before)) : gradient, m, v, n);
      const square = maximum(largest, after.v);
      return { ...after, largest: square, p: stepped(before, after.m, square, n) };
    },
  }),
});

/** @internal */
export const adamUpdates = { withoutDecay: updates(false), withDecay: updates(true) };

/** Adam, with the two ways of weight decay as its variants. */
abstract class AdamFamily extends Optimizer<AdamBuffers> {
  protected readonly weightDecay: number;
  private readonly betas: readonly [number, number];
  private readonly eps: number;

  protected constructor(
    who: string,
    parameters: ParameterSource,
    options: AdamOptions,
    defaultDecay: number,
  ) {
    checkOptions(options, KNOWN, who);
    const { learningRate = 1e-3, betas = [0.9, 0.999], eps = 1e-8, weightDecay = defaultDecay } = options;
    if (betas.length !== 2) throw new RangeError(`${who}: betas are [${betas}]; two numbers are needed`);
    for (const i of [0, 1]) checkNumber(betas[i], { min: 0, below: 1 }, `betas[${i}]`, who);
    checkNumber(eps, { min: 0 }, 'eps', who);
    checkNumber(weightDecay, { min: 0 }, 'weightDecay', who);
    super(who, parameters, learningRate, (p) => ({
      exp_avg: zerosLike(p),
      exp_avg_sq: zerosLike(p),
      max_exp_avg_sq: options.amsgrad ? zerosLike(p) : null,
    }));
    this.betas = [betas[0], betas[1]];
    this.eps = eps;
    this.weightDecay = weightDecay;
  }

  /** How weight decay enters this step. */
  protected abstract decay(): { readonly shrink: number; readonly decay: number };

  protected override update(given: readonly Update<AdamBuffers>[]): void {
    const scalars = onceFor((step) => this.scalars(step));
    const { adam, amsgrad } = this.decay().decay === 0 ? adamUpdates.withoutDecay : adamUpdates.withDecay;
    const plain: UpdateTarget<'p' | 'm' | 'v', Scalar>[] = [];
    const largest: UpdateTarget<'p' | 'm' | 'v' | 'largest', Scalar>[] = [];
    for (const { parameter: p, gradient, buffers, step } of given) {
      const { exp_avg: m, exp_avg_sq: v, max_exp_avg_sq: max } = buffers;
      if (max === null) plain.push({ gradient, state: { p, m, v }, scalars: scalars(step) });
      else largest.push({ gradient, state: { p, m, v, largest: max }, scalars: scalars(step) });
    }
    adam(plain);
    amsgrad(largest);
  }

  private scalars(step: number): AdamScalars {
    const [beta1, beta2] = this.betas;
    return {
      beta1,
      intake1: 1 - beta1,
      beta2,
      intake2: 1 - beta2,
      epsilon: this.eps,
      stepSize: this.learningRate / (1 - integerPower(beta1, step)),
      correction: Math.sqrt(1 - integerPower(beta2, step)),
      ...this.decay(),
    };
  }
}

/**
 * Adam as PyTorch defines it (`torch.optim.Adam`); weight decay is L2, added to the gradient.
 * Source: Kingma and Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1.
 */
export class Adam extends AdamFamily {
  /** @throws RangeError when an option is out of range; TypeError when one is unknown. */
  constructor(parameters: ParameterSource, options: AdamOptions = {}) {
    super('Adam', parameters, options, 0);
  }

  protected override decay(): { shrink: number; decay: number } {
    return { shrink: 1, decay: this.weightDecay };
  }
}

/**
 * Adam with decoupled weight decay (0.01 by default): before each update a parameter is multiplied by
 * 1 - learningRate weightDecay, as `torch.optim.AdamW` does.
 * Source: Loshchilov and Hutter, "Decoupled weight decay regularization", 2019, algorithm 2.
 */
export class AdamW extends AdamFamily {
  /** @throws RangeError when an option is out of range; TypeError when one is unknown. */
  constructor(parameters: ParameterSource, options: AdamOptions = {}) {
    super('AdamW', parameters, options, 0.01);
  }

  protected override decay(): { shrink: number; decay: number } {
    return { shrink: 1 - this.learningRate * this.weightDecay, decay: 0 };
  }
}
