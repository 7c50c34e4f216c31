import assert from 'node:assert/strict';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { unpackIdx } from '../../../src/data/files.js';
import { drawGlyphs } from '../../../src/data/glyphs/index.js';
import { encodeImages, parseImages, parseLabels } from '../../../src/data/idx.js';
import { unpackIdx as unpackInPage } from '../../../src/page/worker/files/unpack.js';
import { damaged } from '../../damage.js';
import { SMALL } from '../../data/small.js';
import { read } from '../fuzz.js';
import type { Kind } from '../kind.js';

const contents = [encodeImages(drawGlyphs({ count: 20, seed: 1 })), SMALL.trainImages, SMALL.trainLabels];
/** 8 MiB of zeros after the images that the header promises. */
const bomb = new Uint8Array(2 ** 23);
bomb.set(SMALL.trainImages);
const packedBomb = gzipSync(bomb);

const anyPacked: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 40, arbitrary: fc.constantFrom(...contents.map((bytes) => gzipSync(bytes))).chain(damaged) },
  {
    weight: 40,
    arbitrary: fc
      .constantFrom(...contents)
      .chain(damaged)
      .map((bytes) => gzipSync(bytes)),
  },
  {
    weight: 10,
    arbitrary: fc
      .tuple(fc.constantFrom(...contents), fc.constantFrom(...contents), fc.nat(1000))
      .map(([bytes, more, at]) =>
        Buffer.concat([
          gzipSync(bytes.subarray(0, at)),
          gzipSync(bytes.subarray(at)),
          gzipSync(more),
        ]).subarray(),
      ),
  },
  { weight: 10, arbitrary: fc.constantFrom(...contents).map((bytes) => gzipSync(gzipSync(bytes))) },
  { weight: 1, arbitrary: fc.constant(packedBomb) },
);

/** What zlib itself makes of it; null where it refuses. */
function unpacked(bytes: Uint8Array): Uint8Array | null {
  try {
    return gunzipSync(bytes, { maxOutputLength: 2 ** 24 });
  } catch {
    return null;
  }
}

const isIdx = (bytes: Uint8Array): boolean =>
  [parseImages, parseLabels].some((parse) => {
    try {
      parse(bytes);
      return true;
    } catch {
      return false;
    }
  });

/** Gzipped IDX files, as the command and the page unpack them. */
export const gzip: Kind = {
  name: 'gzip',
  doc: 'damaged gzipped IDX files, and gzip bombs',
  share: 1,
  prepare: async () => async (one) => {
    const bytes = one.keep('a.gz', Uint8Array.from(one.draw(anyPacked)));
    const refusal = { errors: ['DataError'], file: 'a.gz', size: bytes.length };
    const content = await read(() => unpackIdx(bytes, 'a.gz'), refusal);
    const inPage = await read(() => unpackInPage(new File([bytes], 'a.gz')), refusal);
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const whole = isPacked ? unpacked(bytes) : bytes;
    for (const found of [content, inPage]) {
      if (found === undefined) continue;
      assert.ok(isIdx(found));
      assert.deepEqual(Buffer.from(found), Buffer.from(whole ?? []), 'not what zlib unpacks');
    }
    if (content === undefined) assert.ok(whole === null || !isIdx(whole), 'a whole file is refused');
    return 1;
  },
};
