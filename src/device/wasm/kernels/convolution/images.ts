import type { ConvolutionGeometry, Pair } from '../../../../tensor/kernels/convolution.js';
import type { Tensor } from '../../../../tensor/tensor.js';
import type { Runtime } from '../../runtime.js';
import { FLOAT } from '../../sizes.js';
import { LARGEST_FLOAT32, runWithin } from '../within.js';
import { type Border, isBordered, padded, planesOf } from './padded.js';

/** Floats of scratch space that are filled at a time, so that they stay in the second cache. */
const CHUNK = 128 * 1024;

/** Images as a kernel reads them. */
export interface Images {
  readonly address: number;
  readonly batch: number;
  readonly channels: number;
  readonly size: Pair;
  readonly border: Border;
}

/**
 * Calls `f` for ranges of images that are worked on together, with the address of their planes inside of their border.
 * @param floats of scratch space that each image takes beside those
 */
export function eachChunk(
  runtime: Runtime,
  { address, batch, channels, size, border }: Images,
  floats: number,
  f: (address: number, first: number, count: number) => void,
): void {
  const each = (isBordered(border) ? channels * planesOf(size, border).plane : 0) + floats;
  const chunks = Math.min(batch, Math.ceil((batch * each) / CHUNK));
  const most = Math.ceil(batch / Math.max(1, chunks));
  for (let first = 0; first < batch; first += most) {
    const count = Math.min(most, batch - first);
    const start = address + first * channels * size[0] * size[1] * FLOAT;
    runtime.scoped(() => f(padded(runtime, start, count * channels, size, border), first, count));
  }
}

/** Whether every number is finite: then 0 times it changes no sum, and a border of zeros stands for what is left out. */
export function isFinite32(runtime: Runtime, { data }: Tensor): boolean {
  return (
    data instanceof Float32Array &&
    runtime.scoped(() => runWithin(runtime, [data], -LARGEST_FLOAT32, LARGEST_FLOAT32))
  );
}

/** Offsets in bytes of numbers in three nested dimensions, the outermost first, in row-major order. @param bytes of a number */
export function offsets(counts: readonly number[], steps: readonly number[], bytes = FLOAT): Int32Array {
  const [planes, rows, columns] = counts;
  const list = new Int32Array(planes * rows * columns);
  let at = 0;
  for (let z = 0; z < planes; z++) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) list[at++] = bytes * (z * steps[0] + y * steps[1] + x * steps[2]);
    }
  }
  return list;
}

/** The border that windows read; null where they cut off, which only plain loops do. */
export function borderOf({ padding: [rows, columns] }: ConvolutionGeometry): Border | null {
  if (rows[0] < 0 || columns[0] < 0) return null;
  return {
    top: rows[0],
    bottom: Math.max(0, rows[1]),
    left: columns[0],
    right: Math.max(0, columns[1]),
  };
}
