import { sgdWork } from '../../device/wasm/kernels/sgd.js';
import { backend } from '../../tensor/current-backend.js';
import { type SgdScalars, sgd32, sgd64 } from '../../tensor/kernels/sgd.js';
import { checkOptions } from '../../tensor/known-options.js';
import type { Tensor } from '../../tensor/tensor.js';
import { Optimizer, onceFor, type ParameterSource, type Update, zerosLike } from './optimizer.js';
import { checkAtLeast } from './options.js';

export interface SGDOptions {
  readonly learningRate: number;
  /** Share of the velocity kept at each step; 0 unless given. */
  readonly momentum?: number;
  /** Share of the gradient that does not enter the velocity (after the first step); 0 unless given. */
  readonly dampening?: number;
  /** Nesterov's momentum; needs momentum and no dampening. */
  readonly nesterov?: boolean;
  /** Adds this times the parameter to its gradient (L2); 0 unless given. */
  readonly weightDecay?: number;
}

export type SgdBuffers = { readonly momentum_buffer: Tensor | null };

const KNOWN = ['learningRate', 'momentum', 'dampening', 'nesterov', 'weightDecay'];

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
    checkAtLeast(momentum, 0, 'SGD', 'momentum');
    checkAtLeast(weightDecay, 0, 'SGD', 'weightDecay');
    if (!Number.isFinite(dampening))
      throw new RangeError(`SGD: dampening is ${dampening}; it must be finite`);
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

  protected override update(updates: readonly Update<SgdBuffers>[]): void {
    const scalars = onceFor((step) => this.scalars(step));
    const all = updates.map(({ parameter, gradient, buffers, step }) => ({
      p: parameter,
      gradient,
      v: buffers.momentum_buffer,
      scalars: scalars(step),
    }));
    const single = all.filter(({ p }) => p.dtype === 'float32');
    if (!backend().work(sgdWork, single)) single.forEach(sgd32);
    for (const one of all) if (one.p.dtype === 'float64') sgd64(one);
  }

  private scalars(step: number): SgdScalars {
    const { momentum, dampening, nesterov, weightDecay } = this.settings;
    return {
      learningRate: this.learningRate,
      weightDecay,
      momentum,
      intake: step === 1 ? 1 : 1 - dampening,
      nesterov,
    };
  }
}
