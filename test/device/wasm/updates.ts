import fc from 'fast-check';
import { expect } from 'vitest';
import type { UpdateFunction } from '../../../src/autograd/define-update.js';
import type { UpdateRow } from '../../../src/device/wasm/kernels/update.js';
import type { Runtime } from '../../../src/device/wasm/runtime.js';
import { Random } from '../../../src/index.js';
import { scope } from '../../../src/tensor/memory/scope.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import { edges, expectSameBits, pepper, tiny } from './bits.js';
import { runtime } from './runtime.js';

/** Arrays of one parameter by name; null for one that is not kept. */
export type Arrays<N extends string> = Readonly<Record<N, Float32Array | null>>;
export type Tensors<N extends string> = Readonly<Record<N, Tensor | null>>;

/** Normal draws, or their squares where numbers must not be negative; with `grains` among them. */
export function drawArrays<N extends string>(
  names: readonly N[],
  kept: (name: N) => 'any' | 'positive' | 'none',
  length: number,
  seed: number,
  grains: 'none' | 'tiny' | 'edges',
): Arrays<N> {
  const entries = names.map((name, i): [N, Float32Array | null] => {
    if (kept(name) === 'none') return [name, null];
    const data = new Random(seed).stream(name).normal(new Float32Array(length));
    if (kept(name) === 'positive') for (let k = 0; k < length; k++) data[k] *= data[k];
    if (grains !== 'none') pepper(data, 3, seed + i, grains === 'tiny' ? tiny : edges);
    return [name, data];
  });
  return fromEntries(entries);
}

function fromEntries<N extends string, T>(entries: readonly (readonly [N, T])[]): Record<N, T> {
  return Object.assign({}, ...entries.map(([name, value]) => ({ [name]: value })));
}

/** Where a tensor stands: in an ordinary array, somewhere in one, in a scope's memory or with the models. */
export const places = fc.constantFrom('ordinary', 'within', 'step', 'persistent');
export type Place = 'ordinary' | 'within' | 'step' | 'persistent';

/** A copy in a place, with sevens around it where it stands within an array. */
export function placed(data: Float32Array, place: Place): Tensor {
  const { length } = data;
  if (place === 'ordinary') return new Tensor(data.slice(), [length]);
  if (place === 'within') {
    const whole = new Float32Array(length + 12).fill(7);
    whole.set(data, 5);
    return new Tensor(whole.subarray(5, 5 + length), [length]);
  }
  const made =
    place === 'step' ? Tensor.uninitialized([length], 'float32') : Tensor.persistent([length], 'float32');
  made.data.set(data);
  behind(made).fill(7);
  return made;
}

/** What stands behind a tensor in the engine's memory, where kernels may read and must not write; nothing elsewhere. */
const behind = ({ address, size }: Tensor): Float32Array =>
  address === 0 ? new Float32Array(0) : runtime.memory.floats(address + 4 * size, 4);

/** Runs updates in both ways from the same state, in a step, and compares all arrays, also those that must not change. */
export function compareUpdates<N extends string>(
  parameters: readonly Arrays<N>[],
  place: (parameter: number, array: number) => Place,
  fast: (all: readonly Tensors<N>[]) => void,
  plain: (all: readonly Tensors<N>[]) => void,
): void {
  scope(() => {
    const copies = (at: (parameter: number, array: number) => Place): Tensors<N>[] =>
      parameters.map((arrays, i) =>
        fromEntries(
          entriesOf(arrays).map(([name, data], k): [N, Tensor | null] => [
            name,
            data === null ? null : placed(data, at(i, k)),
          ]),
        ),
      );
    const [actual, expected] = [copies(place), copies(() => 'ordinary')];
    fast(actual);
    plain(expected);
    actual.forEach((tensors, i) => {
      for (const [name, t] of entriesOf(tensors)) {
        expectSameBits(t?.data ?? [], expected[i][name]?.data ?? []);
        if (t !== null) expect(behind(t).every((x) => x === 7)).toBe(true);
        if (
          t !== null &&
          place(
            i,
            entriesOf(tensors).findIndex(([n]) => n === name),
          ) === 'within'
        ) {
          const around = new Float32Array(t.data.buffer);
          expectSameBits([...around.subarray(0, 5), ...around.subarray(5 + t.size)], new Array(12).fill(7));
        }
      }
    });
  });
}

function entriesOf<N extends string, T>(record: Readonly<Record<N, T>>): [N, T][] {
  const entries: [N, T][] = [];
  for (const name in record) entries.push([name, record[name]]);
  return entries;
}

/** Runs the kernel of an update on a runtime of the test's choice. */
export function runUpdate<State extends string, Scalar extends string>(
  on: Runtime,
  update: UpdateFunction<State, Scalar>,
  rows: readonly UpdateRow[],
): void {
  const { wasm } = update.compiled().kernels;
  if (wasm === undefined) throw new Error('the update has no kernel');
  on.scoped(() => wasm.run(on, rows, undefined, undefined));
}
