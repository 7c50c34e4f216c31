import { inspect } from 'node:util';
import { codeOf, reasonOf } from '../data/system-error.js';
import { CLIPPED_PATH, clip } from '../tensor/describe.js';

/** An invalid command line: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A problem that the person can fix: exit code 1, the message without a stack. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** Exit codes of the command. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Whether an error of the file system has this code, such as 'ENOENT'. */
export const isSystemError = (error: unknown, code: string): boolean => codeOf(error) === code;

/** A message with every long word of the command line in it cut short. */
export function brief(message: string, args: readonly string[]): string {
  // The value of '--name=value' is quoted by itself.
  const words = args.flatMap((arg) => [arg, arg.replace(/^--[\w-]+=/, '')]);
  return words
    .filter((word) => word.length > CLIPPED_PATH)
    .reduce((text, word) => text.replaceAll(word, () => clip(word, CLIPPED_PATH)), message);
}

/** What an error of the system is about: a file, a thread, or what was asked of it. */
function subjectOf(error: Error): string {
  if ('path' in error) return clip(String(error.path), CLIPPED_PATH);
  return 'syscall' in error ? String(error.syscall) : 'a thread cannot start';
}

/** The message alone, or the whole stack with those of its causes if requested. */
export function describeError(error: unknown, debug: boolean): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  if (debug) return inspect(error);
  const reason = reasonOf(error);
  return `error: ${reason === undefined ? error.message : `${subjectOf(error)}: ${reason}`}`;
}
