import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/data/errors.js';
import { untar } from '../../src/data/tar.js';
import { damaged } from '../damage.js';
import { tarball, tarEntry } from './cifar.js';

const bytes = (length: number, first = 1): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (first + i) % 251);
const [a, b] = [bytes(700), bytes(512, 9)];
const archive = tarball(
  tarEntry('x/', new Uint8Array(0), '5'),
  tarEntry('x/a.bin', a),
  tarEntry('x/readme.html', bytes(33)),
  tarEntry('../../b.bin', b),
);
const read = (packed: Uint8Array, wanted = ['a.bin', 'b.bin'], maxBytes = 700) =>
  untar(packed, 'x.tar.gz', wanted, maxBytes);

describe('untar', () => {
  it('takes the wanted files by the last part of their paths', async () => {
    const found = await read(archive);
    expect([...found.keys()]).toEqual(['a.bin', 'b.bin']);
    expect(Buffer.from(found.get('a.bin') ?? [])).toEqual(Buffer.from(a));
    expect(Buffer.from(found.get('b.bin') ?? [])).toEqual(Buffer.from(b));
  });

  it('reads files of any sizes, in any order, beside others', async () => {
    const file = fc.record({ wanted: fc.boolean(), content: fc.uint8Array({ maxLength: 1500 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(file, { maxLength: 6 }), async (files) => {
        const packed = tarball(...files.map(({ content }, i) => tarEntry(`f${i}`, content)));
        const names = files.flatMap(({ wanted }, i) => (wanted ? [`f${i}`] : []));
        const found = await read(packed, names, 1500);
        expect(found.size).toBe(names.length);
        for (const [i, { content, wanted }] of files.entries()) {
          if (wanted) expect([...(found.get(`f${i}`) ?? [])]).toEqual([...content]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('names what is missing', async () => {
    await expect(read(archive, ['a.bin', 'c.bin', 'd.bin'])).rejects.toThrow(
      'x.tar.gz: missing in the archive: c.bin, d.bin',
    );
    // A link has the name of a file, and is none.
    await expect(read(tarball(tarEntry('a.bin', new Uint8Array(0), '2')), ['a.bin'])).rejects.toThrow(
      'missing in the archive: a.bin',
    );
  });

  it('refuses a file that is too large, is there twice or is cut short', async () => {
    await expect(read(archive, ['a.bin'], 699)).rejects.toThrow(
      'found 700 bytes of a.bin, expected 699 at most',
    );
    const twice = tarball(tarEntry('a.bin', a), tarEntry('y/a.bin', b));
    await expect(read(twice, ['a.bin'])).rejects.toThrow('found a.bin twice');
    const plain = gunzipSync(archive);
    await expect(read(gzipSync(plain.subarray(0, 512 + 512 + 100)))).rejects.toThrow('ends here, in a.bin');
    await expect(read(archive.subarray(0, archive.length - 9))).rejects.toThrow('damaged or cut short');
  });

  it('refuses what is no archive, and one that unpacks without end', async () => {
    await expect(read(gzipSync(bytes(2000)))).rejects.toThrow(
      /byte 0.*expected the header of an entry of a tar/,
    );
    await expect(read(Buffer.from('<html>'))).rejects.toThrow('damaged or cut short');
    await expect(read(gzipSync(Buffer.alloc(2 ** 21)))).rejects.toThrow(/unpacks to more than \d+ bytes/);
  });

  it('reads damaged archives or refuses them with a DataError', async () => {
    const plain = Uint8Array.from(gunzipSync(archive));
    await fc.assert(
      fc.asyncProperty(damaged(plain), fc.boolean(), async (broken, whole) => {
        const packed = whole ? gzipSync(broken) : broken;
        const found = await read(packed).catch((error: unknown) => error);
        if (found instanceof Map) expect(found.size).toBe(2);
        else expect(found).toBeInstanceOf(DataError);
      }),
      { numRuns: 200 },
    );
  });
});
