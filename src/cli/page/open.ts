import { spawn } from 'node:child_process';

/** The program that opens an address in the browser of this system; null without a desktop. */
export function opener(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): readonly [command: string, ...args: string[]] | null {
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : null;
}

/** Opens an address in the person's browser. Resolves with false if that is not possible. */
export function openInBrowser(url: string): Promise<boolean> {
  const found = opener(process.platform, process.env);
  if (found === null) return Promise.resolve(false);
  const [command, ...args] = found;
  return new Promise((resolve) => {
    const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => resolve(true));
    child.unref();
  });
}
