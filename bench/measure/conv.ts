import { normal, Random } from '../../src/index.js';
import { conv2d, conv2dWeightGradient, convTranspose2d } from '../../src/nn.js';
import { scoped } from '../engine.js';
import type { Reading } from '../protocol.js';
import { sample } from './sample.js';

/** A layer of square images and kernels; a transposed one makes them larger by the stride. */
export interface Layer {
  readonly transposed: boolean;
  readonly inputs: number;
  readonly outputs: number;
  /** Rows and columns of the images that come in. */
  readonly size: number;
  readonly stride: number;
}

export interface ConvSettings {
  readonly layers: readonly Layer[];
  readonly batch: number;
  /** For each layer and pass. */
  readonly seconds: number;
}

export const PASSES = ['forward', 'input gradient', 'weight gradient'] as const;
export const KERNEL = 3;

/** 'conv 32->64, 14x14 / 2, forward'. */
export const rowOf = (
  { transposed, inputs, outputs, size, stride }: Layer,
  pass: (typeof PASSES)[number],
): string => `${transposed ? 'convT' : 'conv'} ${inputs}->${outputs}, ${size}x${size} / ${stride}, ${pass}`;

/** Rows and columns of the images that go out. */
export const sizeOut = ({ transposed, size, stride }: Layer): number =>
  transposed ? size * stride : Math.ceil(size / stride);

export function measure({ layers, batch, seconds }: ConvSettings): Reading[] {
  const stream = new Random(0).stream('data');
  return layers.flatMap((layer) => {
    const { transposed, inputs, outputs, size, stride } = layer;
    // Operands stand where those of a training step do.
    return scoped(() => {
      const x = normal([batch, inputs, size, size], stream);
      const g = normal([batch, outputs, sizeOut(layer), sizeOut(layer)], stream);
      const channels = transposed ? [inputs, outputs] : [outputs, inputs];
      const weight = normal([...channels, KERNEL, KERNEL], stream);
      const [large, small] = transposed ? [g, x] : [x, g];
      /** The padding with which the small images' windows end at the large ones' last pixel. */
      const after = (small.shape[2] - 1) * stride + KERNEL - 1 - large.shape[2];
      const padding = [
        [1, after],
        [1, after],
      ] as const;
      const windows = { stride, padding };
      const calls = {
        forward: () => (transposed ? convTranspose2d : conv2d)(x, weight, null, windows),
        'input gradient': () => (transposed ? conv2d : convTranspose2d)(g, weight, null, windows),
        'weight gradient': () => conv2dWeightGradient(large, small, { ...windows, kernel: KERNEL }),
      };
      return PASSES.map((pass) => {
        const once = () => {
          scoped(() => {
            calls[pass]();
          });
        };
        return { row: rowOf(layer, pass), values: { seconds: sample(once, seconds) } };
      });
    });
  });
}
