import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { bundleCommand, type Spawn } from './invoke.js';

export * from './invoke.js';

/** A folder that is removed after the tests of the file. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'pathwise-cli-'));
  afterAll(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** {@link bundleCommand} for the tests of the file. */
export const bundledCommand = async (): Promise<Spawn> => bundleCommand(await temporaryFolder());
