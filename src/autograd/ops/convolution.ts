import {
  fastConvolution,
  fastTransposedConvolution,
} from '../../device/wasm/kernels/convolution/convolution.js';
import { fastConvolutionWeight } from '../../device/wasm/kernels/convolution/weight-gradient.js';
import { COUNT } from '../../tensor/check-number.js';
import { describeValue } from '../../tensor/describe.js';
import { ShapeError } from '../../tensor/errors.js';
import {
  type ConvolutionAttributes,
  type ConvolutionGeometry,
  convolutionKernel,
  convolutionWeightKernel,
  type Pair,
  transposedConvolutionKernel,
} from '../../tensor/kernels/convolution.js';
import { checkOptions } from '../../tensor/known-options.js';
import { formatShape, type Shape } from '../../tensor/shape.js';
import { Tensor } from '../../tensor/tensor.js';
import { defineOp } from '../define-op.js';
import type { Op, OpFunction, Rule } from '../op.js';
import { relu } from './activations.js';
import { add } from './arithmetic.js';
import { beforeActivation, type LinearOptions, resolveActivation } from './linear.js';
import { sum } from './reduce.js';
import { reshape } from './shape.js';
import {
  checkGroups,
  imageOf,
  type PerAxis,
  perAxis,
  pixelsOf,
  positionsOf,
  type TransposedWindowOptions,
  type WindowOptions,
  windowsAt,
  windowsOn,
} from './windows.js';

interface SharedOptions extends LinearOptions {
  /** Divides the channels into groups that see nothing of each other. Defaults to 1. */
  readonly groups?: number;
}

/** Options of {@link conv2d}. */
export interface ConvolutionOptions extends WindowOptions, SharedOptions {}

/** Options of {@link convTranspose2d}. */
export interface ConvTransposeOptions extends TransposedWindowOptions, SharedOptions {}

/** A convolution as it is called. */
export interface ConvolutionFunction<Options> {
  (x: Tensor, weight: Tensor, bias?: Tensor | null, options?: Options): Tensor;
  readonly op: Op;
}

/** @throws ShapeError unless the channels of x, weight and bias fit, or RangeError unless groups divide them. */
function checkChannels(
  [x, weight, bias]: readonly Shape[],
  groups: number,
  transposed: boolean,
  who: string,
): void {
  const layout = transposed ? '[in, out / groups, kh, kw]' : '[out, in / groups, kh, kw]';
  if (weight.length !== 4) {
    throw new ShapeError(`${who}: takes a weight ${layout}, but got ${formatShape(weight)}`);
  }
  if (weight[2] === 0 || weight[3] === 0) {
    throw new ShapeError(`${who}: the kernel of weight ${formatShape(weight)} is empty`);
  }
  const [channels, grouped] = [x[1], weight[0]];
  const taken = transposed ? grouped : weight[1] * groups;
  checkGroups(groups, [grouped], who);
  if (channels !== taken) {
    const fitting = transposed
      ? [channels, ...weight.slice(1)]
      : [grouped, channels / groups, ...weight.slice(2)];
    const mend = Number.isInteger(fitting[1]) ? ` or a weight ${formatShape(fitting)}` : '';
    throw new ShapeError(
      `${who}: x ${formatShape(x)} has ${channels} channels, but weight ${formatShape(weight)} with groups ${groups} takes ${taken}; ` +
        `give x [batch, ${taken}, height, width]${mend}`,
    );
  }
  const outputs = transposed ? weight[1] * groups : grouped;
  if (bias !== undefined && (bias.length !== 1 || bias[0] !== outputs)) {
    throw new ShapeError(
      `${who}: the bias is ${formatShape(bias)}, but there are ${outputs} channels in the result; give [${outputs}]`,
    );
  }
}

const kernelOf = (weight: Shape): Pair => [weight[2], weight[3]];

/** What the rules hand on: the geometry of one convolution serves the three maps that it is made of. */
const geometry = ({ stride, padding, dilation, groups }: ConvolutionGeometry): ConvolutionGeometry => ({
  stride,
  padding,
  dilation,
  groups,
});

/** Checks and completes what a convolution is called with. */
const attributesOf =
  (transposed: boolean) =>
  (
    given: ConvTransposeOptions | undefined,
    shapes: readonly Shape[],
    name: string,
  ): ConvolutionAttributes => {
    const { groups = 1, activation: _, ...windows } = given ?? {};
    const [x, weight] = shapes;
    const image = imageOf(x, name);
    checkChannels(shapes, groups, transposed, name);
    const fit = transposed ? windowsAt : windowsOn;
    const activation = resolveActivation(given, name);
    return { ...fit(image, kernelOf(weight), windows, name), groups, activation };
  };

const PER_CHANNEL = { axes: [0, 2, 3] };

/** The same by the ops that one with an activation does in one pass. */
const partsOf =
  (plain: (inputs: readonly Tensor[], given: ConvolutionGeometry) => Tensor) =>
  ([x, weight, bias]: readonly Tensor[], attributes: ConvolutionAttributes): Tensor | undefined => {
    if (attributes.activation === 'none') return undefined;
    const result = plain([x, weight], geometry(attributes));
    return relu(bias === undefined ? result : add(result, reshape(bias, { shape: [-1, 1, 1] })));
  };

/** The derivatives of both maps: each is the other's by its images; between images and results stands the weight's gradient. */
const ruleOf =
  (transposed: boolean): Rule<ConvolutionAttributes> =>
  (g, saved, input) => {
    const before = beforeActivation(g, saved);
    if (input === 2) return sum(before, PER_CHANNEL);
    const [x, weight] = saved.inputs;
    const given = geometry(saved.attributes);
    if (input === 0) return (transposed ? convolution : transposedConvolution)([before, weight], given);
    const [images, results] = transposed ? [before, x] : [x, before];
    return conv2dWeightGradient(images, results, { ...given, kernel: kernelOf(saved.shapes[1]) });
  };

/** The products of up to four taps stay below what the bias adds: no element comes near the kink of relu. */
const DOMAIN = [
  { range: [-1, 1] },
  { range: [0.25, 1] },
  { range: [-7, 7], values: [-7, -6, -5, 5, 6, 7] },
] as const;

/** As it is called: the bias may be left out. */
const callable = <Options extends object>(
  op: OpFunction<'many', Options>,
  name: string,
): ConvolutionFunction<Options> =>
  Object.assign(
    (x: Tensor, weight: Tensor, bias: Tensor | null = null, options?: Options): Tensor => {
      if (bias === null) return op([x, weight], options);
      if (bias instanceof Tensor) return op([x, weight, bias], options);
      throw new TypeError(
        `${name}: the bias is ${describeValue(bias)}; options come fourth, as in ${name}(x, weight, null, { stride: 2 })`,
      );
    },
    { op: op.op },
  );

const convolution: OpFunction<'many', ConvolutionOptions> = defineOp({
  name: 'conv2d',
  doc: 'The sums of products of a kernel with the windows of images, its bias added and, on request, relu.',
  arity: 'many',
  options: ['stride', 'padding', 'dilation', 'groups', 'activation'],
  attributes: attributesOf(false),
  shape: ([x, weight], attributes) => [
    x[0],
    weight[0],
    ...positionsOf([x[2], x[3]], kernelOf(weight), attributes),
  ],
  forward: convolutionKernel,
  kernels: { wasm: fastConvolution },
  parts: partsOf((inputs, given) => convolution(inputs, given)),
  saves: ['inputs', 'output'],
  vjp: ruleOf(false),
  domain: {
    inputs: DOMAIN,
    cases: [
      { shapes: [['n', 'c', 2, 3], ['o', 'c', 1, 2], ['o']] },
      {
        shapes: [
          ['n', 'c', 4, 2],
          [2, 'c', 3, 2],
        ],
        attributes: { stride: [3, 2], padding: 1 },
        label: 'strided, without bias',
      },
      {
        shapes: [[1, 2, 5, 3], [2, 1, 2, 2], [2]],
        attributes: { groups: 2, dilation: [2, 1], padding: [[0, 1], 1] },
      },
      { shapes: [['n', 1, 3, 2], [1, 1, 2, 2], [1]], attributes: { activation: 'relu', padding: 'same' } },
    ],
  },
});

const transposedConvolution: OpFunction<'many', ConvTransposeOptions> = defineOp({
  name: 'convTranspose2d',
  doc: 'The gradient of conv2d by its images as a map of its own: every element adds a weighted kernel to a larger image.',
  arity: 'many',
  options: ['stride', 'padding', 'dilation', 'groups', 'outputPadding', 'activation'],
  attributes: attributesOf(true),
  shape: ([x, weight], attributes) => [
    x[0],
    weight[1] * attributes.groups,
    ...pixelsOf([x[2], x[3]], kernelOf(weight), attributes),
  ],
  forward: transposedConvolutionKernel,
  kernels: { wasm: fastTransposedConvolution },
  parts: partsOf((inputs, given) => transposedConvolution(inputs, given)),
  saves: ['inputs', 'output'],
  vjp: ruleOf(true),
  domain: {
    inputs: DOMAIN,
    cases: [
      { shapes: [['n', 'c', 2, 2], ['c', 'o', 1, 2], ['o']] },
      {
        shapes: [
          ['n', 'c', 2, 1],
          ['c', 2, 3, 2],
        ],
        attributes: { stride: 2, padding: [1, 0], outputPadding: [1, 0] },
      },
      {
        shapes: [[1, 2, 1, 2], [2, 1, 2, 2], [2]],
        attributes: { groups: 2, dilation: [3, 1], outputPadding: [2, 0] },
      },
      { shapes: [['n', 1, 2, 2], [1, 1, 2, 2], [1]], attributes: { activation: 'relu', padding: 'same' } },
    ],
  },
});

/**
 * The cross-correlation of images with a kernel, as neural networks have it: x [batch, in, height, width] and weight
 * [out, in / groups, kh, kw] give [batch, out, height', width'] with height' = floor((height + padding - dilation (kh - 1) - 1) /
 * stride) + 1. The bias is [out]; null or left out for none. PyTorch's `conv2d`, with its layouts. Every element sums its products
 * in the order (channel, row, column of the kernel); a tap outside the image is left out.
 * @example conv2d(x, weight, bias, { stride: 2, padding: 1 }) // [n, 1, 28, 28] with [32, 1, 3, 3] gives [n, 32, 14, 14]
 * @throws ShapeError when channels or sizes do not fit, with the nearest that would; RangeError for groups that do not divide.
 */
export const conv2d: ConvolutionFunction<ConvolutionOptions> = /* @__PURE__ */ callable(
  convolution,
  'conv2d',
);

/**
 * The gradient of {@link conv2d} by its images as a map of its own, which makes images larger: x [batch, in, height, width] and weight
 * [in, out / groups, kh, kw] give [batch, out, height', width'] with height' = (height - 1) stride - padding + dilation (kh - 1) + 1 +
 * outputPadding. The bias is [out]; null or left out for none. PyTorch's `conv_transpose2d`, with its layouts.
 * @example convTranspose2d(x, weight, bias, { stride: 2, padding: 1, outputPadding: 1 }) // 7 x 7 gives 14 x 14 with a 3 x 3 kernel
 * @throws ShapeError when channels or sizes do not fit, with the nearest that would; RangeError for groups that do not divide, and
 * an outputPadding that is too large.
 */
export const convTranspose2d: ConvolutionFunction<ConvTransposeOptions> = /* @__PURE__ */ callable(
  transposedConvolution,
  'convTranspose2d',
);

/** Options of {@link conv2dWeightGradient}. */
export interface WeightGradientOptions extends WindowOptions {
  /** Rows and columns of the kernel. */
  readonly kernel: PerAxis;
  /** Defaults to 1. */
  readonly groups?: number;
}

interface WeightGradientAttributes extends ConvolutionGeometry {
  readonly kernel: Pair;
}

/**
 * The gradient of {@link conv2d} by its weight: from the images x [batch, in, height, width] and the gradient g [batch, out,
 * height', width'] of the result to [out, in / groups, kh, kw]. Every element sums its products in the order (example, row, column).
 * @throws ShapeError when the sizes are not those of a convolution.
 */
export const conv2dWeightGradient: OpFunction<2, WeightGradientOptions> = defineOp<
  2,
  WeightGradientOptions,
  WeightGradientAttributes
>({
  name: 'conv2dWeightGradient',
  doc: 'The gradient of conv2d by its weight, from its images and the gradient of its result.',
  arity: 2,
  options: ['kernel', 'stride', 'padding', 'dilation', 'groups'],
  attributes: (given, [x, g], name) => {
    if (given?.kernel === undefined) throw new ShapeError(`${name}: needs a kernel, as in { kernel: 3 }`);
    const { groups = 1, ...options } = given;
    const kernel = perAxis(options.kernel, COUNT, 'kernel', name);
    const image = imageOf(x, name);
    const windows = windowsOn(image, kernel, options, name);
    const positions = positionsOf(image, kernel, windows);
    const fitting = [x[0], g[1], ...positions];
    if (formatShape(imageOf(g, name)) !== formatShape(positions) || x[0] !== g[0]) {
      throw new ShapeError(
        `${name}: the convolution of ${formatShape(x)} gives ${formatShape(fitting)}, but its gradient is ${formatShape(g)}`,
      );
    }
    checkGroups(groups, [x[1], g[1]], name);
    return { ...windows, groups, kernel };
  },
  shape: ([x, g], { groups, kernel }) => [g[1], x[1] / groups, ...kernel],
  forward: convolutionWeightKernel,
  kernels: { wasm: fastConvolutionWeight },
  saves: ['inputs'],
  vjp: [
    (g, { b, attributes }) => transposedConvolution([b, g], geometry(attributes)),
    (g, { a, attributes }) => convolution([a, g], geometry(attributes)),
  ],
  domain: {
    inputs: [{ range: [-1, 1] }, { range: [0.25, 1] }],
    cases: [
      {
        shapes: [
          ['n', 'c', 3, 4],
          ['n', 'o', 2, 2],
        ],
        attributes: { kernel: [2, 3] },
      },
      {
        shapes: [
          ['n', 2, 4, 3],
          ['n', 2, 2, 2],
        ],
        attributes: { kernel: 2, stride: [2, 1], dilation: [3, 1], padding: [[1, 1], 0], groups: 2 },
      },
    ],
  },
});

/** Options of {@link conv1d}. */
export interface Convolution1dOptions extends SharedOptions {
  /** Elements from one window to the next. Defaults to 1. */
  readonly stride?: number;
  /** Zeros on both sides, [before, after], or 'same' for ceil(length / stride) positions. Defaults to 0. */
  readonly padding?: 'same' | number | Pair;
  /** Elements from one tap of the kernel to the next. Defaults to 1. */
  readonly dilation?: number;
}

/**
 * A convolution of signals, as `conv2d` of images of one row: x [batch, in, length] and weight [out, in / groups, k] give
 * [batch, out, length']. The bias is [out]; null or left out for none.
 * @throws ShapeError when channels or sizes do not fit, with the nearest that would; RangeError for groups that do not divide.
 */
export function conv1d(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null = null,
  options: Convolution1dOptions = {},
): Tensor {
  checkOptions(options, convolution.op.options, 'conv1d');
  const { stride = 1, dilation = 1, padding = 0, ...others } = options;
  if (x.rank !== 3 || weight.rank !== 3) {
    throw new ShapeError(
      `conv1d: takes x [batch, in, length] and a weight [out, in / groups, k], but got ${formatShape(x.shape)} and ${formatShape(weight.shape)}`,
    );
  }
  const asImage = (t: Tensor): Tensor => reshape(t, { shape: [t.shape[0], t.shape[1], 1, t.shape[2]] });
  const [image, kernel] = [asImage(x), asImage(weight)];
  const given: ConvolutionOptions = {
    ...others,
    stride: [1, stride],
    dilation: [1, dilation],
    padding: padding === 'same' ? padding : [0, padding],
  };
  // Whatever does not fit is said in this function's name.
  attributesOf(false)(given, [image.shape, kernel.shape], 'conv1d');
  const result = conv2d(image, kernel, bias, given);
  return reshape(result, { shape: [result.shape[0], result.shape[1], result.shape[3]] });
}
