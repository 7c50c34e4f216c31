import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/data/errors.js';
import { readIdxFile } from '../../src/data/files.js';
import { loadIdxFolder } from '../../src/data/folder.js';
import { encodeImages } from '../../src/data/idx.js';
import { IDX_FILES, IDX_PARTS } from '../../src/data/idx-split.js';
import { zeros } from '../../src/index.js';
import { CheckpointError, decodeSafetensors, encodeSafetensors } from '../../src/nn.js';
import { temporaryFolders } from './folders.js';
import { SMALL } from './small.js';

const folder = temporaryFolders();

async function fileWith(bytes: Uint8Array, name = 'file'): Promise<string> {
  const path = join(await folder(), name);
  await writeFile(path, bytes);
  return path;
}

describe('readIdxFile', () => {
  it.each(['plain', 'x.gz'])('reads a plain file, whatever its name (%s)', async (name) => {
    expect(Uint8Array.from(await readIdxFile(await fileWith(SMALL.trainImages, name)))).toEqual(
      SMALL.trainImages,
    );
  });

  it.each(['plain', 'x.gz'])('reads a gzipped file, whatever its name (%s)', async (name) => {
    for (const content of [SMALL.trainImages, SMALL.testLabels]) {
      const path = await fileWith(gzipSync(content), name);
      expect(Uint8Array.from(await readIdxFile(path))).toEqual(content);
    }
  });

  it('refuses a gzip file cut at any byte', async () => {
    const packed = gzipSync(SMALL.trainImages);
    for (let end = 2; end < packed.length; end += 3) {
      const path = await fileWith(packed.subarray(0, end));
      await expect(readIdxFile(path)).rejects.toThrow(DataError);
      await expect(readIdxFile(path)).rejects.toThrow(path);
    }
  });

  it('refuses a gzip file with a wrong byte', async () => {
    const packed = gzipSync(SMALL.trainImages);
    packed[packed.length - 6] ^= 1;
    await expect(readIdxFile(await fileWith(packed))).rejects.toThrow(/gzip file is damaged/);
  });

  it('stops unpacking where the header says the data ends', async () => {
    const bomb = new Uint8Array(50_000_000);
    bomb.set(SMALL.trainImages);
    const before = process.memoryUsage().arrayBuffers;
    await expect(readIdxFile(await fileWith(gzipSync(bomb)))).rejects.toMatchObject({
      name: 'DataError',
      offset: SMALL.trainImages.length,
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
  });

  it('takes no memory for a header that promises more than the gzip file can hold', async () => {
    const huge = encodeImages({ count: 1, rows: 1, columns: 1, pixels: Uint8Array.of(1) });
    new DataView(huge.buffer).setUint32(4, 2_000_000_000);
    await expect(readIdxFile(await fileWith(gzipSync(huge)))).rejects.toThrow(/promises 2000000016 bytes/);
    await expect(readIdxFile(await fileWith(huge))).rejects.toThrow(/cut short/);
  });

  it('does not let a small gzip file take more than 256 MiB', async () => {
    // 300 MB of black images, whose header tells the truth: 300 kB packed.
    const images = new Uint8Array(300_000_016);
    images.set(encodeImages({ count: 1, rows: 1, columns: 1, pixels: Uint8Array.of(0) }));
    const sizes = new DataView(images.buffer);
    sizes.setUint32(4, 300);
    sizes.setUint32(8, 1000);
    sizes.setUint32(12, 1000);
    const packed = gzipSync(images, { level: 1 });
    expect(packed.length).toBeLessThan(2_000_000);
    const path = await fileWith(packed);
    const before = process.memoryUsage().arrayBuffers;
    await expect(readIdxFile(path)).rejects.toThrow(
      /promises 300000016 bytes, but \d+ gzipped bytes may unpack to 268435456 at most; unpack it first/,
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20_000_000);
    expect(await readIdxFile(await fileWith(images))).toHaveLength(300_000_016);
  });

  const text = (...lines: string[]) => new TextEncoder().encode(lines.join('\n'));
  const kinds: [string, Uint8Array, RegExp][] = [
    [
      'a web page',
      text('<!DOCTYPE html>', '<title>MNIST'),
      /this is a web page \(HTML\); download the file itself/,
    ],
    [
      'a refusal of S3',
      text('<?xml version="1.0"?><Error>'),
      /this is XML, as servers answer when they refuse/,
    ],
    [
      'a pointer',
      text('version https://git-lfs.github.com/spec/v1', 'oid sha256:00'),
      /a Git LFS pointer .*; run 'git lfs pull'/,
    ],
    [
      'a zip archive',
      Uint8Array.from(Buffer.from('504b0304140000000800', 'hex')),
      /a zip archive; unpack it/,
    ],
    [
      'a gzip file in another',
      gzipSync(gzipSync(SMALL.trainImages)),
      /a gzip file within a gzip file; unpack it with gunzip/,
    ],
    [
      'a web page in a gzip file',
      gzipSync(text('<html><body>no</body>')),
      /a web page \(HTML\) within a gzip file/,
    ],
    [
      'a PNG picture',
      Uint8Array.from(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')),
      /a PNG picture; convert it/,
    ],
    ['a JPEG picture', Uint8Array.from(Buffer.from('ffd8ffe000104a4649460001', 'hex')), /a JPEG picture/],
    [
      'a NumPy array',
      Uint8Array.from(Buffer.from('934e554d5059010076007b27', 'hex')),
      /a NumPy array; convert it/,
    ],
    ['a pickle', Uint8Array.from(Buffer.from('80049500000000', 'hex')), /a Python pickle/],
    ['a CSV', text('label,pixel0,pixel1', '5,0,0'), /this is a text; look into it/],
    [
      'floats',
      Uint8Array.from(Buffer.from('00000d030000000100000001000000010000803f', 'hex')),
      /IDX file of 32-bit floats in 3 dimensions; write them as unsigned bytes/,
    ],
    [
      '64-bit labels',
      Uint8Array.from(Buffer.from('00000e0100000001', 'hex')),
      /IDX file of 64-bit floats in 1 dimension;/,
    ],
    [
      'colour',
      Uint8Array.from(Buffer.from('00000804000000010000000100000001000000030000', 'hex')),
      /unsigned bytes in 4 dimensions; images have 3 .* grayscale/,
    ],
    [
      'reversed bytes',
      Uint8Array.from(Buffer.from('0308000001000000', 'hex')),
      /its bytes in reverse; write it with the most significant/,
    ],
    ['zeros', new Uint8Array(100), /nothing but zeros; download the file itself again/],
    ['nothing', new Uint8Array(0), /the file is empty/],
    [
      'a checkpoint',
      encodeSafetensors(new Map([['a', zeros([3])]])),
      /a safetensors file; give a file of the kind/,
    ],
  ];
  it.each(kinds)('says that a file is %s', async (_, bytes, message) => {
    const path = await fileWith(bytes);
    await expect(readIdxFile(path)).rejects.toThrow(message);
    await expect(readIdxFile(path)).rejects.toMatchObject({ name: 'DataError', file: path });
  });

  it.each(kinds.filter(([kind]) => /web page$|S3|pointer|zip archive|picture|NumPy|CSV/.test(kind)))(
    'says so where a safetensors file is wanted: %s',
    (_, bytes) => {
      const read = () => decodeSafetensors(bytes, 'model.safetensors');
      expect(read).toThrow(CheckpointError);
      expect(read).toThrow(/this is .*(HTML|XML|LFS|zip|P.*G|GIF|NumPy|text).*, not a safetensors file; /);
    },
  );

  it('refuses what is larger than the limit', async () => {
    const path = await fileWith(gzipSync(SMALL.trainImages));
    await expect(readIdxFile(path, { maxBytes: 40 })).rejects.toThrow(DataError);
    await expect(readIdxFile(await fileWith(SMALL.trainImages), { maxBytes: 40 })).rejects.toThrow(
      /40 at most/,
    );
  });

  it('names a file that is missing or a folder', async () => {
    const place = await folder();
    await expect(readIdxFile(join(place, 'none'))).rejects.toMatchObject({
      name: 'DataError',
      file: join(place, 'none'),
    });
    await expect(readIdxFile(place)).rejects.toThrow(DataError);
  });
});

describe('loadIdxFolder', () => {
  async function folderOf(name: (name: string) => string, packed: boolean): Promise<string> {
    const place = await folder();
    for (const part of IDX_PARTS) {
      await writeFile(join(place, name(IDX_FILES[part])), packed ? gzipSync(SMALL[part]) : SMALL[part]);
    }
    return place;
  }

  it.each([
    ['MNIST’s names', (name: string) => name, false],
    ['gzipped', (name: string) => `${name}.gz`, true],
    ['with dots', (name: string) => name.replace('-idx', '.idx'), false],
    ['with dots, gzipped', (name: string) => `${name.replace('-idx', '.idx')}.gz`, true],
  ])('loads four files: %s', async (_, name, packed) => {
    const { train, test } = await loadIdxFolder(await folderOf(name, packed));
    expect(train).toMatchObject({ count: 5, rows: 2, columns: 3 });
    expect([...train.labels]).toEqual([5, 0, 4, 1, 9]);
    expect([...test.labels]).toEqual([7, 2]);
    expect([...test.pixels]).toEqual([...SMALL.testImages.subarray(16)]);
  });

  it('names every file that is missing', async () => {
    const place = await folder();
    await writeFile(join(place, IDX_FILES.trainImages), SMALL.trainImages);
    await writeFile(join(place, `${IDX_FILES.testLabels}.gz`), gzipSync(SMALL.testLabels));
    await expect(loadIdxFolder(place)).rejects.toThrow(
      /missing in this folder: train-labels-idx1-ubyte, t10k-images-idx3-ubyte \(/,
    );
    await expect(loadIdxFolder(join(place, 'none'))).rejects.toThrow(DataError);
  });

  it('refuses parts that do not fit together', async () => {
    const place = await folderOf((name) => name, false);
    await writeFile(join(place, IDX_FILES.trainLabels), SMALL.testLabels);
    await expect(loadIdxFolder(place)).rejects.toThrow(/found 2 labels, expected 5/);
    await writeFile(join(place, IDX_FILES.trainLabels), SMALL.trainLabels);
    const other = encodeImages({ count: 2, rows: 3, columns: 3, pixels: new Uint8Array(18) });
    await writeFile(join(place, IDX_FILES.testImages), other);
    await expect(loadIdxFolder(place)).rejects.toThrow(/found images of 3 x 3, expected 2 x 3/);
  });

  it('takes a folder with the name of a file for what it is', async () => {
    const place = await folderOf((name) => `${name}.gz`, true);
    await mkdir(join(place, IDX_FILES.trainImages));
    await expect(loadIdxFolder(place)).rejects.toThrow(DataError);
    expect(await readdir(place)).toHaveLength(5);
    expect(await readFile(join(place, `${IDX_FILES.trainLabels}.gz`))).not.toHaveLength(0);
  });
});
