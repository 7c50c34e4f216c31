import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The source and the measurements as the compiler leaves them, in a folder of their own. */
export interface Build {
  readonly folder: string;
  /** Runs one measurement. */
  readonly child: string;
  remove(): Promise<void>;
}

/**
 * Compiles src and bench as the package is compiled, so that what is measured is what people install: a loader of
 * TypeScript would add its own time to starts, and name helpers to every closure.
 * @throws Error when the compiler fails.
 */
export async function build(): Promise<Build> {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const project = fileURLToPath(new URL('../tsconfig.json', import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), 'pathwise-bench-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await promisify(execFile)(process.execPath, [compiler, '-p', project, '--outDir', folder]);
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n');
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, child: join(folder, 'bench/child.js'), remove };
}
