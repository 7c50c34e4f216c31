import { activationNames } from '../../nn/activation-names.js';
import { activation } from '../../nn/activations.js';
import { Dense } from '../../nn/dense.js';
import type { Layer } from '../../nn/module.js';
import { choice, integer, list, type Values } from '../../nn/schema/index.js';
import { Sequential } from '../../nn/sequential.js';
import { checkOptions } from '../../tensor/known-options.js';
import type { Shape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { initialize } from '../shared-settings.js';
import { type Body, type BodyContext, beside, defineBody } from './body.js';
import type { PartSpec } from './registry.js';

const settings = {
  /** Numbers per example. */
  inputs: integer({ min: 1, help: 'numbers per example' }),
  /** Widths of the hidden layers. */
  hidden: list(integer({ min: 1, help: 'width of a layer' }), { help: 'widths of the hidden layers' }),
  /** After each hidden layer. Defaults to 'relu'. */
  activation: choice(activationNames, { default: 'relu', help: 'of the hidden layers' }),
  /** What weights and biases start from. Defaults to 'torch'. */
  initialize,
};

/** Dense layers, each hidden one followed by its activation; a condition stands beside what goes in. */
export class Mlp extends Sequential implements Body {
  readonly takes: Shape;
  readonly outputs: number;

  constructor(
    { inputs, hidden, activation: name, initialize }: Values<typeof settings>,
    { condition, outputs, stream, dtype }: BodyContext,
  ) {
    const widths = [inputs + condition, ...hidden];
    const dense = (from: number, to: number): Dense =>
      new Dense({ inputs: from, outputs: to, initialize, stream, dtype });
    const layers = widths.slice(1).flatMap((n, i): Layer[] => [dense(widths[i], n), activation(name)]);
    const top = widths[widths.length - 1];
    if (outputs !== undefined) layers.push(dense(top, outputs));
    super(...layers);
    this.takes = [inputs];
    this.outputs = outputs ?? top;
  }

  override forward(x: Tensor, condition?: Tensor): Tensor {
    return super.forward(beside(x, condition));
  }
}

const define = defineBody({
  name: 'mlp',
  doc: 'Dense layers with an activation after each hidden one.',
  settings,
  build: (values, context) => new Mlp(values, context),
  examples: (inputs) =>
    activationNames.flatMap((name, i) => [
      { inputs, hidden: [3], activation: name },
      { inputs, hidden: i === 0 ? [] : [3, 2], activation: name },
    ]),
  minParameters: ({ inputs, hidden }) =>
    hidden.reduce((total, width, i) => total + width * (i === 0 ? inputs : hidden[i - 1]), 0),
});

/**
 * The specification of a body of dense layers, such as the presets have: `mlp(784, [512, 256])` is the encoder of 'latent2', and
 * `mlp(2, [256, 512])` its decoder, whose last layer the likelihood decides.
 * @param inputs numbers per example
 * @param hidden widths of the hidden layers
 * @throws RangeError when a width is not a positive integer, or there is no such activation.
 */
export const mlp = (
  inputs: number,
  hidden: readonly number[],
  options: Partial<Pick<Values<typeof settings>, 'activation' | 'initialize'>> = {},
): PartSpec => {
  checkOptions(options, ['activation', 'initialize'], 'mlp');
  return define({ ...options, inputs, hidden });
};
