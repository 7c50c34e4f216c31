/** Words for what the system refuses, where reading and writing have none of their own. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this machine',
  ENAMETOOLONG: 'the path is longer than the system takes',
  ELOOP: 'its symbolic links lead in a circle',
  EIO: 'the disk reports an error',
};

/** The code of an error of the system, such as 'ENOENT'; undefined where it has none. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  // A thread that cannot start has the system's code in its message alone.
  const started = error.code !== 'ERR_WORKER_INIT_FAILED';
  return String(started ? error.code : error.message.split(' ').at(-1));
}

/** Why the system refuses, in words; undefined where there are none. @param own the caller's words, by code */
export function reasonOf(error: unknown, own: Readonly<Record<string, string>> = {}): string | undefined {
  const code = codeOf(error) ?? '';
  return own[code] ?? REASONS[code];
}
