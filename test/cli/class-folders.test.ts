import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { loadClassFolders } from '../../src/cli/run/class-folders.js';
import { temporaryFolders } from '../data/folders.js';

const folder = temporaryFolders();

/** A picture of one colour, 3 x 2. */
const plain = (red: number, green = red, blue = red, width = 2): Uint8Array =>
  encode({
    width,
    height: 3,
    channels: 3,
    data: Uint8Array.from({ length: 9 * width }, (_, i) => [red, green, blue][i % 3]),
  });

async function write(place: string, files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(place, name)), { recursive: true });
    await writeFile(join(place, name), bytes);
  }
  return place;
}

async function load(place: string, limits = {}) {
  const split = await loadClassFolders(place, { train: null, test: null, ...limits });
  if (split === null) throw new Error('no pictures');
  return split;
}

/** Twelve gray pictures of each class, whose gray says which picture of which class it is. */
const many = (): Record<string, Uint8Array> =>
  Object.fromEntries(
    ['b', 'a'].flatMap((name, c) =>
      Array.from({ length: 12 }, (_, i) => [`${name}/${String(i).padStart(2, '0')}.png`, plain(100 * c + i)]),
    ),
  );

describe('loadClassFolders', () => {
  it('numbers classes by name, and tests on every sixth picture of each', async () => {
    const place = await write(await folder(), many());
    const { train, test } = await load(place);
    expect(train).toMatchObject({ count: 20, channels: 1, rows: 3, columns: 2 });
    for (const { count, pixels, labels } of [train, test]) {
      // Class a is 0, and its pictures are the light ones.
      for (let i = 0; i < count; i++) expect(pixels[6 * i] >= 100).toBe(labels[i] === 0);
    }
    expect([...test.labels].sort()).toEqual([0, 0, 1, 1]);
    const all = [...train.pixels, ...test.pixels].filter((_, i) => i % 6 === 0);
    expect(new Set(all).size).toBe(24);
    // The first examples are of every class, so that --limit takes some of each.
    expect(new Set(train.labels.subarray(0, 10)).size).toBe(2);
    expect(await load(place)).toEqual({ train, test });
    expect((await load(place, { train: 3, test: 1 })).train.pixels).toEqual(train.pixels.subarray(0, 18));
  });

  it('takes the parts of folders named train and test', async () => {
    const place = await write(await folder(), {
      'train/dog/1.png': plain(1),
      'train/cat/1.png': plain(2),
      'test/dog/2.PNG': plain(3),
      'README.txt': Buffer.from('of pets'),
      'test/.hidden/x': Buffer.from(''),
    });
    const { train, test } = await load(place);
    expect([train.count, test.count]).toEqual([2, 1]);
    expect([test.labels[0], test.pixels[0]]).toEqual([1, 3]);
  });

  it('is in colour where any picture is', async () => {
    const place = await write(await folder(), {
      'a/1.png': plain(9),
      'a/2.png': plain(1, 2, 3),
      'b/1.png': plain(5),
    });
    const { train, test } = await load(place);
    expect([train.channels, test.channels]).toEqual([3, 3]);
    const planes = [train, test].flatMap(({ count, pixels }) =>
      Array.from({ length: count }, (_, i) => [0, 6, 12].map((at) => pixels[18 * i + at])),
    );
    expect(planes.sort()).toEqual([
      [1, 2, 3],
      [5, 5, 5],
      [9, 9, 9],
    ]);
  });

  it('names the file that does not fit, and what was expected', async () => {
    const place = await write(await folder(), {
      'a/1.png': plain(1),
      'a/2.png': plain(2),
      'b/3.png': plain(3),
    });
    await write(place, { 'b/wide.png': plain(1, 1, 1, 5) });
    await expect(load(place)).rejects.toThrow(
      /(wide|\d)\.png: found a picture of 3 x \d, expected 3 x \d, the size of /,
    );
    await write(place, { 'b/wide.png': Buffer.from('GIF8') });
    await expect(load(place)).rejects.toThrow(
      /b\/wide.png, byte 0: expected a PNG picture, found a GIF picture/,
    );
    await write(place, { 'b/notes.txt': Buffer.from('') });
    await expect(load(place)).rejects.toThrow(
      /b\/notes.txt: expected a PNG picture, as every file of a class/,
    );
    const empty = await folder();
    await mkdir(join(empty, 'a'));
    await expect(load(empty)).rejects.toThrow('no pictures');
    await write(empty, { 'a/1.png': plain(1) });
    await expect(load(empty)).rejects.toThrow('found 1 picture, expected some to train on and some to test');
    await write(empty, { 'train/a/1.png': plain(1), 'test/a/.x': plain(1) });
    await expect(load(empty)).rejects.toThrow(/test: found no PNG picture to test on/);
  });
});
