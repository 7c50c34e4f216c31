import type { Tensor } from '../tensor/tensor.js';
import { ReLU } from './activations.js';
import { Layer, LinearLayer } from './module.js';

/** A layer that can apply a ReLU itself; null for another, also of a class made from one that can: it may do something else. */
const asLinear = (layer: Layer): LinearLayer | null =>
  Object.getPrototypeOf(layer.constructor) === LinearLayer ? layer : null;

/**
 * Layers one after another; as children they are named '0', '1', ... A ReLU right after a dense layer or a
 * convolution is computed by it, in one pass with the same bits.
 * @example new Sequential(new Dense({ inputs: 2, outputs: 8, stream }), new Tanh())
 */
export class Sequential extends Layer {
  readonly layers: readonly Layer[];

  /** @throws TypeError when an argument is not a layer. */
  constructor(...layers: readonly Layer[]) {
    super();
    layers.forEach((layer: unknown, i) => {
      if (layer instanceof Layer) return;
      throw new TypeError(
        `Sequential: argument ${i} is ${layer === null ? 'null' : typeof layer}, not a layer; ` +
          'pass the layers one by one (an array is spread with ...)',
      );
    });
    this.layers = layers;
  }

  protected override contents(): object {
    return this.layers;
  }

  override forward(x: Tensor): Tensor {
    const { layers } = this;
    let y = x;
    for (let i = 0; i < layers.length; i++) {
      const layer = layers[i];
      const linear = layers[i + 1]?.constructor === ReLU ? asLinear(layer) : null;
      if (linear !== null) {
        y = linear.forward(y, 'relu');
        i++;
      } else y = layer.forward(y);
    }
    return y;
  }
}
