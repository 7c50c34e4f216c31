import { spawn } from 'node:child_process';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, vi } from 'vitest';
import { run } from '../../src/cli/program.js';
import { bundlePrograms } from '../bundle.js';

/** What a command left behind. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process: as good as the real thing but for signals, and without its second of start. */
export async function inProcess(...args: string[]): Promise<Outcome> {
  let out = '';
  let err = '';
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += String(text);
      return true;
    }),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      err += String(text);
      return true;
    }),
    vi.spyOn(console, 'log').mockImplementation((text) => {
      out += `${String(text)}\n`;
    }),
  ];
  try {
    return { code: await run(args), out, err };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

export interface SpawnOptions {
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A descriptor that takes its output. */
  readonly stdout?: number;
  /** Called with all output so far; may send a signal, or read no more. */
  readonly onOutput?: (out: string, kill: (signal: NodeJS.Signals) => void, leave: () => void) => void;
}

/** Runs the command with words in a process of its own. */
export type Spawn = (args: readonly string[], options?: SpawnOptions) => Promise<Outcome>;

const spawner =
  (...program: readonly string[]): Spawn =>
  (args, { cwd, env, stdout, onOutput } = {}) =>
    new Promise((done, fail) => {
      const child = spawn(process.execPath, [...program, ...args], {
        cwd,
        env: { ...process.env, ...env },
        stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
      });
      let out = '';
      let err = '';
      child.stdout?.on('data', (chunk) => {
        out += String(chunk);
        onOutput?.(
          out,
          (signal) => child.kill(signal),
          () => child.stdout?.destroy(),
        );
      });
      child.stderr?.on('data', (chunk) => {
        err += String(chunk);
      });
      child.on('error', fail);
      child.on('close', (code) => done({ code, out, err }));
    });

const MAIN = 'src/cli/main.ts';

/** Runs the command from its source, as `npm run pathwise` does. */
export const spawnedFromSource = spawner(
  '--import',
  pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
  resolve(MAIN),
);

/** How to run the command as those do who have installed it: bundled, here for the tests of the file. */
export async function bundledCommand(): Promise<Spawn> {
  const folder = await temporaryFolder();
  await cp('package.json', join(folder, 'package.json'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  await bundlePrograms(resolve(), [MAIN], folder);
  return spawner(join(folder, MAIN.replace(/\.ts$/, '.js')));
}

/** A folder that is removed after the tests of the file. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'pathwise-cli-'));
  afterAll(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** The lines of JSON of a log. */
export const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
