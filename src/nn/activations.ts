import * as ops from '../autograd/ops/activations.js';
import { mul } from '../autograd/ops/arithmetic.js';
import { quote } from '../tensor/describe.js';
import { checkOptions } from '../tensor/known-options.js';
import type { Tensor } from '../tensor/tensor.js';
import { Layer } from './module.js';

function checkFinite(value: number, who: string, what: string): number {
  if (Number.isFinite(value)) return value;
  throw new RangeError(`${who}: ${what} is ${value}; it must be a finite number`);
}

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
    const { slope = 0.01 } = options;
    this.slope = checkFinite(slope, 'LeakyReLU', 'slope');
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
    const { alpha = 1 } = options;
    this.alpha = checkFinite(alpha, 'ELU', 'alpha');
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

/** The names {@link activation} knows. */
export const activationNames = [
  'relu',
  'leakyRelu',
  'tanh',
  'sigmoid',
  'softplus',
  'gelu',
  'elu',
  'silu',
] as const;

/** The name of an activation, for {@link activation}. */
export type ActivationName = (typeof activationNames)[number];

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
