import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { drawGlyphs } from '../../src/data/glyphs/index.js';
import { encodeImages, encodeLabels } from '../../src/data/index.js';
import { decodeSafetensors } from '../../src/tensor/safetensors.js';
import { inProcess, temporaryFolder } from './harness.js';

const place = await temporaryFolder();
const TINY = ['--limit', '100', '--hidden', '12', '--latent', '3', '--batch-size', '50'];
const at = (name: string): string => join(place, name);

const sizeOf = async (path: string): Promise<number[]> => {
  const { width, height } = decode(await readFile(path));
  return [width, height];
};

/** The bytes of all tensors of a checkpoint. */
async function tensorsOf(run: string): Promise<string[]> {
  const { tensors } = decodeSafetensors(await readFile(join(run, 'checkpoint.safetensors')), run);
  return [...tensors].map(([name, { data }]) => {
    const { buffer, byteOffset, byteLength } = data;
    return `${name} ${Buffer.from(buffer, byteOffset, byteLength).toString('base64')}`;
  });
}

describe('a conditional model', () => {
  const run = at('conditional');
  const words = [...TINY, '--preset', 'conditional', '--prior', 'conditional'];

  beforeAll(async () => {
    const { code, err } = await inProcess('train', ...words, '--epochs', '1', '--out', run);
    expect([code, err]).toEqual([0, '']);
  });

  it('leaves the classes of its data, its command, and its styles', async () => {
    const config = JSON.parse(await readFile(join(run, 'config.json'), 'utf8'));
    expect(config.model).toMatchObject({ condition: 'label', classes: 10, prior: 'conditional' });
    expect(config.command).toBe(
      'pathwise train --preset conditional --hidden 12 --latent 3 --prior conditional --epochs 1 --batch-size 50 --limit 100',
    );
    expect(await readdir(run)).toContain('styles.png');
    expect(await sizeOf(join(run, 'styles.png'))).toEqual([4 + 10 * 88, 4 + 10 * 88]);
    const report = await readFile(join(run, 'report.html'), 'utf8');
    for (const text of [
      '<dt>Condition</dt><dd>label</dd>',
      '<dt>Prior</dt><dd>conditional</dd>',
      'Style and class',
      'from the prior of the class, the classes in turn',
      'they are no bound of p(x)',
    ])
      expect(report).toContain(text);
    expect(report).not.toContain('left out');
  });

  it('draws a class, or every class in one style', async () => {
    const draw = async (name: string, ...more: string[]): Promise<Buffer> => {
      const out = at(name);
      const { code, err } = await inProcess('sample', run, '--out', out, ...more);
      expect([code, err]).toEqual([0, '']);
      return readFile(out);
    };
    const sevens = await draw('sevens.png', '--class', '7', '--count', '4');
    expect(sevens.equals(await draw('eights.png', '--class', '8', '--count', '4'))).toBe(false);
    expect(sevens.equals(await draw('all.png', '--count', '4'))).toBe(false);
    await draw('styles.png', '--styles', '--count', '3');
    expect(await sizeOf(at('styles.png'))).toEqual([4 + 10 * 88, 4 + 3 * 88]);
  });

  it.each([
    [['--class', '10'], '--class 10: this model has 10 classes, numbered from 0 to 9'],
    [['--styles', '--class', '1'], '--styles draws every class; leave out --class, or --styles'],
  ])('refuses sample %j', async (flags, message) => {
    const { code, err } = await inProcess('sample', run, '--out', at('never.png'), ...flags);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });

  it('reconstructs, goes from one example to another, and shows its graph, but is no subject of studies', async () => {
    for (const words of [
      ['reconstruct', run, '--count', '6', '--out', at('pairs.png')],
      ['interpolate', run, '--from', '1', '--to', '4', '--out', at('way.png')],
      ['graph', run],
    ]) {
      const { code, err } = await inProcess(...words);
      expect([words[0], code, err]).toEqual([words[0], 0, '']);
    }
    const { code, err } = await inProcess('study', 'ledger', run);
    expect([code, err]).toEqual([
      2,
      expect.stringContaining(
        'has the parts posterior gaussian, prior conditional, condition label; studies take apart',
      ),
    ]);
  });

  it('goes on where it stopped, bit for bit', async () => {
    const whole = at('whole');
    await inProcess('train', ...words, '--epochs', '2', '--out', whole);
    const resumed = await inProcess('train', '--resume', run, '--epochs', '2');
    expect([resumed.code, resumed.err]).toEqual([0, '']);
    expect(await tensorsOf(run)).toEqual(await tensorsOf(whole));
  });
});

describe('posteriors and priors', () => {
  const train = (name: string, ...more: string[]) =>
    inProcess('train', ...TINY, '--preset', 'latent20', '--epochs', '1', '--out', at(name), ...more);

  it.each([
    ['vamp', ['--condition', 'label', '--prior', 'vamp', '--components', '5', '--posterior', 'full']],
    ['flow', ['--posterior', 'flow', '--couplings', '2', '--prior', 'mixture', '--components', '4']],
  ])('are chosen by flags, checked in the report, and kept: %s', async (name, flags) => {
    const { code, err } = await train(name, ...flags);
    expect([code, err]).toEqual([0, '']);
    const config = JSON.parse(await readFile(join(at(name), 'config.json'), 'utf8'));
    for (let i = 0; i < flags.length; i += 2) expect(config.command).toContain(`${flags[i]} ${flags[i + 1]}`);
    const report = await readFile(join(at(name), 'report.html'), 'utf8');
    expect(report).toContain('at one sample of each example, for all dimensions together');
    expect(report).toMatch(/All \d+ agree/);
    expect(report).not.toContain('KL of each latent dimension');
    const drawn = await inProcess('sample', at(name), '--count', '4', '--out', at(`${name}.png`));
    expect([drawn.code, drawn.err]).toEqual([0, '']);
    const graph = await inProcess('graph', at(name));
    expect([graph.code, graph.err]).toEqual([2, expect.stringContaining('add --all for the whole graph')]);
    expect((await inProcess('graph', at(name), '--all')).code).toBe(0);
  });

  it.each([
    [['--components', '5'], 2, '--components changes nothing in this run; add --prior mixture'],
    [['--couplings', '5'], 2, '--couplings changes nothing in this run; add --posterior flow'],
    [['--prior', 'conditional'], 1, 'a Gaussian for each class, but the model has no condition'],
  ])('refuse %j without what they need', async (flags, code, message) => {
    const refused = await train('never', ...flags);
    expect([refused.code, refused.err]).toEqual([code, expect.stringContaining(message)]);
  });

  it('refuse a class where the model has none, and a condition where the data tells nothing', async () => {
    await train('plain');
    const drawn = await inProcess('sample', at('plain'), '--class', '7', '--out', at('never.png'));
    expect([drawn.code, drawn.err]).toEqual([
      2,
      expect.stringContaining(
        '--class 7: this model does not know the class of an example; train one with --condition label',
      ),
    ]);
    const folder = at('same');
    await mkdir(folder);
    const images = drawGlyphs({ count: 6, seed: 2 });
    for (const part of ['train', 't10k']) {
      await writeFile(join(folder, `${part}-images-idx3-ubyte`), encodeImages(images));
      await writeFile(join(folder, `${part}-labels-idx1-ubyte`), encodeLabels(new Uint8Array(6)));
    }
    const refused = await train('never', '--data', folder, '--condition', 'label');
    expect([refused.code, refused.err]).toEqual([
      1,
      expect.stringContaining('--condition label: all examples are of one class'),
    ]);
  });
});
