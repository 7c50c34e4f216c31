import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { filesOf } from './serve.js';

const root = join(import.meta.dirname, '../..');

/** The page as `npm run build:page` makes it, as texts by path. @param flags of Vite's */
export async function buildPage(...flags: readonly string[]): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'pathwise-page-'));
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  try {
    // In a process of its own: Vite builds for production only where NODE_ENV does not say that this is a test.
    await promisify(execFile)(
      process.execPath,
      [vite, 'build', '--logLevel', 'warn', '--outDir', folder, '--emptyOutDir', ...flags],
      { cwd: root, env: { ...process.env, NODE_ENV: 'production' } },
    );
    return filesOf(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
