import type { TensorData } from '../dtype.js';
import type { Shape } from '../shape.js';
import type { Tensor } from '../tensor.js';
import type { LinearActivation } from './linear.js';

/** Something of both axes of an image, rows first. */
export type Pair<T = number> = readonly [rows: T, columns: T];

/** How the windows of a kernel lie on an image: position p of tap k reads pixel p * stride + k * dilation - before. */
export interface Windows {
  readonly stride: Pair;
  readonly dilation: Pair;
  /** What is added on both sides of each axis; below 0 it is cut off. */
  readonly padding: Pair<Pair>;
}

export interface ConvolutionGeometry extends Windows {
  readonly groups: number;
}

export interface ConvolutionAttributes extends ConvolutionGeometry {
  readonly activation: LinearActivation;
}

/** The positions along an axis at which a tap reads a pixel, and the pixel of position 0. */
export interface TapRange {
  readonly first: number;
  readonly end: number;
  readonly offset: number;
}

/** @param positions how many there are along the axis @param pixels the size of the image along it */
export function tapRange(
  { stride, dilation, padding }: Windows,
  axis: 0 | 1,
  tap: number,
  positions: number,
  pixels: number,
): TapRange {
  const offset = tap * dilation[axis] - padding[axis][0];
  const first = Math.max(0, Math.ceil(-offset / stride[axis]));
  const end = Math.min(positions, Math.floor((pixels - 1 - offset) / stride[axis]) + 1);
  return { first, end, offset };
}

/** Adds a weighted run, each product and each sum rounded. */
type AddRun = (
  to: TensorData,
  at: number,
  step: number,
  from: TensorData,
  start: number,
  stride: number,
  count: number,
  weight: number,
) => void;

const addRun32: AddRun = (to, at, step, from, start, stride, count, weight) => {
  for (let i = 0; i < count; i++) to[at + i * step] += Math.fround(weight * from[start + i * stride]);
};

const addRun64: AddRun = (to, at, step, from, start, stride, count, weight) => {
  for (let i = 0; i < count; i++) to[at + i * step] += weight * from[start + i * stride];
};

/** Adds the products of a run to a sum, each product and each sum rounded. */
type SumRun = (
  sum: number,
  a: TensorData,
  at: number,
  step: number,
  b: TensorData,
  start: number,
  count: number,
) => number;

const sumRun32: SumRun = (sum, a, at, step, b, start, count) => {
  let total = sum;
  for (let i = 0; i < count; i++) total = Math.fround(total + Math.fround(a[at + i * step] * b[start + i]));
  return total;
};

const sumRun64: SumRun = (sum, a, at, step, b, start, count) => {
  let total = sum;
  for (let i = 0; i < count; i++) total += a[at + i * step] * b[start + i];
  return total;
};

/** The sizes of a convolution of an image [n, c, h, w] with a weight [o, c / groups, kh, kw] to a result [n, o, oh, ow]. */
function sizesOf([batch, , height, width]: Shape, weight: Shape, result: Shape, groups: number) {
  const [outputs, inputs, rows, columns] = weight;
  return {
    batch,
    inputs,
    outputs: outputs / groups,
    image: { height, width, size: height * width },
    result: { height: result[2], width: result[3], size: result[2] * result[3] },
    kernel: { rows, columns, size: rows * columns },
  };
}

/** Adds the bias of each channel, then applies the activation: the numbers of add and relu one after the other. */
function finish({ data, shape }: Tensor, bias: Tensor | undefined, activation: LinearActivation): void {
  const plane = shape[2] * shape[3];
  for (let start = 0, channel = 0; start < data.length; start += plane, channel++) {
    const added = bias === undefined ? 0 : bias.data[channel % shape[1]];
    for (let i = start; i < start + plane; i++) {
      if (bias !== undefined) data[i] += added;
      if (activation === 'relu') data[i] = Math.max(data[i], 0);
    }
  }
}

/**
 * A convolution, or the map of its result's gradient to its image's, which a transposed convolution is. The definition of the
 * bits of both: every element starts from +0 and adds the products of its taps in the order (channel that is read, row, column of
 * the kernel), each product and each sum rounded; a tap outside the image is left out. `out` is zero-filled.
 * @param transposed reads results and writes pixels
 */
const convolution =
  (transposed: boolean) =>
  (out: Tensor, [from, weight, bias]: readonly Tensor[], attributes: ConvolutionAttributes): void => {
    const { groups, stride, activation } = attributes;
    const [pixels, positions] = transposed ? [out.shape, from.shape] : [from.shape, out.shape];
    const { batch, inputs, outputs, image, result, kernel } = sizesOf(
      pixels,
      weight.shape,
      positions,
      groups,
    );
    const [written, read] = transposed ? [inputs, outputs] : [outputs, inputs];
    const addRun = out.dtype === 'float32' ? addRun32 : addRun64;
    const addPlane = (n: number, group: number, o: number, c: number): void => {
      const imageAt = ((n * groups + group) * inputs + c) * image.size;
      const resultAt = ((n * groups + group) * outputs + o) * result.size;
      const weightAt = ((group * outputs + o) * inputs + c) * kernel.size;
      for (let ky = 0; ky < kernel.rows; ky++) {
        const rows = tapRange(attributes, 0, ky, result.height, image.height);
        for (let kx = 0; kx < kernel.columns; kx++) {
          const columns = tapRange(attributes, 1, kx, result.width, image.width);
          const factor = weight.data[weightAt + ky * kernel.columns + kx];
          const count = columns.end - columns.first;
          const leftmost = columns.first * stride[1] + columns.offset;
          for (let y = rows.first; y < rows.end; y++) {
            const pixel = imageAt + (y * stride[0] + rows.offset) * image.width + leftmost;
            const position = resultAt + y * result.width + columns.first;
            if (transposed) addRun(out.data, pixel, stride[1], from.data, position, 1, count, factor);
            else addRun(out.data, position, 1, from.data, pixel, stride[1], count, factor);
          }
        }
      }
    };
    for (let n = 0; n < batch; n++) {
      for (let group = 0; group < groups; group++) {
        for (let to = 0; to < written; to++) {
          for (let of = 0; of < read; of++) {
            if (transposed) addPlane(n, group, of, to);
            else addPlane(n, group, to, of);
          }
        }
      }
    }
    finish(out, bias, activation);
  };

export const convolutionKernel = convolution(false);
export const transposedConvolutionKernel = convolution(true);

/**
 * The gradient of a convolution by its weight, from its image and its result's gradient. Every element starts from +0 and adds its
 * products in the order (example, row, column of the result), each product and each sum rounded.
 */
export function convolutionWeightKernel(
  out: Tensor,
  [x, g]: readonly Tensor[],
  geometry: ConvolutionGeometry,
): void {
  const { groups, stride } = geometry;
  const { batch, inputs, outputs, image, result, kernel } = sizesOf(x.shape, out.shape, g.shape, groups);
  const sumRun = out.dtype === 'float32' ? sumRun32 : sumRun64;
  let at = 0;
  for (let o = 0; o < groups * outputs; o++) {
    for (let c = 0; c < inputs; c++) {
      const channel = Math.floor(o / outputs) * inputs + c;
      for (let ky = 0; ky < kernel.rows; ky++) {
        const rows = tapRange(geometry, 0, ky, result.height, image.height);
        for (let kx = 0; kx < kernel.columns; kx++) {
          const columns = tapRange(geometry, 1, kx, result.width, image.width);
          const count = columns.end - columns.first;
          const leftmost = columns.first * stride[1] + columns.offset;
          let sum = 0;
          for (let n = 0; n < batch; n++) {
            const imageAt = (n * groups * inputs + channel) * image.size;
            const resultAt = (n * groups * outputs + o) * result.size;
            for (let y = rows.first; y < rows.end; y++) {
              const pixel = imageAt + (y * stride[0] + rows.offset) * image.width + leftmost;
              const position = resultAt + y * result.width + columns.first;
              sum = sumRun(sum, x.data, pixel, stride[1], g.data, position, count);
            }
          }
          out.data[at++] = sum;
        }
      }
    }
  }
}
