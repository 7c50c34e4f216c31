import assert from 'node:assert/strict';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { CIFAR10_FILES } from '../../../src/data/cifar10/load.js';
import { parseCifar10 } from '../../../src/data/cifar10/parse.js';
import { untar } from '../../../src/data/tar.js';
import { damaged } from '../../damage.js';
import { cifarImages, encodeCifar, SMALL_CIFAR, smallArchive, tarball, tarEntry } from '../../data/cifar.js';
import { read } from '../fuzz.js';
import type { Kind } from '../kind.js';

const batches = [1, 3].map((count) => encodeCifar(cifarImages(count)));
const packed = Uint8Array.from(smallArchive());
const plain = Uint8Array.from(gunzipSync(packed));
/** The largest of the small files. */
const MAX_BYTES = 5 * 3073;

/** An archive with one file larger than any may be. */
const oversized = tarball(
  ...CIFAR10_FILES.map((name, i) =>
    tarEntry(name, i === 2 ? new Uint8Array(MAX_BYTES + 1) : SMALL_CIFAR[name]),
  ),
);

/** Files of CIFAR-10, and the archive that they come in. */
export const cifar10: Kind = {
  name: 'cifar10',
  doc: 'damaged files of CIFAR-10, and archives of them',
  share: 1,
  prepare: async () => async (one) => {
    const bytes = one.keep('a.bin', one.draw(damaged(one.draw(fc.constantFrom(...batches)))));
    const whole = { path: 'b.bin', bytes: batches[0] };
    const refusal = { errors: ['DataError'], file: 'a.bin', size: bytes.length };
    const images = await read(() => parseCifar10([whole, { path: 'a.bin', bytes }]), refusal);
    // What is taken for a file is one: written again, it is the same.
    if (images !== undefined) assert.deepEqual(encodeCifar(images).subarray(batches[0].length), bytes);
    assert.ok(images === undefined || images.labels.every((label) => label < 10), 'a label above 9');
    const broken = one.draw(
      fc.oneof(
        damaged(packed),
        damaged(plain).map((content) => gzipSync(content)),
        fc.constant(oversized),
      ),
    );
    const archive = one.keep('a.tar.gz', broken);
    const files = await read(() => untar(archive, 'a.tar.gz', CIFAR10_FILES, MAX_BYTES), {
      errors: ['DataError'],
      file: 'a.tar.gz',
      size: archive.length,
    });
    for (const name of files === undefined ? [] : CIFAR10_FILES) {
      const length = files?.get(name)?.length;
      assert.ok(length !== undefined && length <= MAX_BYTES, `${name} has ${length} bytes`);
    }
    const good = await untar(packed, 'a.tar.gz', CIFAR10_FILES, MAX_BYTES);
    for (const name of CIFAR10_FILES)
      assert.equal(Buffer.compare(good.get(name) ?? bytes, SMALL_CIFAR[name]), 0);
    return 2;
  },
};
