import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TensorData } from '../../src/tensor/dtype.js';
import { CheckpointError, decodeSafetensors, encodeSafetensors } from '../../src/tensor/safetensors.js';
import { sizeOf } from '../../src/tensor/shape.js';
import { Tensor } from '../../src/tensor/tensor.js';

const bits = (data: TensorData): number[] => [
  ...new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
];

const anyTensor = fc
  .tuple(fc.array(fc.nat(3), { maxLength: 3 }), fc.constantFrom('float32', 'float64'))
  .chain(([shape, dtype]) => {
    const size = sizeOf(shape);
    return dtype === 'float32'
      ? fc
          .uint8Array({ minLength: 4 * size, maxLength: 4 * size })
          .map((b) => new Tensor(new Float32Array(b.slice().buffer), shape))
      : fc
          .uint8Array({ minLength: 8 * size, maxLength: 8 * size })
          .map((b) => new Tensor(new Float64Array(b.slice().buffer), shape));
  });

const anyName = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.constantFrom('__proto__', 'constructor', '0', '10', '1', 'encoder.0.weight'),
  )
  .filter((name) => name !== '__metadata__');

/** A file with this header and this many bytes of data. */
function file(header: unknown, dataBytes = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const small = encodeSafetensors(
  new Map([
    ['w', new Tensor(Float32Array.of(1, -2, 0.5), [3])],
    ['step', new Tensor(Float64Array.of(7), [])],
    ['m', new Tensor(Float32Array.of(1, 2, 3, 4), [2, 2])],
  ]),
  { format: 'x' },
);

/** The error of a decode, which must be a CheckpointError or none. */
function outcome(bytes: Uint8Array): CheckpointError | undefined {
  try {
    decodeSafetensors(bytes, 'model.safetensors');
  } catch (error) {
    if (error instanceof CheckpointError) return error;
    throw error;
  }
  return undefined;
}

describe('safetensors', () => {
  it('gives back names, shapes, every bit, and metadata', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyName, anyTensor), { maxLength: 6 }),
        fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), { maxLength: 4 }),
        (entries, texts) => {
          const tensors = new Map(entries);
          const metadata = Object.fromEntries(texts);
          const back = decodeSafetensors(encodeSafetensors(tensors, metadata), 'file');
          expect(new Set(back.tensors.keys())).toEqual(new Set(tensors.keys()));
          expect(Object.entries(back.metadata).sort()).toEqual(Object.entries(metadata).sort());
          for (const [name, t] of tensors) {
            const copy = back.tensors.get(name);
            expect(copy?.shape).toEqual(t.shape);
            expect(copy?.dtype).toBe(t.dtype);
            expect(copy && bits(copy.data)).toEqual(bits(t.data));
          }
        },
      ),
    );
  });

  it('is laid out as the format says', () => {
    const bytes = encodeSafetensors(new Map([['a', new Tensor(Float32Array.of(1, -2), [2])]]), { k: 'v' });
    const header = '{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    const length = Math.ceil(header.length / 8) * 8;
    expect([...bytes.subarray(0, 8)]).toEqual([length, 0, 0, 0, 0, 0, 0, 0]);
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + length))).toBe(header.padEnd(length));
    expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  it('aligns every tensor, the float64 ones first', () => {
    const names = [...decodeSafetensors(small, 'f').tensors.keys()];
    expect(names).toEqual(['step', 'w', 'm']);
  });

  it('reads a file that another program wrote: data in any order, no metadata, no padding', () => {
    const header = {
      b: { dtype: 'F32', shape: [1], data_offsets: [8, 12] },
      a: { dtype: 'F64', shape: [1, 1], data_offsets: [0, 8] },
    };
    const bytes = file(header, 12);
    const view = new DataView(bytes.buffer, bytes.length - 12);
    view.setFloat64(0, Math.PI, true);
    view.setFloat32(8, 0.25, true);
    const { tensors, metadata } = decodeSafetensors(bytes, 'f');
    expect(tensors.get('a')?.toArray()).toEqual([[Math.PI]]);
    expect(tensors.get('b')?.toArray()).toEqual([0.25]);
    expect(metadata).toEqual({});
  });

  it('reads bytes that stand inside a larger buffer at an odd place', () => {
    const large = new Uint8Array(small.length + 7);
    large.set(small, 3);
    const { tensors } = decodeSafetensors(large.subarray(3, 3 + small.length), 'f');
    expect(tensors.get('m')?.toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('gives tensors storage of their own', () => {
    const bytes = small.slice();
    const { tensors } = decodeSafetensors(bytes, 'f');
    bytes.fill(0);
    expect(tensors.get('step')?.item()).toBe(7);
  });

  it('refuses every prefix of a file, and anything after its end', () => {
    for (let length = 0; length < small.length; length++) {
      expect(outcome(small.subarray(0, length)), `the first ${length} bytes`).toBeInstanceOf(CheckpointError);
    }
    expect(outcome(small)).toBeUndefined();
    expect(outcome(new Uint8Array([...small, 0]))?.message).toMatch(/something follows the last tensor/);
  });

  it('fails in no other way when bytes of the header are damaged', () => {
    const headerEnd = 8 + new DataView(small.buffer).getUint32(0, true);
    let refused = 0;
    for (let at = 0; at < headerEnd; at++) {
      for (const flip of [1, 2, 4, 8, 16, 32, 64, 128, 255]) {
        const bytes = small.slice();
        bytes[at] ^= flip;
        if (outcome(bytes) !== undefined) refused++;
      }
    }
    // What is not refused are changes of names, of metadata, and of padding.
    expect(refused).toBeGreaterThan(headerEnd * 5);
  });

  it('fails in no other way on arbitrary bytes and arbitrary headers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(outcome(bytes)?.file ?? 'model.safetensors').toBe('model.safetensors');
      }),
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(16), (header, dataBytes) => {
        outcome(file(header, dataBytes));
        outcome(file({ a: header }, dataBytes));
        outcome(file({ __metadata__: header }, dataBytes));
        outcome(file({ a: { dtype: 'F32', shape: header, data_offsets: [0, dataBytes] } }, dataBytes));
        outcome(file({ a: { dtype: 'F32', shape: [], data_offsets: header } }, dataBytes));
      }),
    );
  });

  const f32 = (shape: unknown, ...data_offsets: unknown[]): unknown => ({
    dtype: 'F32',
    shape,
    data_offsets,
  });
  it.each([
    [
      'a header longer than the file',
      Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 123),
      /byte 0: the header is said to have 18446744073709551615 bytes, but 1 follow/,
    ],
    ['bad JSON', file('{"a"'), /byte 8: the header is not JSON/],
    [
      'bytes that are not UTF-8',
      Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0xff),
      /byte 8: the header is not JSON/,
    ],
    ['a list', file([]), /byte 8: the header is \[\]; expected a JSON object/],
    [
      'metadata that is not text',
      file({ __metadata__: { a: 1 } }),
      /__metadata__\.a is 1; expected a string/,
    ],
    [
      'an unknown dtype',
      file({ a: { dtype: 'BF16', shape: [1], data_offsets: [0, 2] } }, 2),
      /tensor 'a' has the dtype "BF16"; expected F32 or F64/,
    ],
    [
      'a dtype out of a prototype',
      file({ a: { dtype: 'toString', shape: [], data_offsets: [0, 4] } }, 4),
      /the dtype "toString"/,
    ],
    ['a negative size', file({ a: f32([-1], 0, 4) }, 4), /the shape \[-1\]; expected a list of sizes/],
    ['a size with a fraction', file({ a: f32([1.5], 0, 6) }, 6), /the shape \[1.5\]/],
    ['a shape beyond all memory', file({ a: f32([2 ** 40, 2 ** 40, 0], 0, 0) }), /the impossible shape/],
    [
      'a large tensor in a small file',
      file({ a: f32([2 ** 32], 0, 2 ** 34) }, 4),
      /the header describes a file of 17179869\d+ bytes, but it has \d+; it is cut off/,
    ],
    [
      "a size that is not the shape's",
      file({ a: f32([2], 0, 4) }, 4),
      /F32 \[2\], which takes 8 bytes, but its data_offsets \[0, 4\] give it 4/,
    ],
    ['offsets in reverse', file({ a: f32([1], 4, 0) }, 4), /data_offsets \[4,0\]; expected \[begin, end\]/],
    ['three offsets', file({ a: f32([1], 0, 4, 8) }, 8), /data_offsets \[0,4,8\]/],
    ['overlapping tensors', file({ a: f32([1], 0, 4), b: f32([1], 0, 4) }, 4), /the data of 'b' overlaps/],
    [
      'a gap',
      file({ a: f32([1], 0, 4), b: f32([1], 8, 12) }, 12),
      /the data of 'b' leaves a gap .* start at byte \d+/,
    ],
    ['data that no tensor takes', file({}, 4), /something follows the last tensor/],
  ])('refuses %s', (_, bytes, message) => {
    const error = outcome(bytes);
    expect(error?.message).toMatch(message);
    expect(error?.message).toMatch(/^model\.safetensors, byte \d+: /);
    expect(error?.offset).toBeLessThanOrEqual(bytes.length);
  });

  /** What safetensors 0.8.0 itself made of each header: see safetensors-reference.py, which wrote the file. */
  const reference = readFileSync(new URL('safetensors-reference.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line): [string, number, boolean, string | null] => JSON.parse(line));

  it('reads what the reference implementation reads, but for the reasons named, and nothing else', () => {
    const [read, refused] = [true, false].map((wanted) => reference.filter(([, , is]) => is === wanted));
    expect(Math.min(read.length, refused.length)).toBeGreaterThan(100);
    const wrong = reference.flatMap(([header, dataBytes, isRead, reason]) => {
      const problem = outcome(file(header, dataBytes))?.message;
      return (problem === undefined) === (isRead && reason === null) ? [] : [{ header, reason, problem }];
    });
    expect(wrong).toEqual([]);
  });

  it('is as strict wherever spaces stand, and reads the same', () => {
    const readable = reference.filter(([, , isRead, reason]) => isRead && reason === null);
    const space = fc.string({ unit: fc.constantFrom(' ', '\n', '\r', '\t'), maxLength: 3 });
    fc.assert(
      fc.property(fc.constantFrom(...readable), fc.array(space, { minLength: 1 }), (row, spaces) => {
        const [header, dataBytes] = row;
        let i = 0;
        // Strings of these headers have none of these characters.
        const wide = header.replace(
          /[[\]{},:]/g,
          (c, at) => `${at > 0 ? spaces[i++ % spaces.length] : ''}${c}`,
        );
        fc.pre(!/"[^"]*[[\]{},:\\][^"]*":/.test(header));
        const [a, b] = [header, wide].map((h) => decodeSafetensors(file(h, dataBytes), 'f').tensors);
        expect([...b].map(([name, t]) => [name, t.shape])).toEqual(
          [...a].map(([name, t]) => [name, t.shape]),
        );
      }),
    );
  });

  it('quotes a little of what is long or would write on a terminal', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('a', '\u001b[31m', '\n', 'é', '[', '9'),
        fc.integer({ min: 0, max: 200_000 }),
        (c, n) => {
          const long = c.repeat(Math.ceil(n / c.length));
          const tensor = { dtype: 'F32', shape: [1], data_offsets: [0, 4] };
          const headers = [
            long,
            [long],
            { [long]: 1 },
            { [long]: { ...tensor, shape: [2] } },
            { a: { ...tensor, dtype: long } },
          ];
          for (const header of [
            ...headers,
            { __metadata__: { [long]: 1 } },
            { a: { ...tensor, shape: [long] } },
          ]) {
            const { message } = outcome(file(header, 4)) ?? { message: '' };
            expect(message.length).toBeLessThan(400);
            expect(message).not.toMatch(/\p{Cc}/u);
          }
          expect(outcome(file(long, 4))?.message.length).toBeLessThan(400);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('refuses to write half a surrogate pair', () => {
    const t = new Tensor(new Float32Array(1), []);
    expect(() => encodeSafetensors(new Map([['\ud800', t]]))).toThrow(/'\\ud800' has half a surrogate pair/);
    expect(() => encodeSafetensors(new Map(), { a: '\udfff' })).toThrow(TypeError);
  });

  it('refuses to write a tensor under the name of the metadata', () => {
    expect(() => encodeSafetensors(new Map([['__metadata__', new Tensor(new Float32Array(1), [])]]))).toThrow(
      TypeError,
    );
  });
});
