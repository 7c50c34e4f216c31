import * as ops from '../autograd/ops/activations.js';
import { mul } from '../autograd/ops/arithmetic.js';
import { checkNumber } from '../tensor/check-number.js';
import { quote } from '../tensor/describe.js';
import { checkOptions } from '../tensor/known-options.js';
import type { Tensor } from '../tensor/tensor.js';
import { type ActivationName, activationNames } from './activation-names.js';
import { Layer } from './module.js';

export { type ActivationName, activationNames };

/** max(x, 0). */
export class ReLU extends Layer {
  override forward(x: Tensor): Tensor {
    return ops.relu(x);
  }
}

/** x if x > 0, else slope * x. */
export class LeakyReLU extends Layer {
  readonly slope: number;

  /** @throws RangeError unless the slope is finite. */
  constructor(options: { readonly slope?: number } = {}) {
    super();
    checkOptions(options, ['slope'], 'LeakyReLU');
    this.slope = options.slope ?? 0.01;
    checkNumber(this.slope, {}, 'slope', 'LeakyReLU');
  }

  override forward(x: Tensor): Tensor {
    return ops.leakyRelu(x, { slope: this.slope });
  }

  protected override settings(): string {
    return `slope=${this.slope}`;
  }
}

/** The hyperbolic tangent. */
export class Tanh extends Layer {
  override forward(x: Tensor): Tensor {
    return ops.tanh(x);
  }
}

/** 1 / (1 + e^-x). */
export class Sigmoid extends Layer {
  override forward(x: Tensor): Tensor {
    return ops.sigmoid(x);
  }
}

/** log(1 + e^x). */
export class Softplus extends Layer {
  override forward(x: Tensor): Tensor {
    return ops.softplus(x);
  }
}

/** x * normalCdf(x), the exact form (Hendrycks & Gimpel 2016). */
export class GELU extends Layer {
  override forward(x: Tensor): Tensor {
    return ops.gelu(x);
  }
}

/** x if x > 0, else alpha * (e^x - 1) (Clevert et al. 2015). */
export class ELU extends Layer {
  readonly alpha: number;

  /** @throws RangeError unless alpha is finite. */
  constructor(options: { readonly alpha?: number } = {}) {
    super();
    checkOptions(options, ['alpha'], 'ELU');
    this.alpha = options.alpha ?? 1;
    checkNumber(this.alpha, {}, 'alpha', 'ELU');
  }

  override forward(x: Tensor): Tensor {
    return ops.elu(x, { alpha: this.alpha });
  }

  protected override settings(): string {
    return `alpha=${this.alpha}`;
  }
}

/** x * sigmoid(x) (Hendrycks & Gimpel 2016). */
export class SiLU extends Layer {
  override forward(x: Tensor): Tensor {
    return mul(x, ops.sigmoid(x));
  }
}

const activations: Readonly<Record<ActivationName, new () => Layer>> = {
  relu: ReLU,
  leakyRelu: LeakyReLU,
  tanh: Tanh,
  sigmoid: Sigmoid,
  softplus: Softplus,
  gelu: GELU,
  elu: ELU,
  silu: SiLU,
};

const isActivation = (name: string): name is ActivationName => Object.hasOwn(activations, name);

/** A new activation layer by name, with its default settings. @throws RangeError listing the names for any other. */
export function activation(name: string): Layer {
  if (isActivation(name)) return new activations[name]();
  throw new RangeError(`activation: none is named ${quote(name)}; there are ${activationNames.join(', ')}`);
}
