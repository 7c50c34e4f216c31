import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundlePrograms } from '../bundle.js';
import { copyOfProject } from './copy.js';
import { root } from './imports.js';

const NAMES = ['trick', 'vae', 'xor'];
const folder = copyOfProject(['package.json']);
beforeAll(() =>
  bundlePrograms(
    root,
    NAMES.map((name) => `examples/${name}.ts`),
    folder,
  ),
);

/** What a program prints that runs in the folder of the project; `environment` is added to this process's. */
const output = (program: readonly string[], environment: Record<string, string> = {}): string =>
  execFileSync(process.execPath, program, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
/** What a program of examples/ prints. */
const run = (name: string, environment?: Record<string, string>): string =>
  output([join(folder, `examples/${name}.js`)], environment);

/** Lines of code: neither blank nor a comment, an import counted as one. */
function lines(name: string): number {
  const code = readFileSync(join(root, `examples/${name}.ts`), 'utf8').replace(
    /import \{[^}]*\}/g,
    'import {}',
  );
  return code.split('\n').filter((line) => !/^\s*($|\/\/|\/?\*)/.test(line)).length;
}

describe('examples', () => {
  it('line finds slope and offset, run from its source as the README says', () => {
    const printed = output(['--import', 'tsx', 'examples/line.ts']);
    const [, slope, offset] = /y = (\S+) x \+ (\S+) /.exec(printed) ?? [];
    expect(Number(slope)).toBeCloseTo(3, 1);
    expect(Number(offset)).toBeCloseTo(-0.5, 1);
  });

  it('xor is learned', () => expect(run('xor')).toMatch(/= 0, 1, 1, 0\n$/));

  it('trick prints gradients equal to those worked by hand, from twenty lines', () => {
    const rows = [...run('trick').matchAll(/= (\S+, \S+) {3}by hand[^:]*: (\S+, \S+)\n/g)];
    expect(rows).toHaveLength(2);
    for (const [, computed, byHand] of rows) expect(computed).toBe(byHand);
    expect(lines('trick')).toBeLessThanOrEqual(20);
  });

  it('vae learns glyphs within sixty lines', () => {
    const output = run('vae', { MNIST_DIR: '' });
    const losses = [...output.matchAll(/-ELBO (\S+) nats/g)].map(([, loss]) => Number(loss));
    expect(losses).toHaveLength(4);
    expect(losses[3]).toBeLessThan(0.75 * losses[0]);
    expect(output.split('\n').filter((line) => /[-=+*#]{3}/.test(line)).length).toBeGreaterThan(10);
    expect(lines('vae')).toBeLessThanOrEqual(60);
  });
});
