import { COUNT, checkNumber } from '../../tensor/check-number.js';
import { quote } from '../../tensor/describe.js';
import { ShapeError } from '../../tensor/errors.js';
import { checkOptions } from '../../tensor/known-options.js';
import { formatShape } from '../../tensor/shape.js';
import { Tensor } from '../../tensor/tensor.js';
import { add, mul } from './arithmetic.js';
import { gather } from './gather.js';
import { both, imageOf, type PerAxis, perAxis } from './windows.js';

/** Options of {@link upsample}: `scale` or `size`, and the mode. */
export interface UpsampleOptions {
  /** What rows and columns are multiplied by; the sizes are rounded down. */
  readonly scale?: PerAxis;
  /** Rows and columns of the result. */
  readonly size?: PerAxis;
  /** The nearest pixel, or a weighted mean of the four around. Defaults to 'nearest'. */
  readonly mode?: 'nearest' | 'bilinear';
  /** Bilinear: the corners of both images are the centres of their corner pixels, not their outer edges. Defaults to false. */
  readonly alignCorners?: boolean;
}

/** The names of {@link UpsampleOptions}. @internal */
export const upsampleOptions: readonly (keyof UpsampleOptions)[] = ['scale', 'size', 'mode', 'alignCorners'];

const MODES = ['nearest', 'bilinear'] as const;

/** Where each of `count` pixels of a result lies between the pixels of an axis. */
interface Sampling {
  readonly below: Int32Array;
  readonly above: Int32Array;
  /** The share of the pixel above. */
  readonly share: Float64Array;
}

function sample(pixels: number, count: number, step: number, bilinear: boolean, corners: boolean): Sampling {
  const sampling = {
    below: new Int32Array(count),
    above: new Int32Array(count),
    share: new Float64Array(count),
  };
  const apart = count > 1 ? (pixels - 1) / (count - 1) : 0;
  for (let i = 0; i < count; i++) {
    const at = !bilinear ? i * step : corners ? i * apart : Math.max(0, (i + 0.5) * step - 0.5);
    const below = Math.min(Math.floor(at), pixels - 1);
    sampling.below[i] = below;
    sampling.above[i] = Math.min(below + 1, pixels - 1);
    sampling.share[i] = bilinear ? at - below : 0;
  }
  return sampling;
}

/** The weighted mean of two selections along an axis. */
function interpolated(x: Tensor, axis: number, { below, above, share }: Sampling): Tensor {
  const weights = (of: (share: number) => number): Tensor => {
    const row = Tensor.uninitialized(axis === 2 ? [share.length, 1] : [share.length], x.dtype);
    share.forEach((value, i) => {
      row.data[i] = of(value);
    });
    return row;
  };
  return add(
    mul(
      gather(x, { indices: below, axis }),
      weights((value) => 1 - value),
    ),
    mul(
      gather(x, { indices: above, axis }),
      weights((value) => value),
    ),
  );
}

/**
 * Images of another size: x [batch, channels, height, width] with rows and columns repeated (nearest) or interpolated
 * (bilinear). PyTorch's `interpolate`.
 * @example upsample(x, { scale: 2 }) // 7 x 7 gives 14 x 14
 * @throws TypeError unless one of `scale` and `size` is given; ShapeError when no pixel is left; RangeError for another mode.
 */
export function upsample(x: Tensor, options: UpsampleOptions): Tensor {
  checkOptions(options, upsampleOptions, 'upsample');
  const { scale, size, mode = 'nearest', alignCorners = false } = options;
  if (!MODES.includes(mode)) {
    throw new RangeError(`upsample: there is no mode ${quote(mode)}; there are ${MODES.join(', ')}`);
  }
  const image = imageOf(x.shape, 'upsample');
  if (image.includes(0)) throw new ShapeError(`upsample: the images of ${formatShape(x.shape)} are empty`);
  if ((scale === undefined) === (size === undefined)) {
    throw new TypeError('upsample: needs scale or size, as in { scale: 2 } or { size: [28, 28] }');
  }
  const factors = scale === undefined ? null : perAxis(scale, { above: 0 }, 'scale', 'upsample');
  const sizes = both((axis) => (factors === null ? 0 : Math.floor(image[axis] * factors[axis])));
  const result = size === undefined ? sizes : perAxis(size, COUNT, 'size', 'upsample');
  result.forEach((pixels, axis) => {
    const what = `the size that scale gives ${image[axis]} pixels`;
    checkNumber(pixels, COUNT, what, 'upsample');
  });
  return both((axis) => axis).reduce<Tensor>((y, axis) => {
    const step = factors === null ? image[axis] / result[axis] : 1 / factors[axis];
    const sampling = sample(image[axis], result[axis], step, mode === 'bilinear', alignCorners);
    return mode === 'nearest'
      ? gather(y, { indices: sampling.below, axis: axis + 2 })
      : interpolated(y, axis + 2, sampling);
  }, x);
}
