import { COUNT } from '../../tensor/check-number.js';
import { ShapeError } from '../../tensor/errors.js';
import type { Pair, Windows } from '../../tensor/kernels/convolution.js';
import { checkOptions } from '../../tensor/known-options.js';
import { formatShape } from '../../tensor/shape.js';
import type { Tensor } from '../../tensor/tensor.js';
import { gather, scatterAdd } from './gather.js';
import { pad } from './pad.js';
import { reshape } from './shape.js';
import { slice } from './slice.js';
import {
  both,
  imageOf,
  type PerAxis,
  perAxis,
  positionsOf,
  type WindowOptions,
  windowsOn,
} from './windows.js';

/** Options of {@link unfold}. */
export interface UnfoldOptions extends WindowOptions {
  /** Rows and columns of a window. */
  readonly kernel: PerAxis;
}

/** The windows on an image that has its padding, and what of it is padding. */
interface Patches {
  readonly kernel: Pair;
  readonly windows: Windows;
  /** Rows and columns of the image with its padding. */
  readonly padded: Pair;
  readonly positions: Pair;
}

function patchesOf(image: Pair, { kernel: size, ...options }: UnfoldOptions, who: string): Patches {
  if (size === undefined) throw new ShapeError(`${who}: needs a kernel, as in { kernel: 3 }`);
  const kernel = perAxis(size, COUNT, 'kernel', who);
  const windows = windowsOn(image, kernel, options, who);
  const padded = both((axis) => {
    const [before, after] = windows.padding[axis];
    return image[axis] + before + Math.max(0, after);
  });
  return { kernel, windows, padded, positions: positionsOf(image, kernel, windows) };
}

/** The pixels of all windows in a padded image, tap by tap. */
function indicesOf({ kernel, windows: { stride, dilation }, padded, positions }: Patches): Int32Array {
  const indices = new Int32Array(kernel[0] * kernel[1] * positions[0] * positions[1]);
  let at = 0;
  for (let ky = 0; ky < kernel[0]; ky++) {
    for (let kx = 0; kx < kernel[1]; kx++) {
      for (let y = 0; y < positions[0]; y++) {
        const row = (y * stride[0] + ky * dilation[0]) * padded[1] + kx * dilation[1];
        for (let x = 0; x < positions[1]; x++) indices[at++] = row + x * stride[1];
      }
    }
  }
  return indices;
}

/**
 * The windows of images as columns: x [batch, channels, height, width] gives [batch, channels * kh * kw, positions], with the
 * positions of `conv2d` in row-major order. PyTorch's `unfold`.
 * @throws ShapeError when no window fits.
 */
export function unfold(x: Tensor, options: UnfoldOptions): Tensor {
  checkOptions(options, ['kernel', 'stride', 'padding', 'dilation'], 'unfold');
  const patches = patchesOf(imageOf(x.shape, 'unfold'), options, 'unfold');
  const { kernel, windows, padded, positions } = patches;
  const [batch, channels] = x.shape;
  const sides = windows.padding.map(([before, after]): Pair => [before, Math.max(0, after)]);
  const image = pad(x, { padding: [[0, 0], [0, 0], ...sides] });
  const pixels = reshape(image, { shape: [batch, channels, padded[0] * padded[1]] });
  const taken = gather(pixels, { indices: indicesOf(patches), axis: 2 });
  return reshape(taken, { shape: [batch, channels * kernel[0] * kernel[1], positions[0] * positions[1]] });
}

/** Options of {@link fold}. */
export interface FoldOptions extends UnfoldOptions {
  /** Rows and columns of the image. */
  readonly size: PerAxis;
}

/**
 * The sum of windows laid on an image, the adjoint of {@link unfold}: columns [batch, channels * kh * kw, positions] give
 * [batch, channels, height, width]. PyTorch's `fold`.
 * @throws ShapeError when the columns are not those of an image of this size.
 */
export function fold(columns: Tensor, options: FoldOptions): Tensor {
  checkOptions(options, ['size', 'kernel', 'stride', 'padding', 'dilation'], 'fold');
  const { size, ...given } = options;
  if (size === undefined) throw new ShapeError('fold: needs the size of the image, as in { size: 28 }');
  const image = perAxis(size, COUNT, 'size', 'fold');
  const patches = patchesOf(image, given, 'fold');
  const { kernel, windows, padded, positions } = patches;
  const [taps, count] = [kernel[0] * kernel[1], positions[0] * positions[1]];
  const [batch, rows, found] = columns.shape;
  if (columns.rank !== 3 || rows % taps !== 0 || found !== count) {
    throw new ShapeError(
      `fold: takes [batch, channels * ${taps}, ${count}] for ${formatShape(image)} and a kernel ${formatShape(kernel)}, but got ${formatShape(columns.shape)}`,
    );
  }
  const channels = rows / taps;
  const taken = reshape(columns, { shape: [batch, channels, taps * count] });
  const summed = scatterAdd(taken, { indices: indicesOf(patches), axis: 2, size: padded[0] * padded[1] });
  const start = [0, 0, windows.padding[0][0], windows.padding[1][0]];
  return slice(reshape(summed, { shape: [batch, channels, ...padded] }), {
    start,
    stop: [batch, channels, start[2] + image[0], start[3] + image[1]],
  });
}
