import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { emnistFiles } from '../../src/data/emnist.js';
import { encodeImages, encodeLabels } from '../../src/data/idx.js';
import { IDX_PARTS } from '../../src/data/idx-split.js';
import { EMNIST_SPLITS, loadEmnist } from '../../src/node.js';
import { temporaryFolders } from './folders.js';

const folder = temporaryFolders();

/** Images of 2 rows and 3 columns as EMNIST stores them: column after column. */
const stored = (count: number) => {
  const upright = [1, 2, 3, 4, 5, 6];
  const turned = [1, 4, 2, 5, 3, 6];
  const pixels = Uint8Array.from({ length: 6 * count }, (_, i) => turned[i % 6] + 10 * Math.floor(i / 6));
  return { upright, file: encodeImages({ count, rows: 3, columns: 2, pixels }) };
};

async function write(split: (typeof EMNIST_SPLITS)[number], labels: Uint8Array): Promise<string> {
  const place = await folder();
  const names = emnistFiles(split);
  const content = {
    trainImages: stored(3).file,
    trainLabels: encodeLabels(labels),
    testImages: stored(1).file,
    testLabels: encodeLabels(labels.subarray(0, 1)),
  };
  for (const part of IDX_PARTS) await writeFile(join(place, `${names[part]}.gz`), gzipSync(content[part]));
  return place;
}

describe('loadEmnist', () => {
  it('puts images upright', async () => {
    for (const split of EMNIST_SPLITS) {
      const { train, test } = await loadEmnist(await write(split, Uint8Array.of(1, 26, 3)), split);
      expect(train).toMatchObject({ count: 3, rows: 2, columns: 3 });
      expect([...train.pixels.subarray(6, 12)]).toEqual(stored(1).upright.map((v) => v + 10));
      expect([...test.pixels]).toEqual(stored(1).upright);
    }
  });

  it('counts letters from 0, and leaves the labels of other splits as they are', async () => {
    const labels = Uint8Array.of(1, 26, 3);
    expect([...(await loadEmnist(await write('letters', labels), 'letters')).train.labels]).toEqual([
      0, 25, 2,
    ]);
    expect([...(await loadEmnist(await write('digits', labels), 'digits')).train.labels]).toEqual([1, 26, 3]);
  });

  it('refuses a letter 0, and names what is missing', async () => {
    const place = await write('letters', Uint8Array.of(1, 0, 3));
    await expect(loadEmnist(place, 'letters')).rejects.toThrow(
      /emnist-letters-train-labels-idx1-ubyte.gz, byte 9: found label 0, expected letters from 1 on/,
    );
    await expect(loadEmnist(place, 'balanced')).rejects.toThrow(
      'missing in this folder: emnist-balanced-train-images-idx3-ubyte',
    );
  });
});
