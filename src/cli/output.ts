import { workerData } from 'node:worker_threads';
import { writeReason } from '../data/atomic.js';

/** What a thread that runs a command cannot ask of its own output. */
export interface TerminalInfo {
  readonly isTTY: boolean;
  readonly columns: number | undefined;
}

const isInfo = (data: unknown): data is { readonly terminal: TerminalInfo } =>
  typeof data === 'object' && data !== null && 'terminal' in data;

/** What standard output is: in a thread of the command's, that of the main thread. */
export const terminalInfo = (): TerminalInfo =>
  isInfo(workerData)
    ? workerData.terminal
    : { isTTY: process.stdout.isTTY === true, columns: process.stdout.columns };

/**
 * Keeps the process going where its output cannot be written. A reader that closes early (`| head`) is no error. A full disk is
 * told once, and fails the command, unless its output is a log beside what it writes.
 */
export function watchOutput(isLog: boolean): void {
  let lost = false;
  // What cannot be written there cannot be told either.
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // EIO: the terminal is gone.
    if (lost || error.code === 'EPIPE' || error.code === 'EIO') return;
    lost = true;
    const rest = isLog ? '; the training goes on without it' : '';
    process.stderr.write(`error: the output cannot be written: ${writeReason(error)}${rest}\n`);
  });
  process.on('exit', (code) => {
    if (lost && !isLog && code === 0) process.exitCode = 1;
  });
}
