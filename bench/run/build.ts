import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';

const bench = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles the measurements and the library into a folder as the package is bundled, so that what is measured is what
 * people install: a loader of TypeScript would add its own time to starts, and name helpers to every closure.
 * @returns the program that runs one measurement
 * @throws Error when the bundler fails.
 */
export async function build(folder: string): Promise<string> {
  const names = (await readdir(join(bench, 'measure'))).filter((name) => name.endsWith('.ts'));
  const common = {
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    logLevel: 'error',
    outdir: folder,
  } as const;
  const entryPoints = names.map((name) => join(bench, 'measure', name));
  await bundle({
    ...common,
    entryPoints,
    outbase: bench,
    bundle: true,
    splitting: true,
    packages: 'external',
  });
  // It loads the others when it runs.
  await bundle({ ...common, entryPoints: [join(bench, 'child.ts')] });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  return join(folder, 'child.js');
}
