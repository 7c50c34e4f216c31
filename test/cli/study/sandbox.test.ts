import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inProcess, temporaryFolder } from '../harness.js';

const place = await temporaryFolder();
const sandbox = (...args: string[]) => inProcess('study', 'sandbox', '--samples', '200', ...args);

interface Sandbox {
  readonly stages: readonly {
    readonly evidence: number;
    readonly elbo: number;
    readonly klToPosterior: number;
  }[];
  readonly gradients: readonly { readonly autodiff: number; readonly monteCarloInErrors: number }[];
  readonly bounds: readonly { readonly bound: number }[];
}

describe('pathwise study sandbox', () => {
  it('sets the engine against closed forms', async () => {
    const { code, out } = await sandbox('--json', '--out', join(place, 'a'));
    expect(code).toBe(0);
    const { stages, gradients, bounds } = JSON.parse(out) as Sandbox;
    for (const { evidence, elbo, klToPosterior } of stages) {
      expect(evidence - elbo).toBeCloseTo(klToPosterior, 10);
    }
    expect(stages.length).toBe(3);
    expect(stages[1].klToPosterior).toBeLessThan(0.1 * stages[0].klToPosterior);
    expect(stages[2].klToPosterior).toBeLessThanOrEqual(stages[1].klToPosterior);
    expect(gradients.length).toBe(6);
    for (const { autodiff, monteCarloInErrors } of gradients) {
      expect(autodiff).toBeLessThan(1e-10);
      expect(monteCarloInErrors).toBeLessThan(5);
    }
    expect(bounds[4].bound).toBeGreaterThan(bounds[0].bound);
    expect(await readFile(join(place, 'a', 'importance.svg'), 'utf8')).toContain('<svg');
  });

  it('prints tables, the same for the same seed', async () => {
    const [first, second, other] = [
      await sandbox('--features', '3', '--latent', '1', '--seed', '1'),
      await sandbox('--features', '3', '--latent', '1', '--seed', '1'),
      await sandbox('--features', '3', '--latent', '1', '--seed', '2'),
    ];
    expect(first.out).toContain('KL(q || posterior)');
    expect(first.out).toContain('sticking the landing');
    expect(first.out).not.toContain('NaN');
    expect(second.out).toBe(first.out);
    expect(other.out).not.toBe(first.out);
    expect((await sandbox('--sigma', '0')).code).toBe(2);
  });
});
