import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawGlyphs } from '../../src/data/glyphs/index.js';
import { encodeImages, encodeLabels } from '../../src/data/idx.js';
import { DEFAULTS } from '../../src/page/shared/settings.js';
import type { LabEvent } from '../../src/page/shared/training.js';
import { type IdxContent, missingOf, splitOf, withFiles } from '../../src/page/worker/files/own.js';
import { takeIdx } from '../../src/page/worker/files/take.js';
import { unpackIdx } from '../../src/page/worker/files/unpack.js';
import type { Lab } from '../../src/page/worker/lab.js';
import { largestSide } from '../../src/page/worker/room.js';

const glyphs = drawGlyphs({ count: 14, seed: 3 });
const images: IdxContent = { path: 'digits-images', bytes: encodeImages(glyphs) };
const labels: IdxContent = { path: 'digits-labels', bytes: encodeLabels(glyphs.labels) };
const asGiven = (bytes: Uint8Array, name = 'a.bin'): File => new File([Uint8Array.from(bytes)], name);

describe('unpackIdx', () => {
  it('gives the content, gzipped or not', async () => {
    const anyLabels = fc.uint8Array({ minLength: 1, maxLength: 3000 });
    await fc.assert(
      fc.asyncProperty(anyLabels, fc.boolean(), async (bytes, packed) => {
        const plain = encodeLabels(bytes);
        const given = asGiven(packed ? gzipSync(plain) : plain);
        expect(await unpackIdx(given)).toEqual(plain);
      }),
      { numRuns: 40 },
    );
  });

  it.each([
    ['no IDX file', asGiven(new TextEncoder().encode('hello, world')), /a.bin, byte 0: found 0x68656c6c/],
    ['an empty one', asGiven(new Uint8Array(0)), /a.bin, byte 0: the file is empty/],
    ['one cut short', asGiven(images.bytes.subarray(0, 2000)), /cut short/],
    ['one with more than it says', asGiven(Uint8Array.from([...labels.bytes, 0])), /should end here/],
    ['a gzip file cut short', asGiven(gzipSync(images.bytes).subarray(0, 300)), /gzip file is damaged/],
    ['a gzip file of something else', asGiven(gzipSync(new Uint8Array(100))), /found 0x00000000/],
    [
      'a gzip file that holds more',
      asGiven(gzipSync(Uint8Array.from([...labels.bytes, 0, 0]))),
      /should end here/,
    ],
  ])('refuses %s', async (_, file, message) => {
    await expect(unpackIdx(file)).rejects.toThrow(message);
  });

  it('takes no memory for a header that cannot be true', async () => {
    const lie = Uint8Array.from(encodeLabels(new Uint8Array(100)));
    new DataView(lie.buffer).setUint32(4, 500_000_000);
    await expect(unpackIdx(asGiven(gzipSync(lie), 'bomb.gz'))).rejects.toThrow(
      'the header promises 500000008 bytes',
    );
  });
});

/** A header of images with the bytes that follow it, of which few are there. */
function headed(count: number, side: number, bytes: number): Uint8Array {
  const made = new Uint8Array(16 + bytes);
  const view = new DataView(made.buffer);
  [0x803, count, side, side].forEach((value, i) => {
    view.setUint32(4 * i, value);
  });
  return made;
}

describe('files that are given', () => {
  const lab = (): Lab & { readonly told: LabEvent[] } => {
    const told: LabEvent[] = [];
    return { session: null, told, emit: (event) => told.push(event) };
  };
  const settings = { ...DEFAULTS, hidden: [512, 256], latent: 2, batchSize: 128 };

  it('are refused where their images are too large for the engine, before they are read', async () => {
    const large = asGiven(gzipSync(headed(2, 5000, 100_000)), 'large.gz');
    await expect(takeIdx(lab(), [large], settings)).rejects.toThrow(
      'large.gz, byte 8: found images of 5000 x 5000; with these settings the engine has memory for 155 x 155 at most',
    );
    const small = { ...settings, hidden: [16] };
    expect(largestSide(small)).toBeGreaterThan(300);
    expect(largestSide({ ...settings, hidden: [4096, 4096] })).toBe(0);
  });

  it('unpack to a bound: 64 MiB, or 32 times their size', async () => {
    const bomb = gzipSync(headed(300_000, 28, 1_000_000));
    const given = asGiven(Uint8Array.from([...bomb, ...new Uint8Array(300_000)]), 'bomb.gz');
    await expect(takeIdx(lab(), [given], settings)).rejects.toThrow('may unpack to 67108864 at most');
  });

  it('say how much of them has been read', async () => {
    const made = lab();
    const many = headed(13_000, 28, 13_000 * 784);
    await takeIdx(made, [asGiven(many, 'many')], settings);
    expect(made.told.at(-1)).toEqual({
      type: 'reading',
      file: 'many',
      done: many.length,
      total: many.length,
    });
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
