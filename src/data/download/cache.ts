import { homedir } from 'node:os';
import { join } from 'node:path';

/** A data set that is downloaded once and kept. */
export type CachedName = 'mnist' | 'cifar10';

/**
 * The folder in which a downloaded data set is kept, by each system's custom: `$XDG_CACHE_HOME` or `~/.cache`,
 * `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows.
 *
 * @param name of the data set
 * @param env the environment (default: this process's)
 * @param platform the system, as in `process.platform` (default: this one)
 * @param home the user's home folder (default: this user's)
 * @returns the path of a folder, which need not exist
 */
export function defaultCache(
  name: CachedName,
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
  home: string = homedir(),
): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = env;
  // The XDG specification has relative paths ignored.
  if (XDG_CACHE_HOME?.startsWith('/')) return join(XDG_CACHE_HOME, 'pathwise', name);
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'pathwise', name);
  if (platform === 'win32') {
    return join(LOCALAPPDATA || join(home, 'AppData', 'Local'), 'pathwise', 'Cache', name);
  }
  return join(home, '.cache', 'pathwise', name);
}
