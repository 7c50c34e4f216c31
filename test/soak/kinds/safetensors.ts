import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeSafetensors, encodeSafetensors } from '../../../src/tensor/safetensors.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import { damaged, damagedJson } from '../../damage.js';
import { read } from '../fuzz.js';
import type { Kind } from '../kind.js';

const small = encodeSafetensors(
  new Map([
    ['w', new Tensor(Float32Array.of(1, -2, 0.5), [3])],
    ['step', new Tensor(Float64Array.of(7), [])],
    ['m', new Tensor(Float32Array.of(1, 2, 3, 4), [2, 2])],
    ['none', new Tensor(new Float32Array(0), [0, 5])],
  ]),
  { format: 'x', about: '{"a":[1,2]}' },
);
const LENGTH_BYTES = 8;
const headerEnd = LENGTH_BYTES + new DataView(small.buffer).getUint32(0, true);
const header = new TextDecoder().decode(small.subarray(LENGTH_BYTES, headerEnd));

/** A file with another header, of the length that it has. */
function withHeader(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const file = new Uint8Array(LENGTH_BYTES + bytes.length + small.length - headerEnd);
  new DataView(file.buffer).setBigUint64(0, BigInt(bytes.length), true);
  file.set(bytes, LENGTH_BYTES);
  file.set(small.subarray(headerEnd), LENGTH_BYTES + bytes.length);
  return file;
}

/** The header with the data of one tensor elsewhere. */
const anyShift = fc
  .tuple(fc.constantFrom('w', 'step', 'm', 'none'), fc.integer({ min: -16, max: 16 }))
  .map(([name, by]) => {
    const entries = JSON.parse(header);
    const { data_offsets: offsets, ...rest } = entries[name];
    const moved = { ...rest, data_offsets: offsets.map((at: number) => at + by) };
    return JSON.stringify({ ...entries, [name]: moved });
  });
const anyFile = fc.oneof(damaged(small), damagedJson(header).map(withHeader), anyShift.map(withHeader));

/** Whether the tensors' data, by their header, makes up all of the data: no gap, and no byte in two of them. */
function isPartition(bytes: Uint8Array): boolean {
  const end = LENGTH_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const { __metadata__: _, ...entries } = JSON.parse(
    new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, end)),
  );
  const offsets = Object.values(entries).map((entry): [number, number] => Object(entry).data_offsets);
  let next = 0;
  for (const [from, to] of offsets.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (from !== next) return false;
    next = to;
  }
  return end + next === bytes.length;
}

/** Files of tensors, of any program. */
export const safetensors: Kind = {
  name: 'safetensors',
  doc: 'damaged safetensors files and headers',
  share: 1,
  prepare: async () => async (one) => {
    const bytes = one.keep('a.safetensors', one.draw(anyFile));
    const found = await read(() => decodeSafetensors(bytes, 'a.safetensors'), {
      errors: ['CheckpointError'],
      file: 'a.safetensors',
      size: bytes.length,
    });
    if (found === undefined) return 1;
    assert.ok(isPartition(bytes), 'tensors overlap, or leave a gap');
    // What is read can be written, and is then the same.
    const again = decodeSafetensors(encodeSafetensors(found.tensors, found.metadata), 'again');
    assert.deepEqual(again.metadata, found.metadata);
    assert.deepEqual(
      new Map([...again.tensors].sort(([a], [b]) => (a < b ? -1 : 1))),
      new Map([...found.tensors].sort(([a], [b]) => (a < b ? -1 : 1))),
    );
    return 1;
  },
};
