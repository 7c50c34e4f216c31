import {
  type ConvolutionOptions,
  type ConvTransposeOptions,
  conv1d,
  conv2d,
  convTranspose2d,
} from '../autograd/ops/convolution.js';
import {
  checkGroups,
  type PerAxis,
  perAxis,
  type TransposedWindowOptions,
  type WindowOptions,
  windowsAt,
  windowsOn,
} from '../autograd/ops/windows.js';
import { variable } from '../autograd/variable.js';
import { COUNT, checkNumber } from '../tensor/check-number.js';
import { checkDType, type DType } from '../tensor/dtype.js';
import type { LinearActivation } from '../tensor/kernels/linear.js';
import { checkOptions } from '../tensor/known-options.js';
import { checkStream } from '../tensor/random/check-stream.js';
import type { RandomStream } from '../tensor/random/stream.js';
import { type Shape, sizeOf } from '../tensor/shape.js';
import { Tensor } from '../tensor/tensor.js';
import { type Initialization, type InitializationName, initialization } from './init.js';
import { LinearLayer, printed } from './module.js';

interface ChannelOptions {
  /** Channels going in, at least 1. */
  readonly inputs: number;
  /** Channels coming out, at least 1. */
  readonly outputs: number;
  /** Divides both into groups that see nothing of each other. Defaults to 1. */
  readonly groups?: number;
  /** Add a bias to each channel. Defaults to true. */
  readonly bias?: boolean;
  /** What weight and bias start from. Defaults to 'torch'. */
  readonly initialize?: InitializationName | Initialization;
  /** Where random starting values come from: first the weight's, then the bias's. */
  readonly stream: RandomStream;
  /** Defaults to float32. */
  readonly dtype?: DType;
}

/** Options of {@link Conv2d}. */
export interface Conv2dOptions extends ChannelOptions, WindowOptions {
  /** Rows and columns of the kernel. */
  readonly kernel: PerAxis;
}

/** Options of {@link ConvTranspose2d}. */
export interface ConvTranspose2dOptions extends ChannelOptions, TransposedWindowOptions {
  /** Rows and columns of the kernel. */
  readonly kernel: PerAxis;
}

/** Options of {@link Conv1d}. */
export interface Conv1dOptions extends ChannelOptions {
  /** Length of the kernel. */
  readonly kernel: number;
  /** Elements from one window to the next. Defaults to 1. */
  readonly stride?: number;
  /** Zeros on both sides, [before, after], or 'same' for ceil(length / stride) positions. Defaults to 0. */
  readonly padding?: 'same' | number | readonly [before: number, after: number];
  /** Elements from one tap of the kernel to the next. Defaults to 1. */
  readonly dilation?: number;
}

const CHANNELS = ['inputs', 'outputs', 'kernel', 'groups', 'bias', 'initialize', 'stream', 'dtype'];
const WINDOWS = ['stride', 'padding', 'dilation'] as const;

/** What layers of convolutions have in common. */
interface Parts {
  readonly weight: Tensor;
  readonly bias: Tensor | null;
  readonly groups: number;
}

/** Weight and bias of a convolution, from random starting values with PyTorch's fans. */
function partsOf(options: ChannelOptions, kernel: Shape, transposed: boolean, who: string): Parts {
  const {
    inputs,
    outputs,
    groups = 1,
    bias = true,
    initialize = 'torch',
    stream,
    dtype = 'float32',
  } = options;
  checkNumber(inputs, COUNT, 'inputs', who);
  checkNumber(outputs, COUNT, 'outputs', who);
  checkGroups(groups, [inputs, outputs], who);
  checkStream(stream, who);
  checkDType(dtype, who);
  const start = initialization(initialize, who);
  const channels = transposed ? [inputs, outputs / groups] : [outputs, inputs / groups];
  const taps = sizeOf(kernel);
  const fans = { fanIn: channels[1] * taps, fanOut: channels[0] * taps };
  const parameter = (name: 'weight' | 'bias', shape: Shape): Tensor => {
    const values = Tensor.persistent(shape, dtype);
    start[name](values.data, fans, stream);
    return variable(values, name);
  };
  return {
    weight: parameter('weight', [...channels, ...kernel]),
    bias: bias ? parameter('bias', [outputs]) : null,
    groups,
  };
}

/** The options of an op among those of a layer. */
const given = <K extends string>(options: { readonly [Name in K]?: unknown }, names: readonly K[]) =>
  Object.fromEntries(names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name]]])));

/** Large enough for every kernel: what is wrong with windows on it is wrong with them on any image. */
const ANY = [2 ** 24, 2 ** 24] as const;

const describeLayer = ({ weight, bias, groups }: Parts, windows: object): string =>
  printed({ weight: weight.shape, groups, ...windows, bias: bias !== null });

/** A convolution of images, with PyTorch's layout of the weight; see `conv2d`. */
export class Conv2d extends LinearLayer {
  /** Shape [outputs, inputs / groups, rows, columns]. */
  readonly weight: Tensor;
  /** Shape [outputs]; null when there is none. */
  readonly bias: Tensor | null;
  readonly groups: number;
  readonly windows: WindowOptions;

  /** @throws RangeError when a size is not a positive integer, or groups do not divide inputs and outputs. */
  constructor(options: Conv2dOptions) {
    super();
    checkOptions(options, [...CHANNELS, ...WINDOWS], 'Conv2d');
    const kernel = perAxis(options.kernel, COUNT, 'kernel', 'Conv2d');
    this.windows = given(options, WINDOWS);
    windowsOn(ANY, kernel, this.windows, 'Conv2d');
    const { weight, bias, groups } = partsOf(options, kernel, false, 'Conv2d');
    this.weight = weight;
    this.bias = bias;
    this.groups = groups;
  }

  /**
   * @param x shape [batch, inputs, height, width]
   * @param activation 'relu' for max(y, 0) in the same pass, with the bits of a ReLU layer after this one
   * @returns shape [batch, outputs, height', width']
   * @throws ShapeError when the channels of `x` are not `inputs`, or no window fits.
   */
  override forward(x: Tensor, activation: LinearActivation = 'none'): Tensor {
    const options: ConvolutionOptions = { ...this.windows, groups: this.groups, activation };
    return conv2d(x, this.weight, this.bias, options);
  }

  protected override settings(): string {
    return describeLayer(this, this.windows);
  }
}

/** A transposed convolution of images, with PyTorch's layout of the weight; see `convTranspose2d`. */
export class ConvTranspose2d extends LinearLayer {
  /** Shape [inputs, outputs / groups, rows, columns]. */
  readonly weight: Tensor;
  /** Shape [outputs]; null when there is none. */
  readonly bias: Tensor | null;
  readonly groups: number;
  readonly windows: TransposedWindowOptions;

  /** @throws RangeError when a size is not a positive integer, or groups do not divide inputs and outputs. */
  constructor(options: ConvTranspose2dOptions) {
    super();
    checkOptions(options, [...CHANNELS, ...WINDOWS, 'outputPadding'], 'ConvTranspose2d');
    const kernel = perAxis(options.kernel, COUNT, 'kernel', 'ConvTranspose2d');
    this.windows = given(options, [...WINDOWS, 'outputPadding']);
    windowsAt(ANY, kernel, this.windows, 'ConvTranspose2d');
    const { weight, bias, groups } = partsOf(options, kernel, true, 'ConvTranspose2d');
    this.weight = weight;
    this.bias = bias;
    this.groups = groups;
  }

  /**
   * @param x shape [batch, inputs, height, width]
   * @param activation 'relu' for max(y, 0) in the same pass, with the bits of a ReLU layer after this one
   * @returns shape [batch, outputs, height', width']
   * @throws ShapeError when the channels of `x` are not `inputs`, or no pixel is left.
   */
  override forward(x: Tensor, activation: LinearActivation = 'none'): Tensor {
    const options: ConvTransposeOptions = { ...this.windows, groups: this.groups, activation };
    return convTranspose2d(x, this.weight, this.bias, options);
  }

  protected override settings(): string {
    return describeLayer(this, this.windows);
  }
}

/** A convolution of signals, with PyTorch's layout of the weight; see `conv1d`. */
export class Conv1d extends LinearLayer {
  /** Shape [outputs, inputs / groups, length]. */
  readonly weight: Tensor;
  /** Shape [outputs]; null when there is none. */
  readonly bias: Tensor | null;
  readonly groups: number;
  readonly windows: Pick<Conv1dOptions, 'stride' | 'padding' | 'dilation'>;

  /** @throws RangeError when a size is not a positive integer, or groups do not divide inputs and outputs. */
  constructor(options: Conv1dOptions) {
    super();
    checkOptions(options, [...CHANNELS, ...WINDOWS], 'Conv1d');
    checkNumber(options.kernel, COUNT, 'kernel', 'Conv1d');
    this.windows = given(options, WINDOWS);
    const { weight, bias, groups } = partsOf(options, [options.kernel], false, 'Conv1d');
    this.weight = weight;
    this.bias = bias;
    this.groups = groups;
  }

  /**
   * @param x shape [batch, inputs, length]
   * @param activation 'relu' for max(y, 0) in the same pass, with the bits of a ReLU layer after this one
   * @returns shape [batch, outputs, length']
   * @throws ShapeError when the channels of `x` are not `inputs`, or no window fits.
   */
  override forward(x: Tensor, activation: LinearActivation = 'none'): Tensor {
    return conv1d(x, this.weight, this.bias, { ...this.windows, groups: this.groups, activation });
  }

  protected override settings(): string {
    return describeLayer(this, this.windows);
  }
}
