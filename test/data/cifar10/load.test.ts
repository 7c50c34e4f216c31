import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CIFAR10_FILES, loadCifar10Folder } from '../../../src/data/cifar10/load.js';
import { CIFAR10_CHECKSUMS, type Cifar10Options, loadCifar10 } from '../../../src/node.js';
import { SMALL_CIFAR, smallArchive, tarball, tarEntry } from '../cifar.js';
import { temporaryFolders } from '../folders.js';
import { localServers } from '../mnist/server.js';

const folder = temporaryFolders();
const serve = localServers();
const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const archive = smallArchive();
const checksums: Record<keyof typeof CIFAR10_CHECKSUMS, string> = { ...CIFAR10_CHECKSUMS };
checksums['cifar-10-binary.tar.gz'] = sum(archive);
for (const name of CIFAR10_FILES) checksums[name] = sum(SMALL_CIFAR[name]);

async function load(options: Cifar10Options) {
  const cacheDirectory = options.cacheDirectory ?? (await folder());
  const notices: string[] = [];
  const run = () =>
    loadCifar10({
      checksums,
      timeouts: { stallMs: 5000, retryDelaysMs: [] },
      onNotice: (message) => notices.push(message),
      ...options,
      cacheDirectory,
    });
  return { run, cacheDirectory, notices };
}

async function fill(place: string, files: Partial<Record<string, Uint8Array>> = SMALL_CIFAR): Promise<void> {
  await mkdir(place, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) if (bytes) await writeFile(join(place, name), bytes);
}

beforeEach(() => {
  vi.stubEnv('CIFAR10_DIR', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('loadCifar10', () => {
  it('fetches the archive, and keeps its six files and no other', async () => {
    const asked: (string | undefined)[] = [];
    const mirror = await serve((request, response) => {
      asked.push(request.url);
      response.end(archive);
    });
    const { run, cacheDirectory } = await load({ mirrors: [mirror] });
    const { train, test } = await run();
    expect(asked).toEqual(['/cifar-10-binary.tar.gz']);
    expect([train.count, test.count]).toEqual([15, 2]);
    expect(train).toMatchObject({ channels: 3, rows: 32, columns: 32 });
    expect([...train.labels]).toEqual([0, 1, 2, 2, 3, 4, 3, 4, 5, 6, 4, 5, 6, 7, 8]);
    expect((await readdir(cacheDirectory)).sort()).toEqual([...CIFAR10_FILES].sort());
    const again = await load({ cacheDirectory, offline: true });
    expect(Buffer.from((await again.run()).train.pixels)).toEqual(Buffer.from(train.pixels));
  });

  it('fetches it again where a kept file is damaged, and says so', async () => {
    let asked = 0;
    const mirror = await serve((_, response) => {
      asked++;
      response.end(archive);
    });
    const { run, cacheDirectory, notices } = await load({ mirrors: [mirror] });
    await fill(cacheDirectory, { ...SMALL_CIFAR, 'data_batch_3.bin': SMALL_CIFAR['test_batch.bin'] });
    expect((await run()).train.count).toBe(15);
    expect([asked, notices.length]).toEqual([1, 1]);
    expect(notices[0]).toMatch(/data_batch_3.bin: found content with SHA-256.*downloading it again/);
  });

  it.each([
    ['another archive', tarball(tarEntry('data_batch_1.bin', SMALL_CIFAR['data_batch_1.bin'])), /SHA-256/],
    ['a web page', Buffer.from('<html>Please sign in</html>'), /SHA-256 .* not of CIFAR-10/],
  ])('refuses %s, and keeps nothing', async (_, answer, reason) => {
    const { run, cacheDirectory } = await load({
      mirrors: [await serve((_, response) => response.end(answer))],
    });
    await expect(run()).rejects.toThrow(reason);
    await expect(run()).rejects.toThrow(/cifar-10-binary.tar.gz: could not be downloaded; 1 mirrors asked/);
    expect(await readdir(cacheDirectory)).toEqual([]);
  });

  it('refuses an archive with the right sum whose files have not theirs', async () => {
    const other = { ...checksums, 'data_batch_2.bin': '0'.repeat(64) };
    const mirror = await serve((_, response) => response.end(archive));
    const { run, cacheDirectory } = await load({ mirrors: [mirror], checksums: other });
    await expect(run()).rejects.toThrow(/expected 0{64}/);
    expect(await readdir(cacheDirectory)).toEqual([]);
  });

  it('refuses a download that is too large', async () => {
    const mirror = await serve((_, response) =>
      response.writeHead(200, { 'content-length': 2 ** 28 }).flushHeaders(),
    );
    await expect((await load({ mirrors: [mirror] })).run()).rejects.toThrow('more than 170052171 bytes');
  });

  it('says how to mend it offline', async () => {
    const { run } = await load({ offline: true });
    await expect(run()).rejects.toThrow(/CIFAR-10 is not here .*set CIFAR10_DIR.*run once online/);
  });

  it('takes CIFAR10_DIR, also the folder above the files, and downloads nothing', async () => {
    const place = await folder();
    await fill(join(place, 'cifar-10-batches-bin'));
    vi.stubEnv('CIFAR10_DIR', place);
    expect((await loadCifar10({ checksums, mirrors: [] })).test.count).toBe(2);
    const directory = join(place, 'cifar-10-batches-bin');
    expect((await loadCifar10({ directory, checksums })).train.count).toBe(15);
  });

  it('refuses a folder with missing or other files, by name', async () => {
    const place = await folder();
    await fill(place, { ...SMALL_CIFAR, 'data_batch_4.bin': undefined, 'test_batch.bin': undefined });
    await expect(loadCifar10({ directory: place })).rejects.toThrow(
      `${place}: missing in this folder: data_batch_4.bin, test_batch.bin`,
    );
    await fill(place);
    await expect(loadCifar10({ directory: place })).rejects.toThrow(
      'data_batch_1.bin: its SHA-256 is not that of CIFAR-10; load other data of this form as a folder',
    );
    expect((await loadCifar10Folder(place)).train.count).toBe(15);
  });
});

it('has a sum for each file that is read', () => {
  expect(Object.keys(CIFAR10_CHECKSUMS).sort()).toEqual(['cifar-10-binary.tar.gz', ...CIFAR10_FILES].sort());
  for (const value of Object.values(CIFAR10_CHECKSUMS)) expect(value).toMatch(/^[0-9a-f]{64}$/);
});
