import assert from 'node:assert/strict';
import fc from 'fast-check';
import { drawGlyphs } from '../../../src/data/glyphs/index.js';
import { encodeImages, encodeLabels, parseImages, parseLabels } from '../../../src/data/idx.js';
import { splitOf, withFiles } from '../../../src/page/worker/files/own.js';
import { damaged } from '../../damage.js';
import { SMALL } from '../../data/small.js';
import { read } from '../fuzz.js';
import type { Kind } from '../kind.js';

const glyphs = drawGlyphs({ count: 20, seed: 1 });
const [images, labels] = [encodeImages(glyphs), encodeLabels(glyphs.labels)];
const anyFile = fc.constantFrom(images, labels, SMALL.trainImages, SMALL.trainLabels);

/** IDX files, as the command and the page read them. */
export const idx: Kind = {
  name: 'idx',
  doc: 'damaged IDX files',
  share: 1,
  prepare: async () => async (one) => {
    const bytes = one.keep('a.idx', one.draw(damaged(one.draw(anyFile))));
    const refusal = { errors: ['DataError'], file: 'a.idx', size: bytes.length };
    const [asImages, asLabels] = [
      await read(() => parseImages(bytes, 'a.idx'), refusal),
      await read(() => parseLabels(bytes, 'a.idx'), refusal),
    ];
    // What is taken for a file is one: written again, it is the same.
    if (asImages !== undefined) assert.deepEqual(encodeImages(asImages), bytes);
    if (asLabels !== undefined) assert.deepEqual(encodeLabels(asLabels), bytes);
    const other = asImages === undefined ? images : labels;
    const both = [
      { path: 'a.idx', bytes },
      { path: 'b.idx', bytes: other },
    ];
    const split = await read(() => splitOf(withFiles({}, both)), {
      ...refusal,
      // In a sentence on which file is missing there is no name.
      errors: ['DataError', 'Error'],
      file: '',
    });
    if (split === undefined) return 1;
    const { train, test } = split;
    assert.equal(train.pixels.length, train.count * train.rows * train.columns);
    assert.equal(train.count + test.count, (asImages ?? parseImages(images)).count);
    return 1;
  },
};
