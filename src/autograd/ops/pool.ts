import { COUNT } from '../../tensor/check-number.js';
import { full } from '../../tensor/create.js';
import { ShapeError } from '../../tensor/errors.js';
import { type Pair, tapRange, type Windows } from '../../tensor/kernels/convolution.js';
import { checkOptions } from '../../tensor/known-options.js';
import type { Shape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { noGrad } from '../apply.js';
import { defineOp } from '../define-op.js';
import type { OpFunction } from '../op.js';
import { div } from './arithmetic.js';
import { conv2d } from './convolution.js';
import { scatterAdd } from './gather.js';
import { reshape } from './shape.js';
import { imageOf, type PerAxis, perAxis, positionsOf, type WindowOptions, windowsOn } from './windows.js';

/** Options of {@link maxPool2d}: the windows whose largest pixels are taken. */
export interface PoolOptions extends WindowOptions {
  /** Rows and columns of a window. */
  readonly kernel: PerAxis;
  /** Pixels from one window to the next. Defaults to the kernel. */
  readonly stride?: PerAxis;
}

interface PoolAttributes extends Windows {
  readonly kernel: Pair;
}

/** The first window along an axis that holds no pixel. */
function emptyWindow(windows: Windows, axis: 0 | 1, kernel: number, positions: number, pixels: number) {
  const held = new Uint8Array(positions);
  for (let tap = 0; tap < kernel; tap++) {
    const { first, end } = tapRange(windows, axis, tap, positions, pixels);
    if (end > first) held.fill(1, first, end);
  }
  return held.indexOf(0);
}

/** @throws ShapeError when no window fits on the image, or one lies in the padding alone. */
function resolvePool(given: PoolOptions | undefined, [x]: readonly Shape[], name: string): PoolAttributes {
  if (given?.kernel === undefined) throw new ShapeError(`${name}: needs a kernel, as in { kernel: 2 }`);
  const { kernel: size, stride = size, ...others } = given;
  const kernel = perAxis(size, COUNT, 'kernel', name);
  const image = imageOf(x, name);
  const windows = windowsOn(image, kernel, { ...others, stride }, name);
  const positions = positionsOf(image, kernel, windows);
  for (const axis of [0, 1] as const) {
    const empty = emptyWindow(windows, axis, kernel[axis], positions[axis], image[axis]);
    if (empty < 0) continue;
    const [before, after] = windows.padding[axis];
    throw new ShapeError(
      `${name}: window ${empty} of ${positions[axis]} along ${['height', 'width'][axis]} holds no pixel: padding ${before} + ${after} is too large for a kernel of ${kernel[axis]} ` +
        `at dilation ${windows.dilation[axis]}; padding of ${Math.floor(kernel[axis] / 2)} is the most that is of use`,
    );
  }
  return { ...windows, kernel };
}

const pooledShape = ([x]: readonly Shape[], { kernel, ...windows }: PoolAttributes): Shape => [
  x[0],
  x[1],
  ...positionsOf([x[2], x[3]], kernel, windows),
];

/** Where the largest element of each window stands in x: of those that tie the first; the last NaN where there is one. */
function largestOf({ data, shape }: Tensor, attributes: PoolAttributes): Int32Array {
  const { kernel, stride } = attributes;
  const [batch, channels, height, width] = shape;
  const [rows, columns] = positionsOf([height, width], kernel, attributes);
  const indices = new Int32Array(batch * channels * rows * columns).fill(-1);
  for (let plane = 0; plane < batch * channels; plane++) {
    for (let ky = 0; ky < kernel[0]; ky++) {
      const vertical = tapRange(attributes, 0, ky, rows, height);
      for (let kx = 0; kx < kernel[1]; kx++) {
        const horizontal = tapRange(attributes, 1, kx, columns, width);
        for (let y = vertical.first; y < vertical.end; y++) {
          const pixels = (plane * height + y * stride[0] + vertical.offset) * width + horizontal.offset;
          const positions = (plane * rows + y) * columns;
          for (let i = horizontal.first; i < horizontal.end; i++) {
            const at = pixels + i * stride[1];
            const best = indices[positions + i];
            if (best < 0 || data[at] > data[best] || Number.isNaN(data[at])) indices[positions + i] = at;
          }
        }
      }
    }
  }
  return indices;
}

/**
 * The largest pixel of each window: x [batch, channels, height, width] gives [batch, channels, height', width'], with sizes as in
 * `conv2d`. Padding never is the largest. The gradient goes to the pixel that was taken, of those that tie the first, as in
 * PyTorch's `max_pool2d`.
 * @example maxPool2d(x, { kernel: 2 }) // 28 x 28 gives 14 x 14
 * @throws ShapeError when no window fits, or one could hold no pixel.
 */
export const maxPool2d: OpFunction<1, PoolOptions> = defineOp({
  name: 'maxPool2d',
  doc: 'The largest pixel of each window; the gradient goes to the first of those that tie.',
  arity: 1,
  options: ['kernel', 'stride', 'padding', 'dilation'],
  attributes: resolvePool,
  shape: pooledShape,
  forward: (out, [x], attributes) => {
    const indices = largestOf(x, attributes);
    for (let i = 0; i < indices.length; i++) out.data[i] = x.data[indices[i]];
  },
  saves: ['inputs'],
  vjp: [
    (g, { x, attributes }) => {
      const options = { indices: largestOf(x, attributes), size: x.size };
      return reshape(scatterAdd(reshape(g, { shape: [g.size] }), options), { shape: x.shape });
    },
  ],
  domain: {
    cases: [
      { shapes: [['n', 'c', 4, 3]], attributes: { kernel: 2 } },
      {
        shapes: [[1, 2, 3, 4]],
        attributes: { kernel: [2, 3], stride: 1, padding: [0, 1], dilation: [2, 1] },
      },
    ],
    distinct: true,
  },
});

/** Options of {@link avgPool2d}. */
export interface AvgPoolOptions extends Omit<PoolOptions, 'dilation'> {
  /** Divide by the size of the kernel also where padding is in the window; else by the number of pixels. Defaults to true. */
  readonly countPadding?: boolean;
}

/** The names of {@link AvgPoolOptions}. @internal */
export const avgPoolOptions: readonly (keyof AvgPoolOptions)[] = [
  'kernel',
  'stride',
  'padding',
  'countPadding',
];

/**
 * The mean of the pixels of each window, sizes as in {@link maxPool2d}: PyTorch's `avg_pool2d`. Padding counts as zeros, unless
 * `countPadding` is false.
 * @throws ShapeError when no window fits, or one could hold no pixel.
 */
export function avgPool2d(x: Tensor, options: AvgPoolOptions): Tensor {
  checkOptions(options, avgPoolOptions, 'avgPool2d');
  const { countPadding = true, ...given } = options;
  const { kernel, ...windows } = resolvePool(given, [x.shape], 'avgPool2d');
  const add = (image: Tensor): Tensor => {
    const { dtype } = image;
    const groups = image.shape[1];
    return conv2d(image, full([groups, 1, ...kernel], 1, { dtype }), null, { ...windows, groups });
  };
  const { dtype, shape } = x;
  const count = countPadding
    ? kernel[0] * kernel[1]
    : noGrad(() => add(full([1, 1, shape[2], shape[3]], 1, { dtype })));
  return div(add(x), count);
}
