import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { root } from './imports.js';

/**
 * A folder with the same files and folders of the project and its node_modules, to change or to build in while other
 * tests read the project; removed after the tests of the file.
 */
export function copyOfProject(names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'pathwise-copy-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of names) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}
