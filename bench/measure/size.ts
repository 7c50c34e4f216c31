import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Reading } from '../protocol.js';

export interface SizeSettings {
  /** The folder of the project. */
  readonly root: string;
}

/** Entries as a program would add them, from one that trains on numbers of its own to one that uses all. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  'with nn': ['index', 'nn'],
  'with nn and vae': ['index', 'nn', 'vae'],
  'with nn, vae and data': ['index', 'nn', 'vae', 'data/index'],
  'with check and graph too': ['index', 'nn', 'vae', 'data/index', 'check', 'graph'],
};

/** esbuild comes with tsx, which the project needs anyway. */
function esbuild(root: string): string {
  const tsx = createRequire(join(root, 'package.json')).resolve('tsx/package.json');
  return join(dirname(createRequire(tsx).resolve('esbuild/package.json')), 'bin/esbuild');
}

/** The first TypeScript snippet of the README: a small program. @throws Error when there is none. */
function firstSnippet(root: string): string {
  const [, code] = /^```ts\n([\s\S]*?)^```$/m.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
  if (code === undefined) throw new Error('README.md has no TypeScript snippet to measure');
  return code;
}

/** Everything that `import ... from 'pathwise'` reaches, in one file as a page would load it; then small and large programs. */
export async function measure({ root }: SizeSettings): Promise<Reading[]> {
  const bundle = (code: string, ...options: string[]): Buffer =>
    execFileSync(
      esbuild(root),
      [
        '--bundle',
        '--format=esm',
        '--platform=neutral',
        '--external:node:*',
        '--log-level=error',
        '--loader=ts',
        ...options,
      ],
      { cwd: join(root, 'src'), input: code, maxBuffer: 2 ** 26 },
    );
  const all = (entries: readonly string[]): string =>
    entries.map((entry) => `export * from './${entry}.js';`).join('\n');
  const minified = bundle(all(['index']), '--minify');
  const zipped = (code: Buffer): number => gzipSync(code, { level: 9 }).length;
  const sizes = {
    'as written': bundle(all(['index'])).length,
    minified: minified.length,
    'minified and gzipped': zipped(minified),
    "README's first snippet": zipped(bundle(firstSnippet(root), '--minify')),
    ...Object.fromEntries(
      Object.entries(PROGRAMS).map(([name, entries]) => [name, zipped(bundle(all(entries), '--minify'))]),
    ),
  };
  return Object.entries(sizes).map(([row, bytes]) => ({ row, values: { bytes } }));
}
