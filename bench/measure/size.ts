import { execFileSync } from 'node:child_process';
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

/** Everything behind `import ... from 'pathwise'` in one file, as a page would load it; then, with other entries beside it. */
export async function measure({ root }: SizeSettings): Promise<Reading[]> {
  const bundle = (entries: readonly string[], ...options: string[]): Buffer =>
    execFileSync(
      esbuild(root),
      [
        '--bundle',
        '--format=esm',
        '--platform=neutral',
        '--external:node:*',
        '--log-level=error',
        ...options,
      ],
      {
        cwd: join(root, 'src'),
        input: entries.map((entry) => `export * from './${entry}.js';`).join('\n'),
        maxBuffer: 2 ** 26,
      },
    );
  const zipped = (code: Buffer): number => gzipSync(code, { level: 9 }).length;
  const small = bundle(['index'], '--minify');
  const sizes = {
    'as written': bundle(['index']).length,
    minified: small.length,
    'minified and gzipped': zipped(small),
    ...Object.fromEntries(
      Object.entries(PROGRAMS).map(([name, entries]) => [name, zipped(bundle(entries, '--minify'))]),
    ),
  };
  return Object.entries(sizes).map(([row, bytes]) => ({ row, values: { bytes } }));
}
