import type { Draw, DrawSource } from '../../../tensor/random/draw.js';
import { uniformRange32, wordsBelow } from '../../../tensor/random/uniform.js';
import * as f32x4 from '../assembler/f32x4.js';
import { add, lt, mul, sub } from '../assembler/f32x4.js';
import * as i32x4 from '../assembler/i32x4.js';
import { advance, countUp, type Statement, type V128 } from '../assembler/index.js';
import * as v128 from '../assembler/v128.js';
import { NANOSECONDS } from '../costs.js';
import type { FastKernel } from '../fast-kernel.js';
import { type KernelCode, kernelCode } from '../kernel-code.js';
import { FLOAT, REGISTER } from '../sizes.js';
import { transposed } from './matmul/transpose.js';
import { normalPair } from './normal.js';
import { philoxWords, upperBits, type Words } from './philox.js';
import { type Bind, binder } from './vector-loop.js';

/**
 * Elements of one turn: those of four blocks. A cache line too, so that parts share none. The kernel fills whole turns, and
 * leaves the rest to its caller.
 */
export const TURN = 16;
/** Elements made at a time where they need to be copied. */
const CHUNK = 2 ** 18;

/** What stands in memory for a kernel: key, upper counter, the lanes' numbers 0 to 3, and the numbers of the draw. */
const AT = { key: 0, counter: 8, lanes: 16, numbers: 32 } as const;

/** Sixteen elements in order, from the words of four blocks; `at` are the draw's numbers, `given` one number per element. */
type Turn = (bind: Bind, words: Words, at: readonly V128[], given: readonly V128[]) => readonly V128[];

/** Fills from `out` up to `end`, from block `low` of the lower counter word; no carry into `high` is made. */
const drawCode = (name: string, numbers: number, turn: Turn): KernelCode =>
  kernelCode(name, 6, ([out, end, low, high, setup, given], locals) => {
    const statements: Statement[] = [];
    const bind = binder(locals, statements);
    const before: Statement[] = [];
    const keep = binder(locals, before);
    const splat = (offset: number): V128 => keep(v128.load32Splat(setup, offset));
    const counter = locals.new('v128');
    before.push(counter.set(i32x4.add(i32x4.splat(low), v128.load(setup, AT.lanes))));
    const upper = [keep(i32x4.splat(high)), splat(AT.counter), splat(AT.counter + FLOAT)] as const;
    const key = [splat(AT.key), splat(AT.key + FLOAT)] as const;
    const at = Array.from({ length: numbers }, (_, i) => splat(AT.numbers + FLOAT * i));
    const words = philoxWords(bind, [counter, ...upper], key);
    const each = words.map((_, i) => v128.load(given, REGISTER * i));
    const results = turn(bind, words, at, each);
    return [
      before,
      countUp(
        [out, end, FLOAT * TURN],
        statements,
        results.map((result, i) => v128.store(out, result, REGISTER * i)),
        counter.set(i32x4.add(counter, TURN / 4)),
        advance(given, FLOAT * TURN),
      ),
    ];
  });

/** A kernel and what an element takes, in nanoseconds. */
interface Way {
  readonly code: KernelCode;
  readonly nanoseconds: number;
}

const WAYS = {
  words: { code: drawCode('random words', 0, transposed), nanoseconds: NANOSECONDS.words },
  uniform: {
    code: drawCode('uniform draws', 3, (bind, words, [start, span, last]) => {
      const unit = (word: V128): V128 => mul(f32x4.convertI32x4(upperBits(word, 8)), 2 ** -24);
      const draw = (word: V128): V128 => f32x4.pmin(add(start, mul(span, unit(word))), last);
      return transposed(bind, words).map(draw);
    }),
    nanoseconds: NANOSECONDS.uniform,
  },
  normal: {
    code: drawCode('normal draws', 2, (bind, [a, b, c, d], [mean, std]) => {
      const normals: Words = [...normalPair(bind, a, b), ...normalPair(bind, c, d)];
      return transposed(bind, normals).map((x) => add(mean, mul(std, x)));
    }),
    nanoseconds: NANOSECONDS.normal,
  },
  /** One where a word is below a bound, as unsigned numbers: the sign bits of both are flipped. */
  same: {
    code: drawCode('bernoulli draws of one probability', 1, (bind, words, [bound]) => {
      const flip = (word: V128): V128 => v128.xor(word, i32x4.all(0x80000000));
      const draw = (word: V128): V128 => v128.and(i32x4.lt(flip(word), flip(bound)), f32x4.all(1));
      return transposed(bind, words).map(draw);
    }),
    nanoseconds: NANOSECONDS.bernoulli,
  },
  /**
   * One where (word + 1/2) 2^-32 < p. With word = 256 h + l that is h - 2^24 p + (l + 1/2) / 256 < 0. All terms are exact; the
   * difference is where it lies between -1 and 1, and elsewhere the last term, less than 1, does not change its sign.
   */
  bernoulli: {
    code: drawCode('bernoulli draws', 0, (bind, words, _, given) =>
      transposed(bind, words).map((lanes, i) => {
        const word = bind(lanes);
        const difference = sub(f32x4.convertI32x4(upperBits(word, 8)), mul(given[i], 2 ** 24));
        const low = f32x4.convertI32x4(v128.and(word, i32x4.all(255)));
        const rest = add(mul(low, 2 ** -8), 2 ** -9);
        return v128.and(lt(add(difference, rest), 0), f32x4.all(1));
      }),
    ),
    nanoseconds: NANOSECONDS.bernoulliEach,
  },
} satisfies Record<string, Way>;

/** How a draw is made, with its numbers as words. */
interface Plan {
  readonly way: Way;
  readonly numbers: Uint32Array;
  readonly given?: Float32Array;
}

const asWords = (...numbers: readonly number[]) => new Uint32Array(Float32Array.from(numbers).buffer);

/** Undefined where no kernel makes the draw. */
function plan(draw: Draw): Plan | undefined {
  switch (draw.kind) {
    case 'words':
      return { way: WAYS.words, numbers: asWords() };
    case 'uniform': {
      const { start, span, last } = uniformRange32(draw.low, draw.high);
      return { way: WAYS.uniform, numbers: asWords(start, span, last) };
    }
    case 'normal':
      return { way: WAYS.normal, numbers: asWords(draw.mean, draw.std) };
    case 'bernoulli': {
      const { probability } = draw;
      if (probability instanceof Float32Array) {
        return { way: WAYS.bernoulli, numbers: asWords(), given: probability };
      }
      if (typeof probability !== 'number') return undefined;
      const bound = wordsBelow(probability);
      // All words: more than a word can say.
      return bound === 2 ** 32 ? undefined : { way: WAYS.same, numbers: Uint32Array.of(bound) };
    }
  }
}

/** Fills the front of `out`, whole turns of it, with the bits of the plain draws. */
export const fastDraw: FastKernel<Draw, Float32Array | Uint32Array, DrawSource> = {
  name: 'draw',
  run(runtime, out, { identity, block }, draw) {
    const planned = plan(draw);
    const count = Math.floor(out.length / TURN) * TURN;
    const low = block % 2 ** 32;
    if (planned === undefined || low + count / 4 > 2 ** 32) return false;
    const { way, numbers, given } = planned;
    const { memory } = runtime;
    const high = Math.floor(block / 2 ** 32);
    const setup = Uint32Array.of(...identity, 0, 1, 2, 3, ...numbers);
    const inPlace = out.buffer === memory.buffer;
    const chunk = inPlace ? count : CHUNK;
    for (let from = 0; from < count; from += chunk) {
      runtime.scoped(() => {
        const length = Math.min(chunk, count - from);
        const setupAt = runtime.reserve(setup.length);
        new Uint32Array(memory.buffer, setupAt, setup.length).set(setup);
        const to = inPlace ? out.byteOffset + FLOAT * from : runtime.reserve(length);
        const givenAt = given === undefined ? 0 : runtime.place(given.subarray(from, from + length));
        const first = low + from / 4;
        runtime.split(way.code, length, TURN, length * way.nanoseconds, (kernel, start, end) =>
          kernel(
            to + FLOAT * start,
            to + FLOAT * end,
            (first + start / 4) | 0,
            high,
            setupAt,
            given === undefined ? 0 : givenAt + FLOAT * start,
          ),
        );
        if (inPlace) return;
        const made = out instanceof Float32Array ? Float32Array : Uint32Array;
        out.set(new made(memory.buffer, to, length), from);
      });
    }
    return true;
  },
};
