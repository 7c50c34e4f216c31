import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode, encode } from 'fast-png';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { dataWords, loadData } from '../../src/cli/run/data.js';
import { newRun } from '../../src/cli/train/settings.js';
import { CIFAR10_FILES } from '../../src/data/cifar10/load.js';
import { emnistFiles } from '../../src/data/emnist.js';
import { IDX_PARTS, type IdxNames } from '../../src/data/idx-split.js';
import { drawGlyphs, encodeImages, encodeLabels, imageDataset } from '../../src/data/index.js';
import { IDX_FILES } from '../../src/node.js';
import { cifarImages, encodeCifar } from '../data/cifar.js';
import { inProcess, jsonLines, temporaryFolder } from './harness.js';

const place = await temporaryFolder();
const TINY = ['--hidden', '8', '--latent', '3', '--epochs', '1', '--limit', '60', '--json'];

/** Glyphs as four IDX files. @param first the lowest label */
async function writeIdx(folder: string, names: IdxNames, first = 0): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [train, test] = [drawGlyphs({ count: 60, seed: 1 }), drawGlyphs({ count: 40, seed: 2 })];
  const labels = (of: typeof train) => encodeLabels(of.labels.map((label) => label + first));
  const content = {
    trainImages: encodeImages(train),
    trainLabels: labels(train),
    testImages: encodeImages(test),
    testLabels: labels(test),
  };
  for (const part of IDX_PARTS) await writeFile(join(folder, names[part]), content[part]);
}

/** 60 pictures of 9 x 15 in two classes. */
async function writePictures(folder: string): Promise<void> {
  for (const [c, name] of ['cats', 'dogs'].entries()) {
    await mkdir(join(folder, name), { recursive: true });
    for (let i = 0; i < 30; i++) {
      const data = Uint8Array.from({ length: 405 }, (_, k) => (k % 3 === c ? 200 : i + k));
      await writeFile(join(folder, name, `${i}.png`), encode({ width: 15, height: 9, channels: 3, data }));
    }
  }
}

beforeAll(async () => {
  await writeIdx(join(place, 'idx'), IDX_FILES);
  await writeIdx(join(place, 'emnist'), emnistFiles('letters'), 1);
  await writePictures(join(place, 'pets'));
  await mkdir(join(place, 'cifar'));
  for (const [i, name] of CIFAR10_FILES.entries()) {
    await writeFile(join(place, 'cifar', name), encodeCifar(cifarImages(20, i)));
  }
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('every source of data', () => {
  const gray = { channels: 1, rows: 28, columns: 28 };
  const color = { channels: 3, rows: 32, columns: 32 };
  const sources = [
    ['glyphs', gray, 60, 'glyphs'],
    ['glyphs-color', color, 60, 'glyphs in colour'],
    ['fashion-mnist', gray, 60, 'Fashion-MNIST images'],
    ['kmnist', gray, 60, 'KMNIST characters'],
    ['emnist-letters', gray, 60, 'EMNIST letters'],
    [join(place, 'idx'), gray, 60, 'examples of idx'],
    [join(place, 'emnist'), gray, 60, 'examples of emnist'],
    [join(place, 'cifar'), color, 60, 'examples of cifar'],
    [join(place, 'pets'), { channels: 3, rows: 9, columns: 15 }, 50, 'examples of pets'],
  ] as const;

  it.each(sources)('%s is read', async (name, image, count, words) => {
    vi.stubEnv('FASHION_MNIST_DIR', join(place, 'idx'));
    vi.stubEnv('KMNIST_DIR', join(place, 'idx'));
    vi.stubEnv('EMNIST_DIR', join(place, 'emnist'));
    const { data } = await newRun({ data: name, limit: 60 });
    const { train, test } = await loadData(data, { offline: true });
    expect(train.count).toBe(count);
    for (const images of [train, test]) {
      expect(imageDataset(images).shape).toEqual([image.channels, image.rows, image.columns]);
    }
    expect(dataWords(data)).toBe(words);
    expect(Math.max(...train.labels)).toBeLessThan(10);
  });

  it('pictures in colour are trained on, drawn, reported and resumed', async () => {
    const [run, data] = [join(place, 'run-pets'), join(place, 'pets')];
    const trained = await inProcess('train', '--data', data, ...TINY, '--out', run);
    expect([trained.code, trained.err]).toEqual([0, '']);
    const config = JSON.parse(await readFile(join(run, 'config.json'), 'utf8'));
    expect(config.image).toEqual({ channels: 3, rows: 9, columns: 15 });
    expect(config.model.features).toBe(3 * 9 * 15);
    expect(config.command).toContain(`--data ${data}`);
    expect(await readFile(join(run, 'report.html'), 'utf8')).toContain('9 × 15 × 3<');
    for (const command of ['sample', 'reconstruct', 'interpolate']) {
      const out = join(run, `${command}-again.png`);
      expect((await inProcess(command, run, '--out', out)).code).toBe(0);
      expect(decode(await readFile(out)).channels).toBe(3);
    }
    const resumed = await inProcess('train', '--resume', run, '--epochs', '2', '--json');
    expect(resumed.code).toBe(0);
    expect(jsonLines(resumed.out).at(-1)).toMatchObject({ event: 'end', epochs: 2 });
  });

  it('a run on glyphs in colour finds its test images again', async () => {
    const run = join(place, 'run-glyphs');
    expect((await inProcess('train', '--data', 'glyphs-color', ...TINY, '--out', run)).code).toBe(0);
    const out = join(run, 'again.png');
    expect((await inProcess('reconstruct', run, '--out', out)).code).toBe(0);
    expect(await readFile(out)).toEqual(await readFile(join(run, 'reconstructions.png')));
  });
});

describe('data that cannot be read', () => {
  const train = (data: string) => inProcess('train', '--data', data, ...TINY, '--offline');

  it.each([
    ['emnist-digits', 'EMNIST_DIR'],
    ['kmnist', 'KMNIST_DIR'],
    ['fashion-mnist', 'FASHION_MNIST_DIR'],
  ])('%s without its folder says which variable names it', async (data, variable) => {
    vi.stubEnv(variable, undefined);
    const { code, err } = await train(data);
    expect([code, err]).toEqual([
      1,
      expect.stringContaining(`--data ${data} is read from a folder: set ${variable}`),
    ]);
  });

  it('cifar10 is looked for where CIFAR10_DIR says, and must be CIFAR-10', async () => {
    vi.stubEnv('CIFAR10_DIR', join(place, 'cifar'));
    const { code, err } = await train('cifar10');
    expect([code, err]).toEqual([1, expect.stringContaining('its SHA-256 is not that of CIFAR-10')]);
  });

  it('a folder of nothing known says what was looked for', async () => {
    await mkdir(join(place, 'nothing', 'inner'), { recursive: true });
    const { code, err } = await train(join(place, 'nothing'));
    expect(code).toBe(1);
    expect(err).toMatch(
      /nothing: found no data; looked for IDX files \(.*CIFAR-10's binary files.*folders of PNG pictures/,
    );
  });

  it('several splits in one folder are named', async () => {
    const both = join(place, 'both');
    await writeIdx(both, emnistFiles('digits'));
    await writeIdx(both, emnistFiles('letters'), 1);
    const { code, err } = await train(both);
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('emnist-digits, emnist-letters: set EMNIST_DIR'),
    ]);
  });

  it('a name that is none is a path', async () => {
    const { code, err } = await train('emnist-greek');
    expect([code, err]).toEqual([
      1,
      expect.stringContaining(
        '--data emnist-greek: there is no such folder; give a folder of data, or one of glyphs,',
      ),
    ]);
  });
});
