import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyOfProject } from './copy.js';
import { root } from './imports.js';

const folder = mkdtempSync(join(tmpdir(), 'pathwise-package-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (command: string, args: readonly string[], cwd = folder): string =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const bin = (name: string): string => join(root, 'node_modules/.bin', name);

/** What `name` needs at run time, itself included, as folders of this repository's own node_modules. */
function closure(names: readonly string[], found = new Map<string, string>()): Map<string, string> {
  for (const name of names) {
    if (found.has(name)) continue;
    const at = join(root, 'node_modules', name);
    found.set(name, `file:${at}`);
    const { dependencies = {} } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
    closure(Object.keys(dependencies), found);
  }
  return found;
}

/** What `npm pack` builds from and packs. */
const PARTS = [
  ...['src', 'package.json', 'tsconfig.json', 'tsconfig.build.json'],
  ...['rolldown.config.ts', 'vite.config.ts', 'docs'],
  ...['README.md', 'LICENSE', 'CHANGELOG.md'],
  // Not to be packed.
  'test',
];

describe('the packed tarball', () => {
  let tarball = '';
  // It builds into dist, which in the project's own folder others may be reading.
  const copy = copyOfProject(PARTS);

  beforeAll(() => {
    run('npm', ['pack', '--silent', '--pack-destination', folder], copy);
    tarball = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    // Dependencies come from this repository's node_modules, so that no network is needed.
    const overrides = Object.fromEntries(closure(Object.keys(dependencies)));
    const manifest = { type: 'module', dependencies: { pathwise: `file:${tarball}` }, overrides };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts']);
  }, 120_000);

  it('holds the compiled package and no source, test or local file', () => {
    const files = run('tar', ['tzf', tarball]).trim().split('\n');
    expect(files).toContain('package/dist/index.js');
    expect(files).toContain('package/dist/index.d.ts');
    expect(files).toContain('package/LICENSE');
    expect(
      files.filter((file) => !/^package\/(dist\/|package\.json|README\.md|LICENSE|CHANGELOG\.md)/.test(file)),
    ).toEqual([]);
  });

  it('has one engine in its page, whatever was built before it', () => {
    const assets = join(copy, 'dist/page/assets');
    const scripts = readdirSync(assets).filter((file) => file.endsWith('.js'));
    const engines = scripts.filter((file) =>
      readFileSync(join(assets, file), 'utf8').includes('(a - b)^2, elementwise with broadcasting'),
    );
    expect(engines).toEqual([expect.stringMatching(/^main-/)]);
  });

  it('passes publint and arethetypeswrong', () => {
    expect(run(bin('publint'), ['run', join(folder, tarball), '--strict'], root)).toMatch(/All good/);
    // It ends with an error where there is a problem; old resolutions that an ESM package cannot serve are ignored.
    const report = run(
      bin('attw'),
      [join(folder, tarball), '--profile', 'esm-only', '--format', 'ascii'],
      root,
    );
    const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const entries = Object.keys(exports);
    expect(entries).toHaveLength(10);
    for (const entry of entries) expect(report).toContain(`"${join('pathwise', entry)}"`);
    expect(report.match(/node16 \(from ESM\): 🟢/g)).toHaveLength(entries.length);
  });

  it('works from plain JavaScript', () => {
    writeFileSync(
      join(folder, 'use.js'),
      `import { backward, mul, sum, tensor, variable } from 'pathwise';
       import { drawGlyphs } from 'pathwise/data';
       import { gradcheck } from 'pathwise/check';
       import { graphOf } from 'pathwise/graph';
       import { Dense } from 'pathwise/nn';
       import { loadIdxFolder } from 'pathwise/node';
       import { VAE } from 'pathwise/vae';
       const others = [drawGlyphs, gradcheck, graphOf, Dense, loadIdxFolder, VAE];
       const x = variable(tensor([1, 2, 3]), 'x');
       const gradients = backward(sum(mul(x, x)));
       console.log(JSON.stringify(gradients.get(x).toArray()), others.every((f) => typeof f === 'function'));`,
    );
    expect(run(process.execPath, ['use.js'])).toBe('[2,4,6] true\n');
  });

  it('works from TypeScript, and refuses wrong types', () => {
    const program = `import { exp, grad, sum, type Tensor, tensor } from 'pathwise';
      const [g]: readonly Tensor[] = grad((x: Tensor) => sum(exp(x)))(tensor([0, 0]));
      console.log(g.toArray());`;
    writeFileSync(join(folder, 'use.ts'), program);
    writeFileSync(join(folder, 'wrong.ts'), "import { exp } from 'pathwise';\nexp('one');");
    const options = '--strict --pretty false --target es2022 --module nodenext --lib es2023,dom'.split(' ');
    const { stdout, status } = spawnSync(bin('tsc'), [...options, 'use.ts', 'wrong.ts'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(status).not.toBe(0);
    // All that is wrong is in the program that is.
    expect(stdout).toMatch(/^wrong\.ts\(2,5\): error TS2345: .*\n( .*\n)*$/);
    expect(run(process.execPath, ['use.js'])).toBe('[ 1, 1 ]\n');
  });

  it('installs the command', () => {
    const version: string = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
    expect(run(join(folder, 'node_modules/.bin/pathwise'), ['--version']).trim()).toBe(version);
  });
}, 120_000);
