import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CIFAR10_CLASSES, DataError, imageDataset, parseCifar10 } from '../../../src/data/index.js';
import { damaged } from '../../damage.js';
import { cifarImages, encodeCifar } from '../cifar.js';

const parse = (...files: Uint8Array[]) =>
  parseCifar10(files.map((bytes, i) => ({ path: `data_batch_${i + 1}.bin`, bytes })));

describe('parseCifar10', () => {
  it('reads back what was written, one file after another', () => {
    const batch = fc.integer({ min: 1, max: 3 });
    fc.assert(
      fc.property(fc.array(batch, { minLength: 1, maxLength: 4 }), fc.nat(1000), (counts, salt) => {
        const parts = counts.map((count, i) => cifarImages(count, salt + i));
        const images = parse(...parts.map(encodeCifar));
        expect(images).toMatchObject({ channels: 3, rows: 32, columns: 32 });
        expect([...images.labels]).toEqual(parts.flatMap(({ labels }) => [...labels]));
        expect(Buffer.from(images.pixels)).toEqual(Buffer.concat(parts.map(({ pixels }) => pixels)));
      }),
      { numRuns: 20 },
    );
  });

  it('takes the planes as red, green and blue', () => {
    const file = new Uint8Array(3073).fill(10, 1, 1025).fill(20, 1025, 2049).fill(30, 2049);
    file[0] = 3;
    const images = parse(file);
    expect(CIFAR10_CLASSES[images.labels[0]]).toBe('cat');
    const x = imageDataset(images).batch([0], 'float32').view([3, 32, 32]);
    expect([0, 1, 2].map((c) => Math.round(255 * x.at(c, 31, 31)))).toEqual([10, 20, 30]);
  });

  it('says where a file ends that is cut short, at any byte', () => {
    const whole = encodeCifar(cifarImages(3));
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (length) => {
        if (length > 0 && length % 3073 === 0) {
          expect(parse(whole.subarray(0, length)).count).toBe(length / 3073);
          return;
        }
        const read = () => parse(whole, whole.subarray(0, length));
        expect(read).toThrow(DataError);
        expect(read).toThrow(
          length === 0
            ? 'data_batch_2.bin, byte 0: the file is empty'
            : `data_batch_2.bin, byte ${length}: the file ends here, in record ${Math.floor(length / 3073)} (counted from 0)`,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('refuses labels above 9, and calls another file by its name', () => {
    const file = encodeCifar(cifarImages(3));
    file[2 * 3073] = 10;
    expect(() => parse(file)).toThrow(
      'data_batch_1.bin, byte 6146: found label 10, expected a class from 0 to 9',
    );
    expect(() => parse(Buffer.from('<!doctype html><html>'))).toThrow('this is a web page (HTML)');
  });

  it('takes or refuses any bytes', () => {
    fc.assert(
      fc.property(fc.oneof(damaged(encodeCifar(cifarImages(2))), fc.uint8Array()), (bytes) => {
        let images: ReturnType<typeof parse> | undefined;
        try {
          images = parse(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
        if (images !== undefined) expect(Buffer.from(encodeCifar(images))).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 200 },
    );
  });
});
