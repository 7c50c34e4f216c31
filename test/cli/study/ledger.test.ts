import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inProcess, temporaryFolder } from '../harness.js';

interface Row {
  readonly kl: number;
  readonly signal: number;
  readonly pull: number;
}
interface Data {
  readonly beta: number;
  readonly dimensions: readonly Row[];
  readonly records: readonly { readonly at: number; readonly dimensions: readonly Row[] }[];
  readonly batchLedger: { readonly difference: Readonly<Record<string, readonly number[]>> };
}

const worst = ({ batchLedger }: Data): number => Math.max(...Object.values(batchLedger.difference).flat());

describe('pathwise study ledger', () => {
  it('prints how the small model was trained, its dimensions, and the formulas beside the engine', async () => {
    const { code, out } = await inProcess(
      'study',
      'ledger',
      '--epochs',
      '2',
      '--every',
      '8',
      '--batch',
      '20',
    );
    expect(code).toBe(0);
    expect(out).toContain(
      'a small VAE (784-64-2) after 2 epochs of 2000 drawn digits, 20 test examples, beta 1',
    );
    expect(out).toMatch(/^step +KL 0 +sigma 0 +signal 0 +pull 0/m);
    expect(out).toMatch(/^32 /m);
    expect(out).toMatch(/^1 +dL\/dlogvar( +-?[\d.e-]+){7}$/m);
    expect(out).toContain('dL/dlogvar = dL/dz epsilon exp(logvar / 2) / 2');
  });

  it('gives all numbers as JSON, equal to the formulas in float64, and writes charts', async () => {
    const folder = join(await temporaryFolder(), 'ledger');
    const { out } = await inProcess(
      ...['study', 'ledger', '--epochs', '2', '--batch', '20', '--beta', '50', '--json', '--out', folder],
    );
    const data: Data = JSON.parse(out);
    expect(data.beta).toBe(50);
    expect(data.records.map(({ at }) => at)).toEqual([0, 16, 32]);
    expect(data.dimensions).toHaveLength(2);
    expect(worst(data)).toBeLessThan(1e-12);
    expect(JSON.parse(await readFile(join(folder, 'ledger.json'), 'utf8'))).toEqual(data);
    expect(await readdir(folder)).toEqual(
      ['dimension-0', 'dimension-1', 'dimensions', 'gradients-0', 'gradients-1', 'kl']
        .map((name) => `${name}.svg`)
        .concat('ledger.json')
        .sort(),
    );
  });

  it("looks at a run's model, at the weight of the KL it was trained with", async () => {
    const run = join(await temporaryFolder(), 'run');
    const train = [
      'train',
      '--limit',
      '256',
      '--epochs',
      '1',
      '--hidden',
      '8',
      '--latent',
      '3',
      '--beta',
      '2.5',
    ];
    expect((await inProcess(...train, '--out', run)).code).toBe(0);
    const { out } = await inProcess('study', 'ledger', run, '--batch', '16', '--json');
    const data: Data = JSON.parse(out);
    expect(data.beta).toBe(2.5);
    expect(data.dimensions).toHaveLength(3);
    expect(data.records).toEqual([]);
    expect(worst(data)).toBeLessThan(1e-12);
  });

  it('refuses what it cannot do', async () => {
    const many = await inProcess('study', 'ledger', '--epochs', '1', '--batch', '9999');
    expect([many.code, many.err]).toEqual([2, expect.stringContaining('there are 500 test examples')]);
    expect((await inProcess('study', 'ledger', 'no-such-run')).code).toBe(1);
    expect((await inProcess('study', 'ledger', '--beta', '-1')).code).toBe(2);
  });
});
