import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawGlyphs } from '../../src/data/glyphs/index.js';
import { encodeImages, encodeLabels } from '../../src/data/idx.js';
import { type IdxContent, missingOf, splitOf, withFiles } from '../../src/page/worker/files/own.js';
import { unpackIdx } from '../../src/page/worker/files/unpack.js';

const glyphs = drawGlyphs({ count: 14, seed: 3 });
const images: IdxContent = { path: 'digits-images', bytes: encodeImages(glyphs) };
const labels: IdxContent = { path: 'digits-labels', bytes: encodeLabels(glyphs.labels) };
const asGiven = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

describe('unpackIdx', () => {
  it('gives the content, gzipped or not', async () => {
    const anyLabels = fc.uint8Array({ minLength: 1, maxLength: 3000 });
    await fc.assert(
      fc.asyncProperty(anyLabels, fc.boolean(), async (bytes, packed) => {
        const plain = encodeLabels(bytes);
        const given = asGiven(packed ? gzipSync(plain) : plain);
        expect(await unpackIdx(given, 'labels')).toEqual(plain);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['no IDX file', asGiven(new TextEncoder().encode('hello, world')), /a.bin, byte 0: found 0x68656c6c/],
    ['an empty one', new Uint8Array(0), /a.bin, byte 0: the file is empty/],
    ['one cut short', asGiven(images.bytes.subarray(0, 2000)), /cut short/],
    ['one with more than it says', asGiven(Uint8Array.from([...labels.bytes, 0])), /should end here/],
    ['a gzip file cut short', asGiven(gzipSync(images.bytes).subarray(0, 300)), /gzip file is damaged/],
    ['a gzip file of something else', asGiven(gzipSync(new Uint8Array(100))), /found 0x00000000/],
    [
      'a gzip file that holds more',
      asGiven(gzipSync(Uint8Array.from([...labels.bytes, 0, 0]))),
      /should end here/,
    ],
  ])('refuses %s', async (_, bytes, message) => {
    await expect(unpackIdx(bytes, 'a.bin')).rejects.toThrow(message);
  });

  it('takes no memory for a header that cannot be true', async () => {
    const lie = Uint8Array.from(encodeLabels(new Uint8Array(100)));
    new DataView(lie.buffer).setUint32(4, 500_000_000);
    await expect(unpackIdx(asGiven(gzipSync(lie)), 'bomb.gz')).rejects.toThrow(
      'the header promises 500000008 bytes',
    );
  });
});

describe("a person's own files", () => {
  it('says what is still missing, in whatever order they come', () => {
    expect(missingOf({})).toContain('Add images to train on');
    const first = withFiles({}, [labels]);
    expect(missingOf(first)).toBe('The labels are here. Add the IDX file of their images.');
    expect(missingOf(withFiles(first, [images]))).toBeNull();
    expect(missingOf(withFiles({}, [images, labels, { ...images, path: 't10k-images' }]))).toBe(
      'The test images are here. Add the IDX file of their labels.',
    );
    expect(() => splitOf(first)).toThrow('Add the IDX file of their images');
  });

  it('keeps every sixth image of one pair to test on: each image once', () => {
    const { train, test } = splitOf(withFiles({}, [images, labels]));
    expect([train.count, test.count, train.rows, train.columns]).toEqual([12, 2, 28, 28]);
    expect([...test.labels]).toEqual([glyphs.labels[5], glyphs.labels[11]]);
    expect(test.pixels.subarray(784)).toEqual(glyphs.pixels.subarray(11 * 784, 12 * 784));
    expect(train.pixels.subarray(5 * 784, 6 * 784)).toEqual(glyphs.pixels.subarray(6 * 784, 7 * 784));
  });

  it('tests on the files that are for it', () => {
    const others = drawGlyphs({ count: 4, seed: 8 });
    const tests = [
      { path: 't10k-images-idx3-ubyte.gz', bytes: encodeImages(others) },
      { path: 't10k-labels-idx1-ubyte.gz', bytes: encodeLabels(others.labels) },
    ];
    const { train, test } = splitOf(withFiles({}, [images, labels, ...tests]));
    expect([train.count, test.count]).toEqual([14, 4]);
    expect(test.pixels).toEqual(others.pixels);
  });

  it('refuses files that do not belong together', () => {
    const fewer = { path: 'labels', bytes: encodeLabels(glyphs.labels.subarray(1)) };
    expect(() => splitOf(withFiles({}, [images, fewer]))).toThrow('found 13 labels, expected 14');
    const one = drawGlyphs({ count: 1, seed: 1 });
    const alone = [
      { path: 'images', bytes: encodeImages(one) },
      { path: 'labels', bytes: encodeLabels(one.labels) },
    ];
    expect(() => splitOf(withFiles({}, alone))).toThrow('found 1 image, expected 2 or more');
  });
});
