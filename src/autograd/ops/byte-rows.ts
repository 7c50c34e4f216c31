import { backend } from '../../device/current.js';
import { type ByteRows, fastBytes, TURN } from '../../device/wasm/kernels/bytes.js';
import type { TensorData } from '../../tensor/dtype.js';

export type { ByteRows };

/** Fewer numbers are translated faster by a plain loop. */
const MIN_SIZE = 512;

const kernels = { wasm: fastBytes };

/** Bytes divided by 1 or 255 and rounded to float32, in float64 batches too. */
const QUOTIENTS = {
  1: Float32Array.from({ length: 256 }, (_, value) => value),
  255: Float32Array.from({ length: 256 }, (_, value) => value / 255),
};

/** Fills `out` with rows of bytes as numbers, one row after the other. */
export function writeByteRows(out: TensorData, given: ByteRows): void {
  const { source, rows, width, divisor } = given;
  const fast =
    out instanceof Float32Array && out.length >= MIN_SIZE && backend().run(kernels, out, given, undefined);
  const done = fast ? Math.floor(out.length / TURN) * TURN : 0;
  const quotients = QUOTIENTS[divisor];
  for (let row = Math.floor(done / width); row < rows.length; row++) {
    const from = rows[row] * width;
    const to = row * width;
    for (let i = 0; i < width; i++) out[to + i] = quotients[source[from + i]];
  }
}
