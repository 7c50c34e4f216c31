import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { readPng } from '../../src/cli/run/png.js';
import { DataError } from '../../src/data/errors.js';
import { damaged } from '../damage.js';

const chunk = (type: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};

interface Made {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly type: number;
  readonly interlace?: number;
  /** Rows, each with its filter. */
  readonly rows: Uint8Array;
  /** Chunks before the picture. */
  readonly before?: readonly Buffer[];
}

/** A PNG file that the encoder does not make. */
function made({ width, height, depth, type, interlace = 0, rows, before = [] }: Made): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([depth, type, 0, 0, interlace], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  const picture = chunk('IDAT', deflateSync(rows));
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    ...before,
    picture,
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const side = fc.integer({ min: 1, max: 7 });
const anyPicture = fc
  .tuple(side, side, fc.constantFrom(1, 2, 3, 4))
  .chain(([width, height, channels]) =>
    fc
      .uint8Array({ minLength: width * height * channels, maxLength: width * height * channels })
      .map((data) => ({ width, height, channels, data, depth: 8 as const })),
  );

describe('readPng', () => {
  it('reads what an encoder wrote, gray and in colour, without an opaque alpha channel', () => {
    fc.assert(
      fc.property(anyPicture, ({ channels, data, ...size }) => {
        const opaque = data.map((v, i) => (channels % 2 === 0 && i % channels === channels - 1 ? 255 : v));
        const { rows, columns, planes } = readPng(encode({ ...size, channels, data: opaque }), 'a.png');
        expect([rows, columns]).toEqual([size.height, size.width]);
        for (let i = 0; i < rows * columns; i++) {
          for (let c = 0; c < (channels < 3 ? 1 : 3); c++) {
            expect((planes[c] ?? planes[0])[i]).toBe(opaque[i * channels + c]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('takes a picture without a colour for gray, whatever its format', () => {
    const gray = encode({ width: 2, height: 1, channels: 3, data: Uint8Array.of(7, 7, 7, 200, 200, 200) });
    expect(readPng(gray, 'a.png').planes).toEqual([Uint8Array.of(7, 200)]);
  });

  it('reads palettes and gray of few bits', () => {
    const palette = chunk('PLTE', Uint8Array.of(255, 0, 0, 0, 0, 255));
    // One bit a pixel: 0 1 1, then 1 0 0.
    const rows = Uint8Array.of(0, 0b01100000, 0, 0b10000000);
    const coloured = readPng(
      made({ width: 3, height: 2, depth: 1, type: 3, rows, before: [palette] }),
      'a.png',
    );
    expect(coloured.planes.map((plane) => [...plane])).toEqual([
      [255, 0, 0, 0, 255, 255],
      [0, 0, 0, 0, 0, 0],
      [0, 255, 255, 255, 0, 0],
    ]);
    const two = made({ width: 3, height: 1, depth: 2, type: 0, rows: Uint8Array.of(0, 0b00011100) });
    expect(readPng(two, 'a.png').planes).toEqual([Uint8Array.of(0, 85, 255)]);
    const beyond = made({
      width: 3,
      height: 1,
      depth: 2,
      type: 3,
      rows: Uint8Array.of(0, 0b11000000),
      before: [palette],
    });
    expect(() => readPng(beyond, 'a.png')).toThrow(
      'a.png: the picture is damaged (Incorrect index of palette color)',
    );
  });

  it('does without a palette that a picture in colour suggests, not without one that it needs', () => {
    const palette = chunk('PLTE', Uint8Array.of(255, 0, 0, 0, 0, 255));
    const rows = Uint8Array.of(0, 1, 2, 3);
    const coloured = made({ width: 1, height: 1, depth: 8, type: 2, rows, before: [palette] });
    expect(readPng(coloured, 'a.png').planes).toEqual([1, 2, 3].map((v) => Uint8Array.of(v)));
    for (const before of [[], [chunk('PLTE', new Uint8Array(0))]]) {
      const indexed = made({ width: 1, height: 1, depth: 8, type: 3, rows: Uint8Array.of(0, 0), before });
      expect(() => readPng(indexed, 'a.png')).toThrow('the picture is damaged (it has no palette)');
    }
  });

  it.each([
    [1, 8],
    [2, 4],
    [6, 1],
  ])('refuses colour type %i with %i bits', (type, depth) => {
    const other = made({ width: 1, height: 1, depth, type, rows: Uint8Array.of(0, 0) });
    expect(() => readPng(other, 'a.png')).toThrow(`found colour type ${type} with ${depth} bits`);
  });

  it('refuses what it does not read in a sentence', () => {
    const clear = encode({ width: 1, height: 1, channels: 4, data: Uint8Array.of(1, 2, 3, 254) });
    expect(() => readPng(clear, 'a.png')).toThrow(
      'a.png: the picture has transparent pixels; put it on a ground first',
    );
    const key = chunk('tRNS', Uint8Array.of(0, 7));
    const keyed = made({ width: 1, height: 1, depth: 8, type: 0, rows: Uint8Array.of(0, 7), before: [key] });
    expect(() => readPng(keyed, 'a.png')).toThrow('transparent pixels');
    const deep = encode({ width: 1, height: 1, channels: 1, depth: 16, data: Uint16Array.of(500) });
    expect(() => readPng(deep, 'a.png')).toThrow('found 16 bits a channel; save the picture with 8');
    const laced = made({ width: 1, height: 1, depth: 8, type: 0, interlace: 1, rows: Uint8Array.of(0, 7) });
    expect(() => readPng(laced, 'a.png')).toThrow('the picture is interlaced; save it without');
    expect(() => readPng(Buffer.from('\xff\xd8\xff', 'latin1'), 'a.png')).toThrow(
      'a.png, byte 0: expected a PNG picture, found a JPEG picture',
    );
    expect(() => readPng(new Uint8Array(0), 'a.png')).toThrow('expected a PNG picture');
  });

  it('takes no memory for what its size does not promise', () => {
    const bomb = made({ width: 1, height: 1, depth: 8, type: 0, rows: new Uint8Array(2 ** 24) });
    expect(() => readPng(bomb, 'a.png')).toThrow(/the picture is damaged/);
    const profile = chunk(
      'iCCP',
      Buffer.concat([Buffer.from('x\0\0', 'latin1'), deflateSync(Buffer.alloc(2 ** 24))]),
    );
    const rows = Uint8Array.of(0, 7);
    // What is no part of the picture is not looked at.
    expect(
      readPng(made({ width: 1, height: 1, depth: 8, type: 0, rows, before: [profile] }), 'a.png').planes,
    ).toEqual([Uint8Array.of(7)]);
    const large = made({ width: 2 ** 20, height: 1, depth: 8, type: 0, rows });
    expect(() => readPng(large, 'a.png')).toThrow(
      'found a picture of 1 x 1048576, expected sides of 1 to 16384',
    );
  });

  it('refuses a file cut short at any byte', () => {
    const whole = encode({
      width: 5,
      height: 4,
      channels: 3,
      data: Uint8Array.from({ length: 60 }, (_, i) => 4 * i),
    });
    for (let length = 0; length < whole.length; length++) {
      expect(() => readPng(whole.subarray(0, length), 'a.png')).toThrow(DataError);
    }
  });

  it('reads damaged files or refuses them with a DataError', () => {
    const whole = encode({
      width: 6,
      height: 6,
      channels: 3,
      data: Uint8Array.from({ length: 108 }, (_, i) => i),
    });
    fc.assert(
      fc.property(fc.oneof(damaged(whole), fc.uint8Array()), (bytes) => {
        try {
          const { rows, columns, planes } = readPng(bytes, 'a.png');
          for (const plane of planes) expect(plane.length).toBe(rows * columns);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
