import { randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { WriteError } from '../../data/atomic.js';
import { readFileText } from '../../data/open.js';
import { clip, messageOf } from '../../tensor/describe.js';
import { parseJson } from '../../tensor/json.js';
import { Failure, isSystemError } from '../errors.js';

/** The process that trains or evaluates in a folder. */
interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When its process began, in the system's own count; null where that is not known. Numbers of processes are used again. */
  readonly started: string | null;
}

/** A lock without content is of a process that has just made it, or was killed there. */
const WRITTEN_WITHIN = 10_000;
/** A lock is one short line. */
const MAX_LOCK_BYTES = 4096;

/** State and start time of a process: the third and the 22nd field of its `stat`; null where there is no such file. */
async function statOf(pid: number): Promise<{ readonly state: string; readonly started: string } | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  // The second field is the name, in parentheses, and may hold anything.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields === undefined ? null : { state: fields[0], started: fields[19] };
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isSystemError(error, 'EPERM');
  }
}

async function isAlive({ pid, host, started }: Owner): Promise<boolean> {
  // Nothing can be known of another machine's processes.
  if (host !== hostname()) return true;
  if (!exists(pid)) return false;
  const now = await statOf(pid);
  if (now === null) return true;
  return now.state !== 'Z' && now.state !== 'X' && (started === null || started === now.started);
}

function ownerIn(text: string): Owner | null {
  try {
    const { pid, host, started } = Object(parseJson(text));
    // 0 and below are whole groups of processes.
    if (!Number.isSafeInteger(pid) || pid <= 0 || typeof host !== 'string') return null;
    return { pid, host, started: typeof started === 'string' ? started : null };
  } catch {
    return null;
  }
}

/** @returns null where there is no lock. @throws Failure where it cannot be read */
async function lockText(path: string): Promise<string | null> {
  try {
    return await readFileText(path, MAX_LOCK_BYTES);
  } catch (error) {
    if (error instanceof Error && isSystemError(error.cause, 'ENOENT')) return null;
    throw new Failure(`no one can tell whether another process works there: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** @returns its content where its process is dead; null where there is no lock. @throws Failure where it is alive */
async function staleLock(path: string, folder: string): Promise<string | null> {
  const text = await lockText(path);
  const info = await stat(path).catch(() => null);
  if (text === null || info === null) return null;
  const owner = ownerIn(text);
  const isHeld = owner === null ? Date.now() - info.mtimeMs < WRITTEN_WITHIN : await isAlive(owner);
  if (!isHeld) return text;
  const who = owner === null ? 'another process' : `process ${owner.pid}`;
  const elsewhere =
    owner !== null && owner.host !== hostname()
      ? ` on ${clip(owner.host)}; if it has ended, remove ${path}`
      : '';
  throw new Failure(`${folder} is in use: ${who} works there${elsewhere}`);
}

/** Takes a dead process's lock away, unless it has become another's meanwhile. */
async function clear(path: string, text: string): Promise<void> {
  const aside = `${path}.${randomUUID()}.tmp`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return;
    throw new WriteError(path, error);
  }
  if ((await lockText(aside)) !== text) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Whether a folder has the lock of a process that is dead. */
export const hasStaleLock = async (path: string, folder: string): Promise<boolean> =>
  (await staleLock(path, folder)) !== null;

/**
 * Claims a folder by one exclusive create of a file with the number and the start time of this process.
 * @throws Failure naming the process that has it
 */
export async function claim(path: string, folder: string): Promise<void> {
  const started = (await statOf(process.pid))?.started ?? null;
  const owner: Owner = { pid: process.pid, host: hostname(), started };
  for (;;) {
    try {
      const handle = await open(path, 'wx');
      try {
        await handle.writeFile(`${JSON.stringify(owner)}\n`);
      } catch (error) {
        // It is ours, and names nobody: others would take it for one that is just being written.
        await rm(path, { force: true });
        throw error;
      } finally {
        await handle.close();
      }
      return;
    } catch (error) {
      if (!isSystemError(error, 'EEXIST')) throw new WriteError(path, error);
    }
    const stale = await staleLock(path, folder);
    if (stale !== null) await clear(path, stale);
  }
}
