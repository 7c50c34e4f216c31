import assert from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { encode } from 'fast-png';
import { loadClassFolders } from '../../../src/cli/run/class-folders.js';
import { readPng } from '../../../src/cli/run/png.js';
import { imageSize } from '../../../src/data/images.js';
import { damaged } from '../../damage.js';
import { read } from '../fuzz.js';
import type { Kind } from '../kind.js';

const [width, height] = [6, 5];
const pictures = [1, 2, 3, 4].map((channels) => {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) =>
    channels % 2 === 0 && i % channels === channels - 1 ? 255 : (i * 29) % 256,
  );
  return Uint8Array.from(encode({ width, height, channels, data }));
});

/** Whole, and of another size. */
const other = Uint8Array.from(
  encode({ width: height, height: width, channels: 1, data: new Uint8Array(30) }),
);

/** Folders of pictures, one of them damaged. */
export const png: Kind = {
  name: 'png',
  doc: 'folders of PNG pictures, one of them damaged',
  share: 1,
  prepare: async (place) => async (one) => {
    const bytes = one.keep(
      'a.png',
      one.draw(fc.oneof(fc.constantFrom(...pictures, other), ...pictures.map(damaged))),
    );
    const refusal = { errors: ['DataError'], file: 'a.png', size: bytes.length };
    const picture = await read(() => readPng(bytes, 'a.png'), refusal);
    if (picture !== undefined) {
      const { rows, columns, planes } = picture;
      for (const plane of planes) assert.equal(plane.length, rows * columns);
    }
    const folder = join(place, 'pictures');
    await rm(folder, { recursive: true, force: true });
    for (const name of ['x', 'y']) await mkdir(join(folder, name), { recursive: true });
    for (const [i, whole] of pictures.entries()) await writeFile(join(folder, 'x', `${i}.png`), whole);
    await writeFile(join(folder, 'y', 'a.png'), bytes);
    const limits = { train: null, test: null };
    // The first picture may be the damaged one: then another is named, which has not its size.
    const split = await read(() => loadClassFolders(folder, limits), {
      ...refusal,
      file: folder,
      size: 1000,
    });
    assert.equal(split != null, picture?.rows === height && picture.columns === width, 'the size of all');
    for (const images of split == null ? [] : [split.train, split.test]) {
      assert.equal(images.pixels.length, images.count * imageSize(images));
    }
    return 2;
  },
};
