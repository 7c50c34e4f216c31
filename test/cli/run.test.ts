import { mkdir, open, readdir, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { settingsOf } from '../../src/cli/flags.js';
import { dataName, loadData } from '../../src/cli/run/data.js';
import { RunFolder } from '../../src/cli/run/folder.js';
import { newRun, resumedSettings, trainFlags } from '../../src/cli/train/settings.js';
import { drawGlyphs } from '../../src/data/glyphs/index.js';
import { firstImages } from '../../src/data/images.js';
import { encodeImages, encodeLabels } from '../../src/data/index.js';
import { temporaryFolder } from './harness.js';

const place = await temporaryFolder();
/** The paths that are synced meanwhile. */
async function syncedPaths(act: () => Promise<unknown>): Promise<string[]> {
  const handle = await open(place);
  await handle.close();
  const paths: string[] = [];
  const spy = vi.spyOn(Object.getPrototypeOf(handle), 'sync').mockImplementation(async function (
    this: typeof handle,
  ) {
    paths.push(await readlink(`/proc/self/fd/${this.fd}`));
  });
  await act();
  spy.mockRestore();
  return paths;
}

const quiet = { offline: true, onNotice: () => {} };

describe('RunFolder', () => {
  it('numbers folders without a race', async () => {
    const parent = join(place, 'runs');
    const made = await Promise.all([1, 2, 3].map(() => RunFolder.createNumbered('glyphs-latent2', parent)));
    expect(made.map(({ path }) => path).sort()).toEqual(
      [1, 2, 3].map((n) => join(parent, `glyphs-latent2-${n}`)),
    );
  });

  it('syncs the entry of every folder that it makes', async () => {
    const parent = join(place, 'synced', 'runs');
    const paths = await syncedPaths(async () => {
      await RunFolder.createNumbered('a', parent);
      await RunFolder.createNumbered('a', parent);
      await RunFolder.create(join(parent, 'b'));
    });
    expect(paths).toEqual([place, join(place, 'synced'), parent, parent, parent]);
  });

  it('takes an empty folder, and refuses one with anything in it', async () => {
    const path = join(place, 'mine');
    await mkdir(path);
    await (await RunFolder.create(path)).release();
    await writeFile(join(path, 'letter.txt'), 'dear');
    await expect(RunFolder.create(path)).rejects.toThrow(
      'is not empty, and a run overwrites nothing; choose another --out',
    );
    await writeFile(join(path, 'checkpoint.safetensors'), 'x');
    await expect(RunFolder.create(path)).rejects.toThrow(`continue that run with --resume ${path}`);
    await expect(RunFolder.create(join(path, 'letter.txt'))).rejects.toThrow('is a file, not a folder');
    expect((await readdir(path)).sort()).toEqual(['checkpoint.safetensors', 'letter.txt']);
  });

  it('says what is missing in a folder that is no run', async () => {
    const path = join(place, 'other');
    await mkdir(path);
    await expect(RunFolder.open(path)).rejects.toThrow('it has no config.json');
    await writeFile(join(path, 'config.json'), '{}');
    await expect(RunFolder.open(path)).rejects.toThrow('it has no checkpoint.safetensors');
    await expect(RunFolder.open(join(place, 'nowhere'))).rejects.toThrow('there is no folder');
    await writeFile(join(place, 'letter'), '');
    await expect(RunFolder.open(join(place, 'letter'))).rejects.toThrow(
      /letter is a file, not a folder; give the folder of a run$/,
    );
    await writeFile(join(path, 'checkpoint.safetensors'), '');
    expect((await RunFolder.open(join(path, 'checkpoint.safetensors'))).path).toBe(path);
  });
});

describe('newRun', () => {
  it('is a first look on glyphs without options', async () => {
    const run = await newRun({});
    expect(run).toMatchObject({
      preset: 'latent2',
      data: { source: 'glyphs', seed: 0 },
      model: { latent: 2 },
    });
    expect(run.data.train).toBeNull();
  });

  it('is latent2 as published on other data, and follows the options', async () => {
    const mnist = await newRun({ data: 'mnist' });
    expect(mnist).toMatchObject({
      preset: 'latent2',
      data: { source: 'mnist', train: null, test: null },
      model: { hidden: [512, 256], latent: 2, likelihood: 'gaussian', sigma: Math.SQRT1_2 },
      training: { batchSize: 128, learningRate: 0.001, beta: 1 },
    });
    const own = await newRun({
      preset: 'latent20',
      learnSigma: true,
      likelihood: 'gaussian',
      limit: 7,
      seed: 5,
      hidden: [3],
    });
    expect(own).toMatchObject({
      data: { train: 7, test: 7, seed: 5 },
      model: { hidden: [3], latent: 20, learnSigma: true },
      training: { seed: 5 },
    });
  });

  it('refuses what contradicts itself', async () => {
    await expect(newRun({ preset: 'latent20', sigma: 0.5 })).rejects.toThrow('add --likelihood gaussian');
    await expect(newRun({ data: join(place, 'none') })).rejects.toThrow('there is no such folder');
    await writeFile(join(place, 'file'), '');
    await expect(newRun({ data: join(place, 'file') })).rejects.toThrow('is a file; give the folder');
    const resumed = (given: object) => resumedSettings(settingsOf(trainFlags, given), given);
    expect(resumed({ resume: 'r', epochs: 3, json: true, threads: 2, memory: 64 })).toEqual({
      epochs: 3,
      data: null,
    });
    expect(resumed({ resume: 'r' })).toEqual({ epochs: null, data: null });
    expect(resumed({ resume: 'r', data: 'there' })).toEqual({ epochs: null, data: 'there' });
    expect(() => resumed({ resume: 'r', batchSize: 3, freeBits: 1 })).toThrow('--batch-size, --free-bits');
    expect(() => resumed({ resume: 'r', out: 'elsewhere' })).toThrow('--out');
  });
});

describe('loadData', () => {
  it('draws glyphs to train on and others to test on', async () => {
    const { train, test } = await loadData(
      { source: 'glyphs', folder: null, seed: 1, train: 4, test: 3 },
      quiet,
    );
    expect([train.count, test.count]).toEqual([4, 3]);
    expect(test.pixels).toEqual(drawGlyphs({ count: 3, seed: 1, start: 60_000 }).pixels);
  });

  it('reads a folder, and takes the first examples', async () => {
    const folder = join(place, 'My digits!');
    await mkdir(folder);
    const images = drawGlyphs({ count: 6, seed: 2 });
    for (const part of ['train', 't10k']) {
      await writeFile(join(folder, `${part}-images-idx3-ubyte`), encodeImages(images));
      await writeFile(join(folder, `${part}-labels-idx1-ubyte`), encodeLabels(images.labels));
    }
    const spec = { source: 'folder', folder, seed: 0, train: 2, test: null } as const;
    const { train, test } = await loadData(spec, quiet);
    expect([train.count, train.labels.length, train.pixels.length, test.count]).toEqual([2, 2, 2 * 784, 6]);
    expect(firstImages(images, 10)).toBe(images);
    expect(dataName(spec)).toBe('My-digits-');
  });
});
