import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/data/errors.js';
import { encodeImages, encodeLabels, parseImages, parseLabels } from '../../src/data/idx.js';
import { pairImagesAndLabels } from '../../src/data/images.js';

const images = fc
  .record({
    count: fc.integer({ min: 1, max: 5 }),
    rows: fc.integer({ min: 1, max: 9 }),
    columns: fc.integer({ min: 1, max: 9 }),
  })
  .chain(({ count, rows, columns }) => {
    const size = count * rows * columns;
    return fc
      .uint8Array({ minLength: size, maxLength: size })
      .map((pixels) => ({ count, rows, columns, pixels }));
  });

function refusal(action: () => unknown): DataError {
  try {
    action();
  } catch (error) {
    if (error instanceof DataError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

function header(...words: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * words.length);
  words.forEach((word, i) => {
    new DataView(bytes.buffer).setUint32(4 * i, word);
  });
  return bytes;
}

describe('IDX', () => {
  it('gives back the images that were written', () => {
    fc.assert(
      fc.property(images, (value) => {
        expect(parseImages(encodeImages(value))).toEqual(value);
      }),
    );
  });

  it('gives back the labels that were written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (labels) => {
        expect(parseLabels(encodeLabels(labels))).toEqual(labels);
      }),
    );
  });

  it('reads from the middle of a larger buffer', () => {
    const bytes = encodeImages({ count: 1, rows: 1, columns: 2, pixels: Uint8Array.of(7, 8) });
    const larger = new Uint8Array(bytes.length + 5);
    larger.set(bytes, 3);
    expect(parseImages(larger.subarray(3, 3 + bytes.length)).pixels).toEqual(Uint8Array.of(7, 8));
  });

  it('refuses every shortened and every lengthened file, at the byte where it happens', () => {
    fc.assert(
      fc.property(images, fc.nat(), fc.integer({ min: 1, max: 9 }), (value, at, extra) => {
        const bytes = encodeImages(value);
        const end = at % bytes.length;
        const short = refusal(() => parseImages(bytes.subarray(0, end), 'a.idx'));
        expect(short).toMatchObject({ file: 'a.idx', offset: end });
        const longer = new Uint8Array(bytes.length + extra);
        longer.set(bytes);
        const long = refusal(() => parseImages(longer, 'a.idx'));
        expect(long).toMatchObject({ file: 'a.idx', offset: bytes.length });
        expect(long.message).toContain(`found ${longer.length} bytes, expected ${bytes.length} bytes`);
      }),
    );
  });

  it('refuses another magic number, with what was found and expected', () => {
    const error = refusal(() => parseImages(header(0x00000d03, 1, 1, 1), 'x'));
    expect(error).toMatchObject({ file: 'x', offset: 0 });
    expect(error.message).toContain('0x00000d03');
    expect(error.message).toContain('0x00000803');
  });

  it('says so when images and labels are swapped', () => {
    const labels = encodeLabels(Uint8Array.of(1, 2, 3));
    expect(refusal(() => parseImages(labels, 'x')).message).toMatch(/0x00000801 \(labels\).*swapped/);
    const pictures = encodeImages({ count: 1, rows: 1, columns: 1, pixels: Uint8Array.of(0) });
    expect(refusal(() => parseLabels(pictures, 'x')).message).toMatch(/0x00000803 \(images\).*swapped/);
  });

  it.each([
    [[0x803, 0, 28, 28], 4],
    [[0x803, 1, 0, 28], 8],
    [[0x803, 1, 28, 0], 12],
    [[0x803, 1, 0xffffffff, 28], 8],
    [[0x803, 1, 28, 16_385], 12],
    [[0x801, 0], 4],
  ])('refuses the sizes of %j at byte %i', (words, offset) => {
    expect(
      refusal(() => (words[0] === 0x803 ? parseImages : parseLabels)(header(...words), 'x')).offset,
    ).toBe(offset);
  });

  it('takes no memory for what a header promises but the file does not hold', () => {
    const error = refusal(() => parseImages(header(0x803, 0xffffffff, 16_384, 16_384), 'x'));
    const possible = refusal(() => parseImages(header(0x803, 1_000_000, 8000, 8000), 'x'));
    expect(possible.message).toContain('cut short: found 16 bytes, expected 64000000000016 bytes');
    expect(error.message).toContain('found 4294967295 x 16384 x 16384, more bytes than any file has');
  });

  it('refuses to write what it could not read', () => {
    const pixels = new Uint8Array(4);
    expect(() => encodeImages({ count: 0, rows: 2, columns: 2, pixels })).toThrow(RangeError);
    expect(() => encodeImages({ count: 1, rows: 2, columns: 3, pixels })).toThrow('needs 6');
    expect(() => encodeImages({ count: 1, channels: 3, rows: 1, columns: 1, pixels })).toThrow(
      'images of 1 x 1 x 3; IDX files hold gray ones',
    );
    expect(() => encodeLabels(new Uint8Array(0))).toThrow(RangeError);
  });

  it('refuses labels that are not one per image', () => {
    const three = { count: 3, rows: 1, columns: 1, pixels: new Uint8Array(3) };
    expect(pairImagesAndLabels(three, Uint8Array.of(1, 2, 3)).labels).toEqual(Uint8Array.of(1, 2, 3));
    const error = refusal(() => pairImagesAndLabels(three, Uint8Array.of(1, 2), 'i', 'l'));
    expect(error).toMatchObject({ file: 'l', offset: 4 });
    expect(error.message).toContain('found 2 labels, expected 3');
  });
});
