import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build } from '../../../bench/run/build.js';
import { runProcess } from '../../../bench/run/process.js';

const MIB = 2 ** 20;

let folder: string;
let program: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pathwise-memory-'));
  program = await build(folder);
});
afterAll(() => rm(folder, { recursive: true }));

it('a training leaves nothing behind that makes V8 take more memory for it', async () => {
  const settings = { preset: 'latent20', batch: 8, at: [1000, 3000] };
  const command = { file: process.execPath, args: [program, 'memory', JSON.stringify(settings)], env: {} };
  const [{ values }] = await runProcess(command);
  // An object spread in each step, whose hidden class is made anew each time, is enough for 20 MiB.
  expect(values.growth).toBeLessThan(8 * MIB);
});
