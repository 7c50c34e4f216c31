import { execFileSync } from 'node:child_process';
import { cp, lstat, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { RunFolder } from '../../src/cli/run/folder.js';
import { drawGlyphs } from '../../src/data/glyphs/index.js';
import { encodeImages, encodeLabels, imageDataset } from '../../src/data/index.js';
import { Random } from '../../src/index.js';
import { decodeSafetensors, encodeSafetensors } from '../../src/nn.js';
import { CheckpointError } from '../../src/tensor/safetensors.js';
import { encodeSealed } from '../../src/tensor/seal.js';
import { elbo, Trainer, VAE } from '../../src/vae.js';
import { damaged } from '../damage.js';
import { inProcess, temporaryFolder } from './harness.js';

const place = await temporaryFolder();
const TINY = ['--limit', '60', '--hidden', '4', '--batch-size', '30', '--seed', '2'];
const run = join(place, 'run');
const other = join(place, 'other');

let copies = 0;
/** A copy of the run, with some of its files changed. */
async function changed(
  files: Record<string, (before: string) => string | Uint8Array | null>,
): Promise<string> {
  const copy = join(place, `copy-${copies++}`);
  await cp(run, copy, { recursive: true });
  for (const [name, change] of Object.entries(files)) {
    const content = change(await readFile(join(copy, name), 'utf8'));
    if (content === null) await rm(join(copy, name));
    else await writeFile(join(copy, name), content);
  }
  return copy;
}

type Json = Record<string, unknown>;
const config = (change: (before: Record<string, Json>) => unknown) => ({
  'config.json': (text: string) => JSON.stringify(change(JSON.parse(text))),
});
const metrics = (change: (lines: Json[]) => unknown[]) => ({
  'metrics.jsonl': (text: string) =>
    change(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    )
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
});

const commands = (folder: string): string[][] => [
  ['sample', folder, '--out', join(folder, 's.png')],
  ['reconstruct', folder, '--out', join(folder, 'r.png')],
  ['interpolate', folder, '--out', join(folder, 'i.png')],
  ['graph', folder],
  ['study', 'ledger', folder],
  ['study', 'break', folder, '--steps', '0'],
  ['train', '--resume', folder, '--epochs', '3'],
];

beforeAll(async () => {
  expect((await inProcess('train', ...TINY, '--epochs', '2', '--out', run)).code).toBe(0);
  expect((await inProcess('train', ...TINY, '--latent', '3', '--epochs', '1', '--out', other)).code).toBe(0);
}, 120_000);

describe('files of a run folder that disagree', () => {
  it.each<[string, Parameters<typeof changed>[0], RegExp]>([
    [
      'image sizes that are not the model\u2019s',
      config((c) => ({ ...c, image: { rows: 14, columns: 28 } })),
      /config\.json: images of 14 x 28 have 392 pixels, but the model takes 784; one of the two files was changed/,
    ],
    [
      'a config of another model',
      config((c) => ({ ...c, model: { ...c.model, latent: 3 } })),
      /config\.json: latent is '3', but '2' in the checkpoint; one of the two/,
    ],
    [
      'a config of another training',
      config((c) => ({ ...c, training: { ...c.training, batchSize: 31 } })),
      /config\.json: batchSize is '31', but '30' in the checkpoint/,
    ],
    [
      'more epochs than trained',
      metrics((m) => [...m, { ...m[1], epoch: 3 }]),
      /metrics\.jsonl: it has 3 epochs, but the checkpoint was trained for 2; .* delete it/,
    ],
    [
      'epochs of another training',
      metrics(([first, second]) => [first, { ...second, train: { ...Object(second.train), loss: 1 } }]),
      /metrics\.jsonl: epoch 2 is not what the checkpoint has of it/,
    ],
    [
      'metrics that are none',
      { 'metrics.jsonl': () => '{"epoch":1}{' },
      /metrics\.jsonl: 'line 1' is not JSON: found '\{'/,
    ],
    [
      'a deep config',
      { 'config.json': () => '['.repeat(100_000) },
      /config\.json: 'config' is not JSON: more than 127/,
    ],
    [
      'a config of 2 MB',
      { 'config.json': () => ' '.repeat(2_000_000) },
      /config\.json: found 2000000 bytes, expected 1048576 at most/,
    ],
  ])(
    'are refused by every command: %s',
    async (_, files, message) => {
      const folder = await changed(files);
      const before = await readdir(folder);
      for (const words of commands(folder)) {
        const { code, err } = await inProcess(...words);
        expect([words[0], code, err]).toEqual([words[0], 1, expect.stringMatching(message)]);
        expect(err).toMatch(/^error: .*\n$/);
      }
      expect(await readdir(folder)).toEqual(before);
    },
    60_000,
  );

  it('are refused for every setting of model and training that is changed', async () => {
    const text = await readFile(join(run, 'config.json'), 'utf8');
    const whole = JSON.parse(text);
    const others = new Map<string, unknown>([
      ['activation', 'tanh'],
      ['likelihood', 'bernoulli'],
      ['hidden', [5]],
      ['clipNorm', 2],
      ['earlyStopping', { patience: 3, minDelta: 0 }],
    ]);
    const settings = ['model', 'training'].flatMap((part) =>
      Object.keys(whole[part])
        .filter((name) => name !== 'epochs')
        .map((name): [string, string] => [part, name]),
    );
    expect(settings.length).toBeGreaterThan(15);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...settings), async ([part, name]) => {
        const before = whole[part][name];
        const value = others.get(name) ?? (typeof before === 'boolean' ? !before : before + 1);
        const folder = await changed(config((c) => ({ ...c, [part]: { ...c[part], [name]: value } })));
        await expect((await RunFolder.open(folder)).load()).rejects.toThrow(CheckpointError);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('fail in no other way when bytes of their texts are damaged', async () => {
    const folder = await changed({});
    const opened = await RunFolder.open(folder);
    const texts = new Map<string, Buffer>();
    for (const name of ['config.json', 'metrics.jsonl']) texts.set(name, await readFile(join(folder, name)));
    let refused = 0;
    const anyDamage = fc
      .constantFrom(...texts)
      .chain(([name, before]) => damaged(before).map((bytes) => ({ name, before, bytes })));
    await fc.assert(
      fc.asyncProperty(anyDamage, async ({ name, before, bytes }) => {
        await writeFile(join(folder, name), bytes);
        const error = await opened.load().then(
          () => null,
          (problem: unknown) => problem,
        );
        await writeFile(join(folder, name), before);
        if (error === null) return;
        refused++;
        expect(error).toMatchObject({ name: expect.stringMatching(/^(CheckpointError|DataError)$/) });
        expect(String(error)).toContain(name);
        expect(String(error).length).toBeLessThan(600);
      }),
      { numRuns: 150 },
    );
    expect(refused).toBeGreaterThan(50);
  }, 60_000);

  it('may lack an epoch in metrics.jsonl, or all of them, and more epochs to come', async () => {
    for (const files of [
      metrics(([first]) => [first]),
      { 'metrics.jsonl': () => null },
      config((c) => ({ ...c, training: { ...c.training, epochs: 20 } })),
    ]) {
      const folder = await changed(files);
      const { config: found, checkpoint } = await (await RunFolder.open(folder)).load();
      expect([found.preset, checkpoint.history.length]).toEqual(['latent2', 2]);
    }
    const folder = await changed(metrics(([first]) => [first]));
    expect((await inProcess('train', '--resume', folder, '--epochs', '2')).code).toBe(0);
    expect(await readFile(join(folder, 'metrics.jsonl'), 'utf8')).toBe(
      await readFile(join(run, 'metrics.jsonl'), 'utf8'),
    );
  }, 60_000);

  it('include the checkpoint of another run', async () => {
    const folder = await changed({});
    await cp(join(other, 'checkpoint.safetensors'), join(folder, 'checkpoint.safetensors'));
    const { code, err } = await inProcess('sample', folder, '--out', join(folder, 's.png'));
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/config\.json: latent is '2', but '3' in the checkpoint/),
    ]);
  });
});

describe('the checkpoint of another objective', () => {
  it('is refused: the settings in a run folder describe an ELBO', async () => {
    const images = imageDataset(drawGlyphs({ count: 20, seed: 0 }));
    const stream = new Random(0).stream('init');
    const vae = new VAE({ features: 784, hidden: [4], latent: 2 }, { stream });
    const bytes = new Trainer(vae, { train: images, epochs: 1, objective: elbo({ beta: 2 }) }).checkpoint();
    const folder = await changed({ 'checkpoint.safetensors': () => bytes });
    for (const words of commands(folder)) {
      const { code, err } = await inProcess(...words);
      expect([words[0], code, err]).toEqual([
        words[0],
        1,
        expect.stringMatching(/config\.json: .* the checkpoint was trained by the objective 'elbo'/),
      ]);
    }
  }, 60_000);
});

describe('a file of a run that is no file', () => {
  it.each(['checkpoint.safetensors', 'config.json', 'metrics.jsonl'])(
    'is refused: %s',
    async (name) => {
      const folder = await changed({ [name]: () => null });
      execFileSync('mkfifo', [join(folder, name)]);
      for (const words of commands(folder)) {
        const { code, err } = await inProcess(...words);
        expect([words[0], code, err]).toEqual([
          words[0],
          1,
          expect.stringContaining(`${name}: expected a file, found a pipe`),
        ]);
      }
      await rm(join(folder, name));
      await mkdir(join(folder, name));
      const { code, err } = await inProcess('sample', folder, '--out', join(folder, 's.png'));
      expect([code, err]).toEqual([1, expect.stringContaining(`${name}: expected a file, found a folder`)]);
    },
    60_000,
  );
});

describe('a run folder of another, whose files are links to elsewhere', () => {
  it('is written by its own names: what the links lead to stays', async () => {
    const folder = await changed({});
    const elsewhere = join(place, 'elsewhere');
    await cp(folder, elsewhere, { recursive: true });
    const names = await readdir(folder);
    for (const name of names) {
      await rm(join(folder, name));
      await symlink(join(elsewhere, name), join(folder, name));
    }
    const before = await Promise.all(names.map((name) => readFile(join(elsewhere, name))));
    const { code, err } = await inProcess('train', '--resume', folder, '--epochs', '3');
    expect([code, err]).toEqual([0, '']);
    expect(await Promise.all(names.map((name) => readFile(join(elsewhere, name))))).toEqual(before);
    expect((await readdir(elsewhere)).sort()).toEqual(names.sort());
    expect((await lstat(join(folder, 'checkpoint.safetensors'))).isFile()).toBe(true);
  });
});

describe('a model that cannot be computed with', () => {
  it.each([
    ['NaN', Number.NaN, /element 0 of '.*' is NaN; every number must be finite/],
    ['infinity', Number.POSITIVE_INFINITY, /is Infinity; every number must be finite/],
    ['huge numbers', 3e38, /the numbers of its model are too large to compute with/],
  ])(
    'is refused by every command: %s',
    async (_, value, message) => {
      const file = join(run, 'checkpoint.safetensors');
      const { tensors, metadata } = decodeSafetensors(await readFile(file), file);
      const { sha256: __, ...rest } = metadata;
      for (const [name, t] of tensors) if (name.startsWith('model.')) t.data.fill(value);
      const older = encodeSafetensors(tensors, { ...rest, version: '1' });
      for (const bytes of [encodeSealed(tensors, metadata), older]) {
        const folder = await changed({ 'checkpoint.safetensors': () => bytes });
        for (const words of commands(folder)) {
          const { code, err } = await inProcess(...words);
          expect([words[0], code, err]).toEqual([words[0], 1, expect.stringMatching(message)]);
        }
      }
    },
    60_000,
  );
});

describe('--resume with --data', () => {
  const [here, there] = [join(place, 'here'), join(place, 'there')];
  const moved = join(place, 'moved');

  beforeAll(async () => {
    await mkdir(here);
    const images = drawGlyphs({ count: 40, seed: 4 });
    for (const part of ['train', 't10k']) {
      await writeFile(join(here, `${part}-images-idx3-ubyte`), encodeImages(images));
      await writeFile(join(here, `${part}-labels-idx1-ubyte`), encodeLabels(images.labels));
    }
    const trained = await inProcess('train', ...TINY, '--epochs', '2', '--data', here, '--out', moved);
    expect(trained.code).toBe(0);
    await rename(here, there);
  }, 60_000);

  it('finds data that has moved, and keeps where it is', async () => {
    const lost = await inProcess('train', '--resume', moved, '--epochs', '3');
    expect([lost.code, lost.err]).toEqual([
      1,
      expect.stringMatching(/if the data has moved, say where to with --data\n$/),
    ]);
    const found = await inProcess('train', '--resume', moved, '--epochs', '3', '--data', there);
    expect([found.code, found.err]).toEqual([0, '']);
    const { data, command } = JSON.parse(await readFile(join(moved, 'config.json'), 'utf8'));
    expect(data).toMatchObject({ source: 'folder', folder: there, train: 60, test: 60, seed: 2 });
    expect(command).toContain(`--data ${there}`);
    expect((await inProcess('train', '--resume', moved, '--epochs', '4')).code).toBe(0);
  }, 60_000);

  it('is not needed to see that test images have changed', async () => {
    const out = join(place, 'changed.png');
    const draw = () => inProcess('reconstruct', moved, '--out', out, '--force');
    expect(await draw()).toMatchObject({ code: 0, err: '' });
    const file = join(there, 't10k-images-idx3-ubyte');
    const bytes = await readFile(file);
    bytes[bytes.length - 1] ^= 1;
    await writeFile(file, bytes);
    const { code, err } = await draw();
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/test images of .*moved are not those that it was tested on/),
    ]);
    bytes[bytes.length - 1] ^= 1;
    await writeFile(file, bytes);
  });

  it('refuses data that differs in one pixel', async () => {
    const nearly = join(place, 'nearly');
    await cp(there, nearly, { recursive: true });
    const file = join(nearly, 'train-images-idx3-ubyte');
    const bytes = await readFile(file);
    bytes[bytes.length - 1] ^= 1;
    await writeFile(file, bytes);
    const { code, err } = await inProcess('train', '--resume', moved, '--epochs', '9', '--data', nearly);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/train data has as many examples .* a value or a label differs/),
    ]);
    const glyphs = await inProcess('train', '--resume', moved, '--epochs', '9', '--data', 'glyphs');
    expect([glyphs.code, glyphs.err]).toEqual([1, expect.stringContaining('give the same data')]);
  }, 60_000);
});

describe('a picture', () => {
  it.each(['x.jpg', 'x.JPEG', 'x.png.webp', 'a.b/x.svg', ''])(
    'is not written as %s, which promises another format',
    async (name) => {
      const { code, err } = await inProcess('sample', run, '--out', name && join(place, name));
      expect([code, err]).toEqual([
        2,
        expect.stringContaining('It must be the path of a PNG file, as samples.png.'),
      ]);
    },
  );

  it.each(['x.png', 'x.PNG', 'x', 'a.b/x'])('is a PNG file as %s', async (name) => {
    const path = join(place, name);
    expect((await inProcess('sample', run, '--out', path)).code).toBe(0);
    expect((await readFile(path)).subarray(1, 4).toString()).toBe('PNG');
  });
});
