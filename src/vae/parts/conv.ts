import { reshape } from '../../autograd/index.js';
import { both, type Padding, type Pair } from '../../autograd/ops/windows.js';
import { activationNames } from '../../nn/activation-names.js';
import { activation } from '../../nn/activations.js';
import { BatchNorm2d, GroupNorm } from '../../nn/channel-norms.js';
import { Conv2d, ConvTranspose2d } from '../../nn/convolution.js';
import { Dense } from '../../nn/dense.js';
import { Flatten, Reshape } from '../../nn/flatten.js';
import { type Layer, Module } from '../../nn/module.js';
import { Residual } from '../../nn/residual.js';
import { choice, integer, list, type Values } from '../../nn/schema/index.js';
import { Sequential } from '../../nn/sequential.js';
import { ShapeError } from '../../tensor/errors.js';
import { formatShape, type Shape, sizeOf } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { convolutions, initialize } from '../shared-settings.js';
import { type Body, type BodyContext, beside, defineBody } from './body.js';

/** What every layer of a body has. */
const layers = {
  /** After each layer but the last of a decoder. Defaults to 'relu'. */
  activation: choice(activationNames, { default: 'relu', help: 'of the hidden layers' }),
  /** What weights and biases start from. Defaults to 'torch'. */
  initialize,
};

/** Shape of an image, which both bodies take. */
const shape = list(integer({ min: 1, help: 'a size' }), {
  least: 3,
  most: 3,
  help: 'of an image: channels, rows, columns',
});

const encoderSettings = {
  /** [channels, rows, columns] of an image. */
  shape,
  ...convolutions,
  /** Widths of the dense layers after the convolutions. Defaults to none. */
  hidden: list(integer({ min: 1, help: 'width of a layer' }), {
    default: [],
    help: 'widths of the dense layers after the convolutions',
  }),
  ...layers,
};

const decoderSettings = {
  /** Numbers per example. */
  inputs: integer({ min: 1, help: 'numbers per example' }),
  /** [channels, rows, columns] of the images that it makes; the likelihood may need several numbers for each pixel. */
  shape,
  ...convolutions,
  ...layers,
};

type Convolutions = Values<typeof convolutions>;
type Common = Convolutions & Values<typeof layers>;

/** Rows and columns of an image, and after each convolution of it: each divided by the stride, rounded up. */
function sizesOf([, ...image]: Shape, { channels, stride }: Convolutions): readonly [Shape, ...Shape[]] {
  const sizes: [Shape, ...Shape[]] = [image];
  for (const _ of channels) sizes.push(sizes[sizes.length - 1].map((pixels) => Math.ceil(pixels / stride)));
  return sizes;
}

/** Channels, rows and columns after the last convolution. */
const smallest = (shape: Shape, settings: Convolutions): Shape => [
  settings.channels[settings.channels.length - 1],
  ...sizesOf(shape, settings)[settings.channels.length],
];

/** As many zeros around an image as a kernel reaches beyond its middle. */
const paddingOf = ({ kernel }: Convolutions): Padding => {
  const before = Math.floor((kernel - 1) / 2);
  return kernel % 2 === 1 ? before : both((): Pair => [before, before + 1]);
};

/** The layers of both bodies, made with the same settings. */
function builder(settings: Common, { stream, dtype }: Pick<BodyContext, 'stream' | 'dtype'>) {
  const { kernel, norm, residual, initialize } = settings;
  const common = { stream, dtype, initialize };
  const padding = paddingOf(settings);
  const activate = (): Layer => activation(settings.activation);
  /** Without a bias where a normalization follows, which would take it away again. */
  const image = { ...common, kernel, padding, bias: norm === 'none' };
  const normalized = (channels: number): Layer[] => {
    if (norm === 'none') return [];
    if (norm === 'batch') return [new BatchNorm2d({ channels, dtype })];
    return [new GroupNorm({ channels, groups: greatestDivisor(channels, GROUPS), dtype })];
  };
  const same = (channels: number): Layer[] => [
    activate(),
    new Conv2d({ ...image, inputs: channels, outputs: channels }),
    ...normalized(channels),
  ];
  return {
    activate,
    image,
    dense: (inputs: number, outputs: number): Layer => new Dense({ ...common, inputs, outputs }),
    /** What follows a convolution. */
    after: (channels: number): Layer[] => [
      ...normalized(channels),
      ...Array.from({ length: residual }, () => new Residual(...same(channels), ...same(channels))),
      activate(),
    ],
    /** The last layer of a decoder, which has no normalization. */
    last: (inputs: number, outputs: number): Layer => new Conv2d({ ...image, bias: true, inputs, outputs }),
  };
}

/** Groups of a group normalization, where they divide the channels. */
const GROUPS = 8;

const greatestDivisor = (n: number, most: number): number => {
  for (let divisor = most; divisor > 1; divisor--) if (n % divisor === 0) return divisor;
  return 1;
};

/** Convolutions, each of which divides rows and columns by the stride, then dense layers; a condition joins after the convolutions. */
export class ConvEncoder extends Module implements Body {
  readonly takes: Shape;
  readonly outputs: number;
  /** All layers in order, which names count from 0. */
  readonly layers: readonly Layer[];
  readonly #convolutions: Sequential;
  readonly #dense: Sequential;

  constructor(settings: Values<typeof encoderSettings>, context: BodyContext) {
    super();
    const { shape, channels, stride, hidden } = settings;
    const { activate, image, dense, after } = builder(settings, context);
    const convolutions = channels.flatMap((outputs, i): Layer[] => [
      new Conv2d({ ...image, stride, inputs: i === 0 ? shape[0] : channels[i - 1], outputs }),
      ...after(outputs),
    ]);
    const widths = [sizeOf(smallest(shape, settings)) + context.condition, ...hidden];
    const top = widths[widths.length - 1];
    const features = hidden.flatMap((width, i): Layer[] => [dense(widths[i], width), activate()]);
    if (context.outputs !== undefined) features.push(dense(top, context.outputs));
    this.takes = shape;
    this.outputs = context.outputs ?? top;
    this.layers = [...convolutions, new Flatten(), ...features];
    this.#convolutions = new Sequential(...this.layers.slice(0, convolutions.length + 1));
    this.#dense = new Sequential(...features);
  }

  protected override contents(): object {
    return this.layers;
  }

  forward(x: Tensor, condition?: Tensor): Tensor {
    return this.#dense.forward(beside(this.#convolutions.forward(x), condition));
  }
}

/** A dense layer to a small image, then transposed convolutions, each of which multiplies rows and columns by the stride. */
export class ConvDecoder extends Module implements Body {
  readonly takes: Shape;
  readonly outputs: number;
  readonly layers: readonly Layer[];
  readonly #all: Sequential;

  /** @throws ShapeError when what it has to put out is no multiple of the image's pixels. */
  constructor(settings: Values<typeof decoderSettings>, context: BodyContext) {
    super();
    const { inputs, shape, channels, stride } = settings;
    const { activate, image, dense, after, last } = builder(settings, context);
    const pixels = shape[1] * shape[2];
    const { outputs = sizeOf(shape) } = context;
    if (outputs % pixels !== 0) {
      throw new ShapeError(
        `VAE: a decoder of images ${formatShape(shape)} has to put out ${outputs} numbers for each example, which is no multiple ` +
          `of ${pixels} pixels; give it the shape of the encoder's images`,
      );
    }
    const sizes = sizesOf(shape, settings);
    const small = smallest(shape, settings);
    // The last convolution of the encoder first: from as many channels as it has to as many.
    const convolutions = channels.flatMap((_, i): Layer[] => {
      const at = channels.length - 1 - i;
      const outputPadding = both((axis) => sizes[at][axis] - 1 - (sizes[at + 1][axis] - 1) * stride);
      const inputs = channels[at + 1] ?? channels[at];
      return [
        new ConvTranspose2d({ ...image, stride, outputPadding, inputs, outputs: channels[at] }),
        ...after(channels[at]),
      ];
    });
    this.takes = [inputs];
    this.outputs = outputs;
    this.layers = [
      dense(inputs + context.condition, sizeOf(small)),
      activate(),
      new Reshape(small),
      ...convolutions,
      last(channels[0], outputs / pixels),
    ];
    this.#all = new Sequential(...this.layers);
  }

  protected override contents(): object {
    return this.layers;
  }

  /** Leading dimensions before the batch, such as samples, are taken as more examples. */
  forward(z: Tensor, condition?: Tensor): Tensor {
    const codes = beside(z, condition);
    const leading = codes.shape.slice(0, -1);
    const rows =
      codes.rank === 2 ? codes : reshape(codes, { shape: [sizeOf(leading), codes.shape[codes.rank - 1]] });
    return reshape(this.#all.forward(rows), { shape: [...leading, this.outputs] });
  }
}

/** Small images of as many numbers. */
const shapesOf = (numbers: number): Shape[] => [
  [1, 1, numbers],
  [numbers, 1, 1],
  ...(numbers % 2 === 0 ? [[1, 2, numbers / 2]] : []),
];

/** Settings that both bodies are checked with; what a normalization makes of one pixel lies on a kink of relu. */
const small = [
  { channels: [2], activation: 'relu' },
  { channels: [2, 3], kernel: 2, norm: 'group', activation: 'softplus' },
  {
    channels: [3],
    kernel: 3,
    stride: 1,
    norm: 'batch',
    residual: 1,
    initialize: 'heUniform',
    activation: 'silu',
  },
] as const;

/** Numbers of all convolutions, without biases and normalizations. */
const weightsOf = (first: number, { channels, kernel }: Convolutions): number =>
  channels.reduce((sum, width, i) => sum + kernel * kernel * width * (i === 0 ? first : channels[i - 1]), 0);

/**
 * The specification of an encoder of images: convolutions, then dense layers.
 * @example
 * convEncoder({ shape: [1, 28, 28], channels: [32, 64], hidden: [16] }) // 28x28 -> 14x14 -> 7x7 -> 16
 */
export const convEncoder = defineBody({
  name: 'conv',
  doc: 'Convolutions that make an image smaller, then dense layers.',
  settings: encoderSettings,
  build: (settings, context) => new ConvEncoder(settings, context),
  examples: (inputs) =>
    shapesOf(inputs).flatMap((shape) =>
      small.map((settings, i) => ({ ...settings, shape, hidden: i === 0 ? [3] : [] })),
    ),
  minParameters: (settings) => {
    const widths = [sizeOf(smallest(settings.shape, settings)), ...settings.hidden];
    return settings.hidden.reduce(
      (total, width, i) => total + width * widths[i],
      weightsOf(settings.shape[0], settings),
    );
  },
});

/**
 * The specification of a decoder to images: the encoder's convolutions turned round, transposed.
 * @example
 * convDecoder({ inputs: 2, shape: [1, 28, 28], channels: [32, 64] }) // 2 -> 64x7x7 -> 64x14x14 -> 32x28x28 -> 28x28
 */
export const convDecoder = defineBody({
  name: 'conv-transposed',
  doc: 'A dense layer to a small image, then transposed convolutions that make it larger.',
  settings: decoderSettings,
  build: (settings, context) => new ConvDecoder(settings, context),
  examples: (inputs, outputs) =>
    shapesOf(outputs).flatMap((shape) => small.map((settings) => ({ ...settings, shape, inputs }))),
  minParameters: (settings) =>
    settings.inputs * sizeOf(smallest(settings.shape, settings)) + weightsOf(settings.shape[0], settings),
});
