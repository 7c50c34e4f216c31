import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { mutations } from '../../../src/study/index.js';
import { inProcess, temporaryFolder } from '../harness.js';

const run = join(await temporaryFolder(), 'run');

beforeAll(async () => {
  const train = ['train', '--limit', '256', '--epochs', '1', '--hidden', '8', '--latent', '3'];
  expect((await inProcess(...train, '--likelihood', 'bernoulli', '--out', run)).code).toBe(0);
});

describe('pathwise study break', () => {
  it('shows all mutations against all checks, on the model of a run', async () => {
    const { code, out } = await inProcess('study', 'break', run, '--steps', '4', '--batch', '8');
    expect(code).toBe(0);
    expect(out).toContain(`each beside the right one, on ${run}.`);
    expect(out).toMatch(/^the right trick +passes +passes +passes +passes +[\d.]+ = [\d.]+ \+ [\d.]+$/m);
    expect(out).toMatch(/^detach-z +FAILS +passes +passes +passes /m);
    expect(out).toMatch(/^variance-as-sigma +passes +FAILS +FAILS +passes /m);
    expect(out).toMatch(/^kl-sign +passes +FAILS +passes +FAILS /m);
    expect(out).toContain('Every mutation is noticed by a check, and the right trick passes all.');
    for (const { title } of mutations) expect(out).toContain(title);
  });

  it('shows one in detail, and writes its curves and numbers', async () => {
    const folder = join(await temporaryFolder(), 'half');
    const args = ['study', 'break', 'drop-half', '--steps', '6', '--batch', '8', '--out', folder];
    const { code, out } = await inProcess(...args);
    expect(code).toBe(0);
    expect(out).toContain('on a small VAE (784-64-2) after 4 epochs of 2000 drawn digits');
    expect(out).toContain('  wrong: const byLogvar = mul(mul(g, epsilon), sigma);');
    expect(out).toMatch(/^reconstruction +logvar +[\d.e-]+ +[\d.e-]+ +1 +2 +DIFFERENT$/m);
    expect(out).toMatch(/^reconstruction +mean +([\d.e-]+) +\1 +1 +1 +same bits$/m);
    expect(out).toMatch(/gradcheck failed: 'loss', input 1 'logvar', element \[0, 0\]: analytic/);
    expect(out).toMatch(/^6 +[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+ +[\d.]+$/m);
    expect(await readdir(folder)).toEqual([
      'break-drop-half.json',
      'kl.svg',
      'loss.svg',
      'own-loss.svg',
      'reconstruction.svg',
    ]);
    const written = JSON.parse(await readFile(join(folder, 'break-drop-half.json'), 'utf8'));
    expect(written).toMatchObject({ name: 'drop-half', seen: ['gradient'] });
    expect(written.wrong.losses).toHaveLength(6);
    expect(written.gradients[0].values.right).toHaveLength(16);
  });

  it('gives all numbers as JSON', async () => {
    const { out } = await inProcess(
      'study',
      'break',
      'kl-sign',
      run,
      '--steps',
      '2',
      '--batch',
      '4',
      '--json',
    );
    const found = JSON.parse(out);
    expect(found).toMatchObject({ model: run, seen: ['elbo', 'kl'] });
    expect(found.gradients[0].shape).toEqual([4, 3]);
  });

  it('refuses what it cannot do', async () => {
    const wrong = await inProcess('study', 'break', 'half');
    expect([wrong.code, wrong.err]).toEqual([
      2,
      expect.stringContaining(
        "there is no mutation 'half', nor such a run folder; mutations are drop-half, ",
      ),
    ]);
    expect((await inProcess('study', 'break', 'kl-sign', 'no-such-run')).code).toBe(1);
    expect((await inProcess('study', 'break', '--steps', '-1')).code).toBe(2);
  });
});
