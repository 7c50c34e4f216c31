import {
  countUp,
  defineFunction,
  encodeModule,
  f32x4,
  i32,
  v128,
} from '../../src/tensor/wasm/assembler/index.js';

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
/** Turns of the loop's body written out, so that the counter costs next to nothing. */
const UNROLL = 8;
/** Each turn takes x to x / 2 + 1, which goes to 2 from anywhere and never leaves the normal numbers. */
const FACTOR = 0.5;
const TERM = 1;
const GOAL = 2;

/** Multiplies and adds in registers alone: `accumulators` chains, so that one's latency hides behind the others. */
const spin = (accumulators: number) =>
  defineFunction({
    name: 'spin',
    parameters: { at: 'i32', rounds: 'i32' },
    body: ({ at, rounds }, locals) => {
      const i = locals.new('i32');
      const [factor, term] = locals.array('v128', 2);
      const sums = locals.array('v128', accumulators);
      const turn = sums.map((x) => x.set(f32x4.add(f32x4.mul(x.get, factor.get), term.get)));
      return [
        factor.set(f32x4.const(FACTOR)),
        term.set(f32x4.const(TERM)),
        ...sums.map((x, k) => x.set(f32x4.const(k))),
        i.set(i32.const(0)),
        countUp(i, rounds.get, 1, ...Array.from({ length: UNROLL }, () => turn).flat()),
        ...sums.map((x, k) => v128.store(at.get, x.get, 4 * LANES * k)),
      ];
    },
  });

/** A loop that does nothing but multiply and add. */
export interface Spin {
  /** Flop in one round, a multiplication and an addition counting as two. */
  readonly flop: number;
  /** @throws Error when the sums are not what they must be: then something else was measured. */
  run(rounds: number): void;
}

/** @param accumulators at most 12: with the two constants and one of the compiler's own they fill 16 registers. */
export function makeSpin(accumulators: number): Spin {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const module = new WebAssembly.Module(encodeModule({ initial: 1 }, [spin(accumulators)]));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const call = exports.spin;
  if (typeof call !== 'function') throw new Error('limit: the module exports no function');
  const results = new Float32Array(memory.buffer, 0, LANES * accumulators);
  return {
    flop: 2 * LANES * accumulators * UNROLL,
    run(rounds) {
      call(0, rounds);
      if (!results.every((x) => x === GOAL)) throw new Error(`limit: the sums are ${results}, not ${GOAL}`);
    },
  };
}
