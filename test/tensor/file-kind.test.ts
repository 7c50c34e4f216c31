import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { encodeImages } from '../../src/data/index.js';
import { zeros } from '../../src/index.js';
import { encodeSafetensors } from '../../src/nn.js';
import { fileKind, TELLING_BYTES } from '../../src/tensor/file-kind.js';

describe('fileKind', () => {
  it('says something of any bytes, or nothing, by their start alone', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const kind = fileKind(bytes);
        expect(kind).toEqual(fileKind(bytes.subarray(0, TELLING_BYTES)));
        if (kind !== null) expect([kind.what, kind.mend].every((words) => words.length > 3)).toBe(true);
      }),
      { numRuns: 500 },
    );
    expect(fileKind(new Uint8Array(0))).toBeNull();
  });

  it('knows what real programs write', () => {
    const images = encodeImages({ count: 1, rows: 2, columns: 2, pixels: new Uint8Array(4) });
    const png = encode({ width: 1, height: 1, data: new Uint8Array(3), channels: 3 });
    const files: [Uint8Array, string][] = [
      [gzipSync(images), 'a gzip file'],
      [images, 'an IDX file of unsigned bytes'],
      [encodeSafetensors(new Map([['a', zeros([2])]])), 'a safetensors file'],
      [png, 'a PNG picture'],
    ];
    for (const [bytes, what] of files) expect(fileKind(bytes)?.what).toBe(what);
  });
});
