import { ownArray, type TensorData } from '../dtype.js';
import { integerBelow } from './bounded.js';
import type { Draw, DrawSource } from './draw.js';
import { checkSeed, streamIdentity } from './identity.js';
import { writeNormal } from './normal.js';
import { philoxBlocks } from './philox.js';
import { unit64, writeUniform } from './uniform.js';

/** Words are made this many at a time and used while they are in the nearest cache. A multiple of 4. */
const CHUNK = 1024;
const scratch = new Uint32Array(CHUNK);
/** Faster ways to do what a stream does, with the same bits: they are brought along by those who can run kernels. */
export interface FastDraws {
  /** Fills the front of `out`; returns how many elements it filled, a multiple of 4. */
  fill(out: Float32Array | Uint32Array, draw: Draw, source: DrawSource): number;
  /** Whether all numbers are probabilities; false also where it cannot tell. */
  areProbabilities(values: Float32Array): boolean;
}

const NONE: FastDraws = { fill: () => 0, areProbabilities: () => false };

/** The streams of one root by their full names. */
type Streams = Map<string, RandomStream>;

function streamOf(streams: Streams, seed: number | bigint, name: string, fast: FastDraws): RandomStream {
  const stream = streams.get(name) ?? new RandomStream(seed, name, fast, streams);
  streams.set(name, stream);
  return stream;
}

/**
 * The root of all randomness of a run: one seed, any number of named streams.
 *
 * ```ts
 * const random = new Random(7);
 * const epsilon = random.stream('epsilon').normal(new Float32Array(256));
 * ```
 */
export class Random {
  /** The seed, as a number where a number holds it exactly. */
  readonly seed: number | bigint;
  readonly #streams: Streams = new Map();

  /**
   * @param seed an integer from 0 to 2^53 - 1, or a bigint from 0 to 2^64 - 1
   * @throws RangeError for any other seed
   */
  constructor(
    seed: number | bigint,
    /** @internal */
    protected readonly fast: FastDraws = NONE,
  ) {
    this.seed = checkSeed(seed);
  }

  /**
   * The stream of this name: at its beginning when it is first asked for, and the same one, which goes on, ever after, so that
   * no numbers come twice. A new `Random` of the same seed gives the same numbers again, as does {@link RandomStream.at};
   * streams of different names or seeds are independent.
   *
   * @throws RangeError if the name is empty
   */
  stream(name: string): RandomStream {
    return streamOf(this.#streams, this.seed, name, this.fast);
  }
}

/**
 * A named sequence of random blocks, four 32-bit words each. (seed, name, position) is its whole state.
 *
 * Each fill starts at a fresh block and moves the position on by the blocks it used. Element i of a fill that
 * starts at block s is made from block s + floor(i / 4), word i mod 4 (a pair of normals from its two words);
 * so any element can be computed alone, on any thread. A Float32Array and a Float64Array take the same words:
 * a float32 draw is the float32 evaluation of the float64 one. `integers` and `permutation` may refuse words,
 * so there the word of an element depends on the ones before it.
 */
export class RandomStream {
  /** The seed, as a number where a number holds it exactly. */
  readonly seed: number | bigint;
  /** The stream's full name; a split's is `parent/child`. */
  readonly name: string;
  readonly #identity: Uint32Array;
  readonly #fast: FastDraws;
  readonly #streams: Streams;
  #position = 0;

  /**
   * @param seed as in {@link Random}
   * @param name not empty
   * @throws RangeError if the seed or the name is not valid
   */
  constructor(seed: number | bigint, name: string, fast: FastDraws = NONE, streams: Streams = new Map()) {
    if (name === '')
      throw new RangeError("RandomStream: the name is empty; name what it is for, such as 'epsilon'");
    this.seed = checkSeed(seed);
    this.name = name;
    this.#identity = streamIdentity(this.seed, name);
    this.#fast = fast;
    this.#streams = streams;
  }

  /** The number of the next block: blocks of four words used so far, below 2^53. */
  get position(): number {
    return this.#position;
  }

  /**
   * Goes to a block, as read from `position` earlier.
   *
   * @throws RangeError unless the position is an integer from 0 to 2^53 - 1
   */
  seek(position: number): void {
    if (!Number.isSafeInteger(position) || position < 0) {
      throw this.#error('seek', `the position is ${position}; it must be an integer from 0 to 2^53 - 1`);
    }
    this.#position = position;
  }

  /** Fills `out` with random words, each from 0 to 2^32 - 1. */
  uint32(out: Uint32Array): Uint32Array {
    this.#fill(out, { kind: 'words' }, (words, part) => part.set(words.subarray(0, part.length)));
    return out;
  }

  /**
   * Fills `out` with numbers uniform on [low, high). In float64 these are the middles of 2^32 equal cells,
   * in float32 the lower ends of 2^24, so 0 is possible there; `high` never is.
   *
   * @throws RangeError unless low < high, both finite, as values of the element type of `out`
   */
  uniform<T extends Float32Array | Float64Array>(out: T, low = 0, high = 1): T {
    const own = ownArray(out, 'uniform');
    const round = own instanceof Float32Array ? Math.fround : Number;
    if (!(round(low) < round(high) && Number.isFinite(round(round(high) - round(low))))) {
      throw this.#error(
        'uniform',
        `the range is [${low}, ${high}); it needs low < high and a finite width in the element type`,
      );
    }
    this.#fill(own, { kind: 'uniform', low, high }, (words, part) => writeUniform(words, part, low, high));
    return out;
  }

  /**
   * Fills `out` with draws from the normal distribution.
   *
   * @param mean finite
   * @param std the standard deviation, finite and not negative
   * @throws RangeError if `mean` or `std` is not valid
   */
  normal<T extends Float32Array | Float64Array>(out: T, mean = 0, std = 1): T {
    if (!Number.isFinite(mean) || !Number.isFinite(std) || std < 0) {
      throw this.#error('normal', `mean is ${mean} and std is ${std}; both must be finite, std not negative`);
    }
    const own = ownArray(out, 'normal');
    this.#fill(own, { kind: 'normal', mean, std }, (words, part) => writeNormal(words, part, mean, std));
    return out;
  }

  /**
   * Fills `out` with 0 and 1; the same values whatever the element type.
   *
   * @param probability of a 1: one for all, or one per element (gray values, to binarize an image)
   * @throws RangeError if a probability is outside [0, 1] or their number is not that of `out`
   */
  bernoulli<T extends Float32Array | Float64Array>(out: T, probability: number | ArrayLike<number>): T {
    const each = typeof probability === 'number' ? null : probability;
    if (each !== null && each.length !== out.length) {
      throw this.#error(
        'bernoulli',
        `${each.length} probabilities for ${out.length} elements; give one per element, or a number`,
      );
    }
    const at = (i: number) => (typeof probability === 'number' ? probability : probability[i]);
    if (!(each instanceof Float32Array && this.#fast.areProbabilities(each))) {
      for (let i = 0; i < (each === null ? 1 : out.length); i++) {
        if (at(i) >= 0 && at(i) <= 1) continue;
        const which = each === null ? 'the probability' : `probability ${i}`;
        throw this.#error('bernoulli', `${which} is ${at(i)}; it must be from 0 to 1`);
      }
    }
    const own = ownArray(out, 'bernoulli');
    this.#fill(own, { kind: 'bernoulli', probability }, (words, part, from) => {
      for (let i = 0; i < part.length; i++) part[i] = unit64(words[i]) < at(from + i) ? 1 : 0;
    });
    return out;
  }

  /**
   * Fills `out` with integers from `low` to `high - 1`, all equally likely (words that would tilt the balance
   * are refused, so a fill may use more than one word per element).
   *
   * @throws RangeError unless low < high, both integers from -2^31 to 2^31
   */
  integers(out: Int32Array, low: number, high: number): Int32Array {
    const inRange = (x: number) => Number.isInteger(x) && Math.abs(x) <= 2 ** 31;
    if (!inRange(low) || !inRange(high) || low >= high || high > 2 ** 31) {
      throw this.#error(
        'integers',
        `the range is [${low}, ${high}); it needs integers low < high within [-2^31, 2^31]`,
      );
    }
    const nextWord = this.#words();
    for (let i = 0; i < out.length; i++) out[i] = low + integerBelow(high - low, nextWord);
    return out;
  }

  /**
   * The numbers 0 to n - 1 in random order, all n! orders equally likely (Fisher and Yates, from the end).
   *
   * @throws RangeError unless n is an integer from 0 to 2^31 - 1
   */
  permutation(n: number): Int32Array {
    if (!Number.isInteger(n) || n < 0 || n >= 2 ** 31) {
      throw this.#error('permutation', `n is ${n}; it must be an integer from 0 to 2^31 - 1`);
    }
    const order = new Int32Array(n);
    for (let i = 0; i < n; i++) order[i] = i;
    const nextWord = this.#words();
    for (let i = n - 1; i > 0; i--) {
      const j = integerBelow(i + 1, nextWord);
      const held = order[i];
      order[i] = order[j];
      order[j] = held;
    }
    return order;
  }

  /**
   * The same numbers from a position on, as a stream of its own: neither moves the other. For noise that must be the same
   * at every call.
   *
   * @param position as in {@link seek}; defaults to 0, the beginning
   * @throws RangeError unless the position is an integer from 0 to 2^53 - 1
   */
  at(position = 0): RandomStream {
    const other = new RandomStream(this.seed, this.name, this.#fast);
    other.seek(position);
    return other;
  }

  /**
   * A further independent stream: the one of this seed named `this.name/name`. It does not depend on this stream's
   * position, and does not move it. Asked for again it is the same one, which goes on, as in {@link Random.stream}.
   *
   * @throws RangeError if the name is empty
   */
  split(name: string): RandomStream {
    if (name === '') throw this.#error('split', `the name is empty; name what the split is for`);
    return streamOf(this.#streams, this.seed, `${this.name}/${name}`, this.#fast);
  }

  #error(method: string, what: string): RangeError {
    return new RangeError(`RandomStream '${this.name}', ${method}: ${what}`);
  }

  /** Moves the position on by whole blocks and returns where it was. */
  #take(blocks: number): number {
    const start = this.#position;
    if (start + blocks > Number.MAX_SAFE_INTEGER) {
      throw this.#error('fill', `no blocks left after position ${start}; split a new stream`);
    }
    this.#position = start + blocks;
    return start;
  }

  /** Fills `out`: what the fast way leaves of it, from words, chunk by chunk. */
  #fill<T extends TensorData | Uint32Array<ArrayBufferLike>>(
    out: T,
    draw: Draw,
    write: (words: Uint32Array, part: T, from: number) => void,
  ): void {
    const { length } = out;
    const identity = this.#identity;
    const block = this.#take(Math.ceil(length / 4));
    const done = out instanceof Float64Array ? 0 : this.#fast.fill(out, draw, { identity, block });
    for (let from = done; from < length; from += CHUNK) {
      const part = length <= CHUNK && from === 0 ? out : (out.subarray(from, from + CHUNK) as T);
      philoxBlocks(identity, block + from / 4, scratch, Math.ceil(part.length / 4));
      write(scratch, part, from);
    }
  }

  /** Words one at a time; a block counts as used once its first word is taken. */
  #words(): () => number {
    const block = new Uint32Array(4);
    let next = 4;
    return () => {
      if (next === 4) {
        philoxBlocks(this.#identity, this.#take(1), block, 1);
        next = 0;
      }
      return block[next++];
    };
  }
}
