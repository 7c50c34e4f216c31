import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/** A folder for the length of a test file, and how to remove it. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'pathwise-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** One file of JavaScript from a program of this folder and all that it imports. */
export async function bundle(entry: string, outfile: string, platform: 'node' | 'browser'): Promise<string> {
  await build({
    entryPoints: [join(import.meta.dirname, entry)],
    outfile,
    platform,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
  });
  return outfile;
}
