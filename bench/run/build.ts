import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * Compiles src and bench into a folder as the package is compiled, so that what is measured is what people install: a
 * loader of TypeScript would add its own time to starts, and name helpers to every closure.
 * @returns the program that runs one measurement
 * @throws Error when the compiler fails or is aborted.
 */
export async function build(folder: string, signal: AbortSignal): Promise<string> {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const project = fileURLToPath(new URL('../tsconfig.json', import.meta.url));
  await promisify(execFile)(process.execPath, [compiler, '-p', project, '--outDir', folder], { signal });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  return join(folder, 'bench/child.js');
}
