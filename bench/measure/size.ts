import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Reading } from '../protocol.js';

export interface SizeSettings {
  /** The folder of the project. */
  readonly root: string;
}

/** esbuild comes with tsx, which the project needs anyway. */
function esbuild(root: string): string {
  const tsx = createRequire(join(root, 'package.json')).resolve('tsx/package.json');
  return join(dirname(createRequire(tsx).resolve('esbuild/package.json')), 'bin/esbuild');
}

/** Everything behind `import ... from 'pathwise'` in one file, as a page would load it. */
export async function measure({ root }: SizeSettings): Promise<Reading[]> {
  const bundle = async (...options: string[]): Promise<Buffer> => {
    const { stdout } = await promisify(execFile)(
      esbuild(root),
      [
        join(root, 'src/index.ts'),
        '--bundle',
        '--format=esm',
        '--platform=neutral',
        '--external:node:*',
        '--log-level=error',
        ...options,
      ],
      { encoding: 'buffer', maxBuffer: 2 ** 26 },
    );
    return stdout;
  };
  const [whole, small] = [await bundle(), await bundle('--minify')];
  return [
    { row: 'as written', values: { bytes: whole.length } },
    { row: 'minified', values: { bytes: small.length } },
    { row: 'minified and gzipped', values: { bytes: gzipSync(small, { level: 9 }).length } },
  ];
}
