import { backend } from '../../device/current.js';
import { fastDraw, TURN } from '../../device/wasm/kernels/draws.js';
import { type FastDraws, Random as PlainRandom } from '../../tensor/random/stream.js';
import { allInside } from './within.js';

/** Fewer elements are made faster by the plain loops. */
const MIN_SIZE = 64;

const kernels = { wasm: fastDraw };

const fast: FastDraws = {
  fill: (out, draw, source) =>
    out.length >= MIN_SIZE && backend().run(kernels, out, source, draw)
      ? Math.floor(out.length / TURN) * TURN
      : 0,
  areProbabilities: (values) => values.length >= MIN_SIZE && allInside([values], 0, 1),
};

/**
 * The root of all randomness of a run: one seed, any number of named streams. Large draws run on the device, with the bits of
 * the plain loops.
 *
 * ```ts
 * const random = new Random(7);
 * const epsilon = random.stream('epsilon').normal(new Float32Array(256));
 * ```
 */
export class Random extends PlainRandom {
  /**
   * @param seed an integer from 0 to 2^53 - 1, or a bigint from 0 to 2^64 - 1
   * @throws RangeError for any other seed
   */
  constructor(seed: number | bigint) {
    super(seed, fast);
  }
}
