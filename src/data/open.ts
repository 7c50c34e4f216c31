import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { messageOf } from '../tensor/describe.js';
import { checkOptions } from '../tensor/known-options.js';
import { DataError } from './errors.js';
import { reasonOf } from './system-error.js';

/** The largest file that is read unless a caller says otherwise: 2 GiB. */
export const MAX_FILE_BYTES = 2 ** 31;
/** A single read of more fails on some systems. */
const MAX_READ_BYTES = 2 ** 30;

/** Limits of {@link readFileBytes} and `readIdxFile`. */
export interface ReadOptions {
  /** The largest content accepted, in bytes, uncompressed. Defaults to 2 GiB. */
  readonly maxBytes?: number;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file; part of its path is a file, not a folder',
  EACCES: 'it may not be read: permission denied',
  EPERM: 'it may not be read: not permitted',
};

/** What is no file, in words; null for a file. */
function otherThanFile(info: Stats): string | null {
  if (info.isFile()) return null;
  if (info.isDirectory()) return 'a folder; give a file in it';
  if (info.isFIFO()) return 'a pipe; write what comes out of it to a file first';
  return info.isSocket() ? 'a socket' : 'a device';
}

function check(info: Stats, path: string, maxBytes: number): void {
  const other = otherThanFile(info);
  if (other !== null) throw new DataError(path, undefined, `expected a file, found ${other}`);
  if (info.size <= maxBytes) return;
  throw new DataError(path, undefined, `found ${info.size} bytes, expected ${maxBytes} at most`);
}

/** A file that is open, and how long it is. */
export interface OpenFile {
  readonly size: number;
  /** The first bytes, at most `length`. */
  start(length: number): Promise<Uint8Array>;
  /** All of it. @throws DataError when it has become shorter. */
  whole(): Promise<Uint8Array>;
}

async function read(handle: FileHandle, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(length - at, MAX_READ_BYTES), at);
    if (bytesRead === 0) return bytes.subarray(0, at);
    at += bytesRead;
  }
  return bytes;
}

/**
 * Opens a file, lets `use` read it, and closes it: the one way in which files are read. Pipes, devices, folders and what is too
 * large are refused before anything is read, since reading them may never end.
 * @throws DataError naming the file and the reason, whatever the system's was.
 */
export async function withFile<T>(
  path: string,
  maxBytes: number,
  use: (file: OpenFile) => Promise<T>,
): Promise<T> {
  let handle: FileHandle | undefined;
  try {
    check(await stat(path), path, maxBytes);
    // What is put in its place after this look must not block either: O_NONBLOCK, where there is such a thing.
    const opened = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    handle = opened;
    const info = await opened.stat();
    check(info, path, maxBytes);
    return await use({
      size: info.size,
      start: (length) => read(opened, Math.min(length, info.size)),
      whole: async () => {
        const bytes = await read(opened, info.size);
        if (bytes.length === info.size) return bytes;
        throw new DataError(path, bytes.length, `the file ends here; it had ${info.size} bytes a moment ago`);
      },
    });
  } catch (error) {
    if (error instanceof DataError) throw error;
    const reason = reasonOf(error, REASONS) ?? `it cannot be read: ${messageOf(error)}`;
    throw new DataError(path, undefined, reason, { cause: error });
  } finally {
    await handle?.close();
  }
}

/**
 * Reads a file whole: a checkpoint, say, or another safetensors file.
 * @throws DataError when it is missing, unreadable, too large, or no file but a folder, a pipe or a device.
 */
export async function readFileBytes(path: string, options: ReadOptions = {}): Promise<Uint8Array> {
  checkOptions(options, ['maxBytes'], 'readFileBytes');
  return withFile(path, options.maxBytes ?? MAX_FILE_BYTES, (file) => file.whole());
}

/** Reads a text in UTF-8. @throws DataError as {@link readFileBytes}, and when it is not UTF-8. */
export async function readFileText(path: string, maxBytes = MAX_FILE_BYTES): Promise<string> {
  const bytes = await readFileBytes(path, { maxBytes });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DataError(path, undefined, 'the file is no text in UTF-8', { cause });
  }
}
