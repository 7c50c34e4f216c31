import { spawn } from 'node:child_process';
import { cp, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from '../../src/cli/program.js';
import { bundlePrograms } from '../bundle.js';

/** What a command left behind. */
export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Puts something else in the place of a method. @returns puts it back */
function replace<T extends object, K extends keyof T>(target: T, name: K, value: T[K]): () => void {
  const before = target[name];
  target[name] = value;
  return () => {
    target[name] = before;
  };
}

/** Runs a command line in this process: as good as the real thing but for signals, and without its second of start. */
export async function inProcess(...args: string[]): Promise<Outcome> {
  let out = '';
  let err = '';
  const takeOut = (text: unknown): true => {
    out += String(text);
    return true;
  };
  const putBack = [
    replace(process.stdout, 'write', takeOut),
    replace(process.stderr, 'write', (text: unknown) => {
      err += String(text);
      return true;
    }),
    replace(console, 'log', (text) => takeOut(`${String(text)}\n`)),
  ];
  try {
    return { code: await run(args), out, err };
  } finally {
    for (const put of putBack) put();
  }
}

export interface SpawnOptions {
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What the shell's `ulimit` is given, as '-n 20'. */
  readonly limit?: string;
  /** A descriptor that takes its output. */
  readonly stdout?: number;
  /** Called once it runs; may send it signals later. */
  readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
  /** Called with all output so far; may send a signal, or read no more. */
  readonly onOutput?: (out: string, kill: (signal: NodeJS.Signals) => void, leave: () => void) => void;
}

/** Runs the command with words in a process of its own. */
export type Spawn = (args: readonly string[], options?: SpawnOptions) => Promise<Outcome>;

const spawner =
  (...program: readonly string[]): Spawn =>
  (args, { cwd, env, limit, stdout, onStart, onOutput } = {}) =>
    new Promise((done, fail) => {
      const words = [process.execPath, ...program, ...args];
      const shell = limit === undefined ? [] : ['sh', '-c', `ulimit ${limit}; exec "$0" "$@"`];
      const [file, ...rest] = [...shell, ...words];
      const child = spawn(file, rest, {
        cwd,
        env: { ...process.env, ...env },
        stdio: ['ignore', stdout ?? 'pipe', 'pipe'],
      });
      const kill = (signal: NodeJS.Signals) => child.kill(signal);
      let out = '';
      let err = '';
      child.on('spawn', () => onStart?.(kill));
      child.stdout?.on('data', (chunk) => {
        out += String(chunk);
        onOutput?.(out, kill, () => child.stdout?.destroy());
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

/** Bundles the command into a folder, to run it as those do who have installed it. */
export async function bundleCommand(folder: string): Promise<Spawn> {
  await cp('package.json', join(folder, 'package.json'));
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  await bundlePrograms(resolve(), [MAIN], folder);
  return spawner(join(folder, MAIN.replace(/\.ts$/, '.js')));
}

/** The lines of JSON of a log. */
export const jsonLines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
