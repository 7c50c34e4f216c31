import {
  countUp,
  defineFunction,
  encodeModule,
  f32x4,
  i32,
  v128,
} from '../../src/device/wasm/assembler/index.js';

/** The part of WebAssembly used here; its types belong to the browser's library, which Node's lacks. */
declare const WebAssembly: {
  readonly Memory: new (limits: { readonly initial: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, object>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
};

const LANES = 4;
/** Turns of the loop's body written out, so that the counter costs next to nothing. Even: see FACTOR. */
const UNROLL = 8;
/** Turns a product's sign, and back in the next turn: it never grows, and never becomes denormal. */
const FACTOR = -1;
const TERM = 1;
/** Where adding 1 to a float32 no longer changes it. */
const TOP = 2 ** 24;

/**
 * Multiplies and adds in registers alone, as many products as sums. They do not wait for each other, so that a few
 * chains hide the latency of both; 8 of them chained as x a + b would still wait.
 */
const spin = (pairs: number) =>
  defineFunction('spin', 2, ([at, rounds], locals) => {
    const i = locals.new('i32');
    const [factor, term] = locals.array('v128', 2);
    const products = locals.array('v128', pairs);
    const sums = locals.array('v128', pairs);
    const turn = products.flatMap((product, k) => [
      product.set(f32x4.mul(product, factor)),
      sums[k].set(f32x4.add(sums[k], term)),
    ]);
    return [
      // From memory: a constant in the code would be made anew at each use.
      factor.set(v128.load(at)),
      term.set(v128.load(at, 4 * LANES)),
      ...[products, sums].flatMap((chains) => chains.map((x, k) => x.set(f32x4.all(k + 1)))),
      i.set(i32.const(0)),
      countUp([i, rounds, 1], ...Array.from({ length: UNROLL }, () => turn).flat()),
      ...[...products, ...sums].map((x, k) => v128.store(at, x, 4 * LANES * k)),
    ];
  });

/** A loop that does nothing but multiply and add. */
export interface Spin {
  /** Flop in one round, a multiplication and an addition counting as two. */
  readonly flop: number;
  /** @throws Error when the results are not what they must be: then something else was measured. */
  run(rounds: number): void;
}

/** @param pairs at most 6: 12 chains, two constants and one register of the compiler's own are 15 of 16. */
export function makeSpin(pairs: number): Spin {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const module = new WebAssembly.Module(encodeModule({ initial: 1 }, [spin(pairs)]));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const call = exports.spin;
  if (typeof call !== 'function') throw new Error('limit: the module exports no function');
  const constants = new Float32Array(memory.buffer, 0, 2 * LANES);
  const results = new Float32Array(memory.buffer, 0, 2 * LANES * pairs);
  return {
    flop: 2 * LANES * pairs * UNROLL,
    run(rounds) {
      constants.fill(FACTOR, 0, LANES).fill(TERM, LANES);
      call(0, rounds);
      const start = (i: number): number => (Math.floor(i / LANES) % pairs) + 1;
      const expected = (i: number): number =>
        i < LANES * pairs ? start(i) : Math.min(TOP, start(i) + rounds * UNROLL * TERM);
      if (results.every((x, i) => x === expected(i))) return;
      throw new Error(`limit: the results of ${rounds} rounds are ${results}; something else was computed`);
    },
  };
}
