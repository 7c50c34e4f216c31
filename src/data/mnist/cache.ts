import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The folder in which downloaded data is kept, by each system's custom: `$XDG_CACHE_HOME` or `~/.cache`,
 * `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows.
 *
 * @param env the environment (default: this process's)
 * @param platform the system, as in `process.platform` (default: this one)
 * @param home the user's home folder (default: this user's)
 * @returns the path of a folder, which need not exist
 */
export function defaultMnistCache(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
  home: string = homedir(),
): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = env;
  // The XDG specification has relative paths ignored.
  if (XDG_CACHE_HOME?.startsWith('/')) return join(XDG_CACHE_HOME, 'pathwise', 'mnist');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'pathwise', 'mnist');
  if (platform === 'win32') {
    return join(LOCALAPPDATA || join(home, 'AppData', 'Local'), 'pathwise', 'Cache', 'mnist');
  }
  return join(home, '.cache', 'pathwise', 'mnist');
}
