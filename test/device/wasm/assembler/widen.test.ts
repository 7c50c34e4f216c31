import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineFunction, i32, type V128, v128, widen } from '../../../../src/device/wasm/assembler/index.js';
import { instantiate } from './engine.js';

const [A, B, OUT] = [64, 80, 96];
const word = fc.oneof(
  fc.constantFrom(0, 1, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff),
  fc.nat(0xffffffff),
);
const register = fc.array(word, { minLength: 4, maxLength: 4 });
type Case = readonly [emit: (a: V128, b: V128) => V128, expected: (a: Uint8Array, b: Uint8Array) => bigint[]];

const view = (bytes: Uint8Array) => new DataView(bytes.buffer);
const lanesOf = (bytes: Uint8Array, width: 1 | 2 | 4 | 8): bigint[] =>
  Array.from({ length: 16 / width }, (_, i) => {
    const at = view(bytes);
    if (width === 1) return BigInt(at.getUint8(i));
    if (width === 2) return BigInt(at.getUint16(2 * i, true));
    return width === 4 ? BigInt(at.getUint32(4 * i, true)) : at.getBigUint64(8 * i, true);
  });
const products = (a: Uint8Array, b: Uint8Array): bigint[] => {
  const right = lanesOf(b, 4);
  return lanesOf(a, 4).map((x, i) => x * right[i]);
};

const cases: Record<keyof typeof widen, Case> = {
  low8: [(a) => widen.low8(a), (a) => lanesOf(a, 1).slice(0, 8)],
  high8: [(a) => widen.high8(a), (a) => lanesOf(a, 1).slice(8)],
  low16: [(a) => widen.low16(a), (a) => lanesOf(a, 2).slice(0, 4)],
  high16: [(a) => widen.high16(a), (a) => lanesOf(a, 2).slice(4)],
  mulLow32: [widen.mulLow32, (a, b) => products(a, b).slice(0, 2)],
  mulHigh32: [widen.mulHigh32, (a, b) => products(a, b).slice(2)],
};

describe('widen', () => {
  it.each(Object.entries(cases))('%s keeps the value of every lane', (name, [emit, expected]) => {
    const code = defineFunction(name, 0, () => [
      v128.store(i32.const(OUT), emit(v128.load(i32.const(A)), v128.load(i32.const(B)))),
    ]);
    const { run, integers } = instantiate({ initial: 1 }, [code]);
    const bytesAt = (address: number) => Uint8Array.from(new Uint8Array(integers.buffer, address, 16));
    fc.assert(
      fc.property(register, register, (a, b) => {
        integers.set([...a, ...b], A / 4);
        run(name);
        const lanes = expected(bytesAt(A), bytesAt(B));
        const width = ([2, 4, 8] as const).find((bytes) => bytes * lanes.length === 16) ?? 1;
        expect(lanesOf(bytesAt(OUT), width)).toEqual(lanes);
      }),
    );
  });
});
