import type { Tensor } from '../tensor/tensor.js';
import { Layer } from './module.js';

/**
 * Layers one after another; as children they are named '0', '1', ...
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

  protected override fields(): [string, unknown][] {
    return Object.entries(this.layers);
  }

  override forward(x: Tensor): Tensor {
    return this.layers.reduce((y, layer) => layer.forward(y), x);
  }
}
