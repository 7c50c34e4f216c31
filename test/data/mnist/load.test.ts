import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataError } from '../../../src/data/errors.js';
import { encodeImages } from '../../../src/data/idx.js';
import { IDX_FILES, IDX_PARTS } from '../../../src/data/idx-split.js';
import { type DownloadProgress, loadMnist, type MnistOptions } from '../../../src/node.js';
import { temporaryFolders } from '../folders.js';
import { SMALL } from '../small.js';
import { localServers } from './server.js';

const folder = temporaryFolders();
const serve = localServers();

const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const checksums = {
  trainImages: sum(SMALL.trainImages),
  trainLabels: sum(SMALL.trainLabels),
  testImages: sum(SMALL.testImages),
  testLabels: sum(SMALL.testLabels),
};
const quick = { stallMs: 5_000, retryDelaysMs: [1, 1, 1] };

function packedFile(url: string | undefined): Buffer | undefined {
  const part = IDX_PARTS.find((name) => url === `/${IDX_FILES[name]}.gz`);
  return part === undefined ? undefined : gzipSync(SMALL[part]);
}

const good: RequestListener = (request, response) => {
  const file = packedFile(request.url);
  if (file === undefined) response.writeHead(404).end();
  else response.writeHead(200, { 'content-length': file.length }).end(file);
};

async function fill(place: string): Promise<void> {
  await mkdir(place, { recursive: true });
  for (const part of IDX_PARTS) await writeFile(join(place, `${IDX_FILES[part]}.gz`), gzipSync(SMALL[part]));
}

async function load(options: MnistOptions) {
  const cacheDirectory = options.cacheDirectory ?? (await folder());
  const notices: string[] = [];
  const onNotice = (message: string) => notices.push(message);
  const run = () => loadMnist({ checksums, timeouts: quick, onNotice, ...options, cacheDirectory });
  return { run, cacheDirectory, notices };
}

beforeEach(() => {
  vi.stubEnv('MNIST_DIR', undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('loadMnist, download', () => {
  it('fetches the four files, tells of the progress and keeps them', async () => {
    const progress: DownloadProgress[] = [];
    const { run, cacheDirectory } = await load({
      mirrors: [await serve(good)],
      onProgress: (step) => progress.push(step),
    });
    const { train, test } = await run();
    expect([...train.labels]).toEqual([5, 0, 4, 1, 9]);
    expect(test.count).toBe(2);
    expect((await readdir(cacheDirectory)).sort()).toEqual(
      IDX_PARTS.map((part) => `${IDX_FILES[part]}.gz`).sort(),
    );
    for (const part of IDX_PARTS) {
      const steps = progress.filter((step) => step.file === IDX_FILES[part]);
      const size = gzipSync(SMALL[part]).length;
      expect(steps.at(0)).toMatchObject({ received: 0, total: size });
      expect(steps.at(-1)).toMatchObject({ received: size, total: size });
    }
    const again = await load({ cacheDirectory, offline: true, mirrors: [] });
    expect((await again.run()).train.pixels).toEqual(train.pixels);
  });

  it('asks again after a passing trouble', async () => {
    const asked = new Map<string, number>();
    const mirror = await serve((request, response) => {
      const times = (asked.get(request.url ?? '') ?? 0) + 1;
      asked.set(request.url ?? '', times);
      if (times === 1) response.writeHead(500).end();
      else good(request, response);
    });
    const { run } = await load({ mirrors: [mirror] });
    expect((await run()).train.count).toBe(5);
    expect([...asked.values()]).toEqual([2, 2, 2, 2]);
  });

  const badAnswers: [string, RegExp, RequestListener][] = [
    ['404', /404/, (_, response) => response.writeHead(404).end()],
    [
      'a file cut short',
      /broke off/,
      (request, response) => {
        const file = packedFile(request.url) ?? Buffer.alloc(0);
        response.writeHead(200, { 'content-length': file.length });
        response.write(file.subarray(0, 20), () => response.destroy());
      },
    ],
    [
      'a file cut short without a word of its length',
      /gzip file is damaged or cut short/,
      (request, response) => response.writeHead(200).end(packedFile(request.url)?.subarray(0, 30)),
    ],
    [
      'another file',
      /SHA-256/,
      (_, response) =>
        response.end(gzipSync(encodeImages({ count: 1, rows: 1, columns: 1, pixels: Uint8Array.of(1) }))),
    ],
    ['a web page', /magic number/, (_, response) => response.end('<html>Please sign in</html>')],
    [
      'too large a file',
      /more than 67108864 bytes/,
      (_, response) => response.writeHead(200, { 'content-length': 2 ** 27 }).flushHeaders(),
    ],
  ];

  it.each(badAnswers)('goes on to the next mirror after %s', async (_, _reason, answer) => {
    const { run } = await load({ mirrors: [await serve(answer), await serve(good)] });
    expect((await run()).test.count).toBe(2);
  });

  it.each(badAnswers)('gives up after %s, with the reason and an empty cache', async (_, reason, answer) => {
    const { run, cacheDirectory } = await load({ mirrors: [await serve(answer)] });
    await expect(run()).rejects.toThrow(reason);
    await expect(run()).rejects.toThrow(/train-images-idx3-ubyte: could not be downloaded; 1 mirrors asked/);
    expect(await readdir(cacheDirectory)).toEqual([]);
  });

  it('does not ask again for a file that is not there or is another', async () => {
    let asked = 0;
    const count =
      (answer: RequestListener): RequestListener =>
      (request, response) => {
        asked++;
        answer(request, response);
      };
    const absent = await serve(count((_, response) => response.writeHead(404).end()));
    const other = await serve(count((_, response) => response.end(gzipSync(SMALL.testLabels))));
    const { run } = await load({ mirrors: [absent, other] });
    await expect(run()).rejects.toThrow(DataError);
    expect(asked).toBe(2);
  });

  it('gives up on a server that stalls', async () => {
    const mirror = await serve((request, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write(packedFile(request.url)?.subarray(0, 10));
    });
    const { run } = await load({ mirrors: [mirror], timeouts: { stallMs: 50, retryDelaysMs: [] } });
    await expect(run()).rejects.toThrow(/no byte came for 0.05 s/);
  });

  it('stops at once when it is told to', async () => {
    const abort = new AbortController();
    const mirror = await serve((_, response) => {
      response.writeHead(200);
      response.write('x');
      setTimeout(() => abort.abort(new Error('enough')), 20);
    });
    const { run, cacheDirectory } = await load({ mirrors: [mirror], signal: abort.signal });
    await expect(run()).rejects.toThrow('enough');
    expect(await readdir(cacheDirectory)).toEqual([]);
  });

  it('stops at once while it waits to ask again', async () => {
    const abort = new AbortController();
    const mirror = await serve((_, response) => {
      response.writeHead(503).end();
      setTimeout(() => abort.abort(new Error('enough')), 20);
    });
    const { run } = await load({
      mirrors: [mirror],
      signal: abort.signal,
      timeouts: { retryDelaysMs: [600_000] },
    });
    await expect(run()).rejects.toThrow('enough');
  });

  it('works without a cache that can be written, and says so', async () => {
    const place = join(await folder(), 'file');
    await writeFile(place, 'in the way');
    const { run, notices } = await load({
      mirrors: [await serve(good)],
      cacheDirectory: join(place, 'cache'),
    });
    expect((await run()).train.count).toBe(5);
    expect(notices.join()).toMatch(/could not be kept/);
  });
});

describe('loadMnist, cache', () => {
  it('replaces a damaged file and says so', async () => {
    const { run, cacheDirectory, notices } = await load({ mirrors: [await serve(good)] });
    await fill(cacheDirectory);
    const path = join(cacheDirectory, `${IDX_FILES.trainLabels}.gz`);
    await writeFile(path, gzipSync(SMALL.testLabels));
    expect([...(await run()).train.labels]).toEqual([5, 0, 4, 1, 9]);
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/train-labels.*SHA-256.*downloading it again/);
    expect(await readFile(path)).toEqual(gzipSync(SMALL.trainLabels));
  });

  it('refuses a damaged or missing file offline, and says how to mend it', async () => {
    const { run, cacheDirectory } = await load({ offline: true });
    await expect(run()).rejects.toThrow(/set MNIST_DIR.*run once online.*glyphs/);
    await expect(run()).rejects.toThrow(cacheDirectory);
    await fill(cacheDirectory);
    await writeFile(join(cacheDirectory, `${IDX_FILES.trainLabels}.gz`), 'damaged');
    await expect(run()).rejects.toThrow(/looked for train-labels-idx1-ubyte.gz\).*\n.*magic number/);
  });
});

describe('loadMnist, folder', () => {
  it('takes the option, or MNIST_DIR, and downloads nothing', async () => {
    const place = await folder();
    await fill(place);
    const options = { checksums, mirrors: [], cacheDirectory: join(place, 'none') };
    expect((await loadMnist({ ...options, directory: place })).train.count).toBe(5);
    vi.stubEnv('MNIST_DIR', place);
    expect((await loadMnist(options)).test.count).toBe(2);
  });

  it('refuses a file that is not MNIST’s, or missing, by name', async () => {
    const place = await folder();
    await fill(place);
    const path = join(place, `${IDX_FILES.testLabels}.gz`);
    await writeFile(path, gzipSync(SMALL.trainLabels));
    const run = () => loadMnist({ directory: place, checksums });
    await expect(run()).rejects.toMatchObject({ name: 'DataError', file: path });
    await expect(run()).rejects.toThrow(/not that of MNIST; load other data as a folder of IDX files/);
    await expect(loadMnist({ directory: join(place, 'none'), checksums })).rejects.toThrow(DataError);
  });
});
