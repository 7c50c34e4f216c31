import { adamWork } from '../../device/wasm/kernels/adam.js';
import { backend } from '../../tensor/current-backend.js';
import { type AdamScalars, adam32, adam64 } from '../../tensor/kernels/adam.js';
import { checkOptions } from '../../tensor/known-options.js';
import type { Tensor } from '../../tensor/tensor.js';
import { integerPower } from '../power.js';
import { Optimizer, onceFor, type ParameterSource, type Update, zerosLike } from './optimizer.js';
import { checkAtLeast, checkBelowOne } from './options.js';

export interface AdamOptions {
  /** 0.001 unless given. */
  readonly learningRate?: number;
  /** How much of the running mean and mean square is kept at each step; 0.9 and 0.999 unless given. */
  readonly betas?: readonly [mean: number, square: number];
  /** Added to the root of the mean square; 1e-8 unless given. */
  readonly eps?: number;
  /** Adam: adds this times the parameter to its gradient (L2), 0 unless given. AdamW: see {@link AdamW}. */
  readonly weightDecay?: number;
  /** Divide by the largest mean square so far (Reddi et al., 2018); false unless given. */
  readonly amsgrad?: boolean;
}

const KNOWN = ['learningRate', 'betas', 'eps', 'weightDecay', 'amsgrad'];

export type AdamBuffers = {
  readonly exp_avg: Tensor;
  readonly exp_avg_sq: Tensor;
  readonly max_exp_avg_sq: Tensor | null;
};

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
    checkBelowOne(betas[0], who, 'betas[0]');
    checkBelowOne(betas[1], who, 'betas[1]');
    checkAtLeast(eps, 0, who, 'eps');
    checkAtLeast(weightDecay, 0, who, 'weightDecay');
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

  protected override update(updates: readonly Update<AdamBuffers>[]): void {
    const scalars = onceFor((step) => this.scalars(step));
    const all = updates.map(({ parameter, gradient, buffers, step }) => ({
      p: parameter,
      gradient,
      m: buffers.exp_avg,
      v: buffers.exp_avg_sq,
      largest: buffers.max_exp_avg_sq,
      scalars: scalars(step),
    }));
    const single = all.filter(({ p }) => p.dtype === 'float32');
    if (!backend().work(adamWork, single)) single.forEach(adam32);
    for (const one of all) if (one.p.dtype === 'float64') adam64(one);
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
 * Adam with decoupled weight decay (0.01 unless given): before each update a parameter is multiplied by
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
