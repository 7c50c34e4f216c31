import { readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'rolldown';
import { packages, rooms } from '../../rolldown.config.js';

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
    platform: 'node',
    external: packages,
    transform: { target: 'es2022' },
    logLevel: 'warn',
  } as const;
  const output = { dir: folder, format: 'esm' } as const;
  await bundle({
    ...common,
    input: Object.fromEntries(
      names.map((name) => [`measure/${basename(name, '.ts')}`, join(bench, 'measure', name)]),
    ),
    output: { ...output, codeSplitting: rooms },
  });
  // It loads the others when it runs.
  await bundle({
    ...common,
    external: [packages, /measure/],
    input: join(bench, 'child.ts'),
    output,
  });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  return join(folder, 'child.js');
}
