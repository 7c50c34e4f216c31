import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder, WriteError, writeFileAtomic } from '../../src/data/atomic.js';
import { temporaryFolders } from './folders.js';

const folder = temporaryFolders();

describe('writeFileAtomic', () => {
  it('writes a file and leaves nothing else', async () => {
    const place = await folder();
    await writeFileAtomic(join(place, 'a', 'b.bin'), Uint8Array.of(1, 2, 3));
    await writeFileAtomic(join(place, 'a', 'c.txt'), 'text');
    expect([...(await readFile(join(place, 'a', 'b.bin')))]).toEqual([1, 2, 3]);
    expect(await readFile(join(place, 'a', 'c.txt'), 'utf8')).toBe('text');
    expect(await readdir(join(place, 'a'))).toEqual(['b.bin', 'c.txt']);
  });

  it('refuses to replace a file unless asked to', async () => {
    const path = join(await folder(), 'a');
    await writeFileAtomic(path, 'old');
    await expect(writeFileAtomic(path, 'new')).rejects.toThrow(/exists already/);
    expect(await readFile(path, 'utf8')).toBe('old');
    await writeFileAtomic(path, 'new', { overwrite: true });
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(join(path, '..'))).toEqual(['a']);
  });

  it('lets one of several writers win, whole', async () => {
    const path = join(await folder(), 'a');
    const texts = ['x', 'y', 'z'].map((letter) => letter.repeat(100_000));
    const results = await Promise.allSettled(texts.map((text) => writeFileAtomic(path, text)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    expect(texts).toContain(await readFile(path, 'utf8'));
    expect(await readdir(join(path, '..'))).toEqual(['a']);
  });

  it('removes the temporary file when it fails', async () => {
    const place = await folder();
    await mkdir(join(place, 'taken', 'inside'), { recursive: true });
    await expect(writeFileAtomic(join(place, 'taken'), 'x', { overwrite: true })).rejects.toThrow();
    expect(await readdir(place)).toEqual(['taken']);
  });

  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EROFS', 'the disk is read-only'],
    ['EPERM', 'not permitted'],
    ['EACCES', 'permission denied'],
    ['EMFILE', 'too many files are open'],
  ])('says %s in words, and names the file', (code, words) => {
    const cause = Object.assign(new Error('raw'), { code });
    expect(new WriteError('runs/a', cause)).toMatchObject({
      message: `runs/a: it cannot be written: ${words}`,
      path: 'runs/a',
      cause,
    });
  });

  it('names the folder that cannot be made', async () => {
    const file = join(await folder(), 'file');
    await writeFileAtomic(file, 'x');
    await expect(makeFolder(file)).rejects.toThrow(`${file}: the folder cannot be made: it is a file`);
    await expect(writeFileAtomic(join(file, 'a', 'b'), 'x')).rejects.toThrow(
      'a part of its path is a file, not a folder',
    );
    await expect(writeFileAtomic('/proc/a/b/c', 'x')).rejects.toThrow(WriteError);
  });
});
