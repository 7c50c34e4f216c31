import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inProcess, temporaryFolder } from '../harness.js';

const audit = (...args: string[]) => inProcess('study', 'audit', ...args);
const folder = await temporaryFolder();

async function fileWith(text: string): Promise<string> {
  const path = join(folder, 'loss.json');
  await writeFile(path, text);
  return path;
}

describe('pathwise study audit', () => {
  it('says which beta a loss implies, and what is wrong with it', async () => {
    const { code, out } = await audit('--likelihood', 'mse', '--reconstruction', 'mean', '--missing-half');
    expect(code).toBe(0);
    expect(out).toContain('  beta = 1 / 0.00127551 = 784\n');
    expect(out).toContain('  pathwise train --likelihood gaussian --sigma 0.7071068 --beta 784');
    expect(out).toContain('2 warnings:\n\nThe reconstruction is a mean over features, the KL a sum');
    expect(out).toContain(
      'See docs/reparameterization.md#break-it, or #/break?mutation=variance-as-sigma in the page.',
    );
  });

  it('finds nothing wrong with sums everywhere', async () => {
    const { out } = await audit(
      '--likelihood',
      'bernoulli',
      '--reconstruction-batch',
      'sum',
      '--kl-batch',
      'sum',
    );
    expect(out).toContain('beta = 128 / 128 = 1');
    expect(out).toMatch(/No warnings\.\n$/);
  });

  it('takes a file, which options change, and gives JSON', async () => {
    const file = await fileWith(
      '{"likelihood": "bernoulli", "kl": "mean", "latent": 4, "klWeight": 2, "detached": true}',
    );
    const { out } = await audit('--file', file, '--latent', '8', '--validation-weight', '1', '--json');
    const found = JSON.parse(out);
    expect(found.beta).toBeCloseTo(0.25, 12);
    expect(found.loss).toMatchObject({ latent: 8, klWeight: 2, validationWeight: 1, half: true });
    expect(found.warnings.map(({ name }: { name: string }) => name)).toEqual([
      'kl-mean',
      'detached-z',
      'validation-weight',
    ]);
  });

  it('gives the floor of a cross-entropy on data', async () => {
    const { out } = await audit('--likelihood', 'bernoulli', '--data', 'glyphs');
    const floor = Number(/entropy of the data, ([\d.]+) nats per example here/.exec(out)?.[1]);
    expect(floor).toBeGreaterThan(10);
    expect(floor).toBeLessThan(200);
  });

  it('says what every option is', async () => {
    const { out } = await audit('--help');
    for (const option of [
      '--reconstruction-batch <name>',
      '--kl-weight <number>',
      '--missing-half',
      '--file <path>',
      '--data <path>',
    ])
      expect(out).toContain(option);
  });

  it.each([
    [[], 2, 'say what the reconstruction is: --likelihood bernoulli, gaussian, mse'],
    [['--likelihood', 'l1'], 2, 'Allowed choices are bernoulli, gaussian, mse'],
    [['--likelihood', 'bernoulli', '--sigma', '1'], 2, 'the bernoulli likelihood has none'],
    [['--likelihood', 'mse', '--kl-weight', '-1'], 2, 'a finite number of 0 or more'],
    [['--likelihood', 'mse', '--features', '0'], 2, 'an integer of 1 or more'],
    [
      ['--likelihood', 'bernoulli', '--data', 'glyphs', '--features', '10'],
      2,
      'features is 10, but an example of the data has 784',
    ],
    [['--file', 'no-such.json'], 1, 'no-such.json: there is no such file'],
  ] as const)('refuses %j', async (args, code, message) => {
    const found = await audit(...args);
    expect([found.code, found.err]).toEqual([code, expect.stringContaining(message)]);
  });

  it.each([
    ['{"likelihood": "mse",}', 1, 'is not JSON'],
    ['[1]', 1, 'must hold one object'],
    ['['.repeat(100_000), 1, 'is not JSON: more than 127 objects and lists are inside each other'],
    ['{"likelihood": "mse", "likelihood": "bernoulli"}', 1, "'likelihood' is there twice"],
    [
      '{"likelihood": "mse", "reduction": "mean"}',
      2,
      "there is no option 'reduction'; there are likelihood, ",
    ],
  ] as const)('refuses a file with %s', async (text, code, message) => {
    const found = await audit('--file', await fileWith(text));
    expect([found.code, found.err]).toEqual([code, expect.stringContaining(message)]);
  });
});
