import assert from 'node:assert/strict';
import { messageOf } from '../../src/tensor/describe.js';

/** What the language says when a program has not looked. */
const NATIVE =
  /Maximum call stack|Cannot (read|convert|destructure|set)|is not (a function|iterable|a constructor|defined)|Invalid (typed )?array|allocation failed|out of memory|out of bounds|reading '/;

const LONGEST_MESSAGE = 700;
/** Bytes that a reader may take for a small file. */
const FREE = 2 ** 24;

/** Checks that a message is short, writes nothing on a terminal, and is not the language's own. */
export function checkMessage(message: string): void {
  assert.ok(message.length <= LONGEST_MESSAGE, `a message of ${message.length} characters`);
  assert.doesNotMatch(message, /[^\P{Cc}\n]/u);
  assert.doesNotMatch(message, NATIVE);
}

/** How a reader may refuse what it is given. */
export interface Refusal {
  /** Its error's name. */
  readonly errors: readonly string[];
  /** In its message. */
  readonly file: string;
  /** Bytes that it is given. */
  readonly size: number;
}

/**
 * What a reader gives; undefined where it refuses in the way that it should.
 * @throws Error when it refuses in another way, or takes memory out of proportion
 */
export async function read<T>(
  reader: () => T | Promise<T>,
  { errors, file, size }: Refusal,
): Promise<T | undefined> {
  const before = process.memoryUsage().arrayBuffers;
  let value: T | undefined;
  try {
    value = await reader();
  } catch (error) {
    if (!(error instanceof Error) || !errors.includes(error.name)) throw error;
    checkMessage(messageOf(error));
    assert.ok(error.message.includes(file), `the message does not name ${file}: ${error.message}`);
  }
  const taken = process.memoryUsage().arrayBuffers - before;
  assert.ok(taken <= FREE + 4 * size, `${taken} bytes were taken for ${size}`);
  return value;
}
