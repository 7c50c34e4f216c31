import { spawn } from 'node:child_process';
import { parseReadings, type Reading } from '../protocol.js';
import type { Command } from '../suite.js';

const LONGEST = 30 * 60_000;

/**
 * Runs a measuring process to its end.
 * @throws Error with the end of what it said on stderr when it fails, hangs, is aborted or prints no readings.
 */
export async function runProcess({ file, args, env }: Command, signal?: AbortSignal): Promise<Reading[]> {
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
  });
  if (code !== 0) {
    const said = output.stderr.trim().split('\n').slice(-8).join('\n');
    throw new Error(`${file} ${args.join(' ')}\nended with ${code}: ${said || 'it said nothing'}`);
  }
  return parseReadings(output.stdout);
}
