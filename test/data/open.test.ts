import { execFileSync } from 'node:child_process';
import { symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFileText } from '../../src/data/open.js';
import { readFileBytes, readIdxFile } from '../../src/node.js';
import { temporaryFolders } from './folders.js';

const folder = temporaryFolders();
const readers = {
  readFileBytes,
  readIdxFile,
  readFileText: (path: string, { maxBytes }: { maxBytes?: number } = {}) => readFileText(path, maxBytes),
};

describe.each(Object.entries(readers))('%s', (_, read) => {
  it('refuses what is no file, and waits for nothing', async () => {
    const place = await folder();
    const [pipe, socket] = [join(place, 'pipe'), join(place, 'socket')];
    execFileSync('mkfifo', [pipe]);
    const server = createServer();
    await new Promise<void>((done) => server.listen(socket, done));
    try {
      await expect(read(pipe)).rejects.toThrow(`${pipe}: expected a file, found a pipe; write what`);
      await expect(read(socket)).rejects.toThrow(`${socket}: expected a file, found a socket`);
      await expect(read('/dev/zero')).rejects.toThrow('/dev/zero: expected a file, found a device');
      await expect(read(place)).rejects.toThrow(
        `${place}: expected a file, found a folder; give a file in it`,
      );
    } finally {
      server.close();
    }
  });

  it('says why there is nothing to read', async () => {
    const place = await folder();
    const [file, circle] = [join(place, 'file'), join(place, 'circle')];
    await writeFile(file, 'x');
    await symlink(circle, circle);
    await expect(read(join(place, 'none'))).rejects.toThrow(/none: there is no such file$/);
    await expect(read(join(file, 'inside'))).rejects.toThrow(/is a file, not a folder$/);
    await expect(read(circle)).rejects.toThrow(/links lead in a circle$/);
    const long = 'x'.repeat(100_000);
    await expect(read(long)).rejects.toThrow(/^x+\.\.\.x+: the path is longer than the system takes$/);
    await expect(read('a\0b')).rejects.toMatchObject({ name: 'DataError' });
    await expect(read(join(place, 'none'))).rejects.toMatchObject({
      name: 'DataError',
      file: join(place, 'none'),
    });
  });

  it('takes no memory for a file above its bound', async () => {
    const large = join(await folder(), 'large');
    await writeFile(large, '');
    await truncate(large, 3 * 2 ** 30);
    const before = process.memoryUsage().arrayBuffers;
    await expect(read(large)).rejects.toThrow(/large: found 3221225472 bytes, expected 2147483648 at most$/);
    await expect(read(large, { maxBytes: 1000 })).rejects.toThrow(/expected 1000 at most/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1e6);
  });
});

describe('readFileBytes and readFileText', () => {
  it('give back what was written, up to the bound and no further', async () => {
    const file = join(await folder(), 'file');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.nat(40), async (text, maxBytes) => {
        const bytes = new TextEncoder().encode(text);
        await writeFile(file, bytes);
        expect(await readFileBytes(file)).toEqual(bytes);
        // A byte order mark is no part of a text.
        expect(await readFileText(file)).toBe(text.replace(/^\ufeff/, ''));
        const bounded = readFileBytes(file, { maxBytes });
        if (bytes.length <= maxBytes) expect(await bounded).toEqual(bytes);
        else
          await expect(bounded).rejects.toThrow(`found ${bytes.length} bytes, expected ${maxBytes} at most`);
      }),
    );
    await writeFile(file, Uint8Array.of(0x61, 0xff));
    await expect(readFileText(file)).rejects.toThrow(/no text in UTF-8/);
  });
});
