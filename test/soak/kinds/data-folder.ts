import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { loadIdxFolder } from '../../../src/data/folder.js';
import { parseImages, parseLabels } from '../../../src/data/idx.js';
import { IDX_FILES, IDX_PARTS, type IdxPart } from '../../../src/data/idx-split.js';
import { loadMnist } from '../../../src/data/mnist.js';
import { damaged } from '../../damage.js';
import { SMALL } from '../../data/small.js';
import { read } from '../fuzz.js';
import type { Kind } from '../kind.js';

const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const checksums = {
  trainImages: sum(SMALL.trainImages),
  trainLabels: sum(SMALL.trainLabels),
  testImages: sum(SMALL.testImages),
  testLabels: sum(SMALL.testLabels),
};

/** What may stand in the place of a file. */
type Trouble = 'damaged' | 'swapped' | 'missing' | 'folder' | 'pipe' | 'circle' | 'device' | 'none';
const anyTrouble = fc.constantFrom<Trouble>(
  ...([
    'damaged',
    'damaged',
    'damaged',
    'swapped',
    'missing',
    'folder',
    'pipe',
    'circle',
    'device',
    'none',
  ] as const),
);

/** Folders of data, and MNIST's sums over them. */
export const dataFolder: Kind = {
  name: 'data-folder',
  doc: 'folders of IDX files, one of them damaged, missing or no file',
  share: 1,
  prepare: async (place) => async (one) => {
    const folder = join(place, 'data');
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
    const [trouble, part] = [one.draw(anyTrouble), one.draw(fc.constantFrom(...IDX_PARTS))];
    const packed = one.draw(fc.boolean());
    const content = new Map<IdxPart, Uint8Array>(IDX_PARTS.map((name) => [name, SMALL[name]]));
    if (trouble === 'swapped') content.set(part, SMALL[one.draw(fc.constantFrom(...IDX_PARTS))]);
    if (trouble === 'damaged') content.set(part, one.draw(damaged(SMALL[part])));
    const pathOf = (name: IdxPart): string => join(folder, `${IDX_FILES[name]}${packed ? '.gz' : ''}`);
    for (const [name, bytes] of content) {
      const path = pathOf(name);
      if (name !== part || trouble === 'damaged' || trouble === 'swapped' || trouble === 'none')
        await writeFile(path, one.keep(IDX_FILES[name], packed ? gzipSync(bytes) : bytes));
      else if (trouble === 'folder') await mkdir(path);
      else if (trouble === 'pipe') execFileSync('mkfifo', [path]);
      else if (trouble === 'circle') await symlink(path, path);
      else if (trouble === 'device') await symlink('/dev/zero', path);
    }
    const refusal = { errors: ['DataError'], file: folder, size: 1000 };
    const found = await read(() => loadIdxFolder(folder), refusal);
    const isWhole = IDX_PARTS.every((name) => {
      const bytes = content.get(name) ?? new Uint8Array(0);
      return Buffer.compare(bytes, SMALL[name]) === 0;
    });
    const isGood = isWhole && ['damaged', 'swapped', 'none'].includes(trouble);
    if (isGood) assert.ok(found !== undefined, 'whole files are refused');
    if (found !== undefined) {
      for (const { count, labels } of [found.train, found.test]) assert.equal(labels.length, count);
      const { trainImages, trainLabels } = Object.fromEntries(content);
      assert.deepEqual(Buffer.from(found.train.pixels), Buffer.from(parseImages(trainImages).pixels));
      assert.deepEqual(Buffer.from(found.train.labels), Buffer.from(parseLabels(trainLabels)));
    }
    const checked = await read(() => loadMnist({ directory: folder, checksums, offline: true }), {
      ...refusal,
      errors: ['DataError', 'ChecksumError'],
    });
    assert.equal(checked !== undefined, isGood, 'the sums of the files');
    return 1;
  },
};
