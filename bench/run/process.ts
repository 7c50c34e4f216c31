import { spawn } from 'node:child_process';
import { parseReadings, type Reading } from '../protocol.js';
import type { Command } from '../suite.js';

const LONGEST = 30 * 60_000;

/** Wants a core until its input ends, as it does when this process is gone. */
const BUSY = `
  process.stdin.resume().on('end', () => process.exit());
  const turn = () => {
    for (const until = Date.now() + 50; Date.now() < until; );
    setImmediate(turn);
  };
  turn();`;

/** Starts busy processes. @returns ends them */
function occupy(count: number): () => void {
  const busy = Array.from({ length: count }, () =>
    spawn(process.execPath, ['-e', BUSY], { stdio: ['pipe', 'ignore', 'ignore'] }),
  );
  return () => {
    for (const child of busy) child.kill('SIGKILL');
  };
}

/**
 * Runs a measuring process to its end.
 * @throws Error with the end of what it said on stderr when it fails, hangs, is aborted or prints no readings.
 */
export async function runProcess(
  { file, args, env, busy = 0 }: Command,
  signal?: AbortSignal,
): Promise<Reading[]> {
  const release = occupy(busy);
  const child = spawn(file, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST,
    ...(signal === undefined ? {} : { signal }),
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
    });
  }
  const code = await new Promise<number | string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exit, signal) => resolve(exit ?? signal ?? 'unknown'));
  }).finally(release);
  if (code !== 0) {
    const said = output.stderr.trim().split('\n').slice(-8).join('\n');
    throw new Error(`${file} ${args.join(' ')}\nended with ${code}: ${said || 'it said nothing'}`);
  }
  return parseReadings(output.stdout);
}
