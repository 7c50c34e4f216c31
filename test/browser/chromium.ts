import { existsSync } from 'node:fs';

/** Where Chromium usually is; CHROMIUM names another place. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const given = process.env.CHROMIUM;

/** Where a Chromium was looked for, and how to name another one. */
export const searched = `no Chromium at ${given || PLACES.join(', ')}; set CHROMIUM to its path`;

/** The path of a Chromium; undefined where there is none. */
export const chromiumPath = (): string | undefined =>
  (given ? [given] : PLACES).find((path) => existsSync(path));

/**
 * The path of a Chromium to test with; undefined, with a line that says so, where there is none.
 * @throws Error where there is none although PATHWISE_REQUIRE_BROWSER says that there must be.
 */
export function findChromium(): string | undefined {
  const found = chromiumPath();
  if (found !== undefined) return found;
  if (process.env.PATHWISE_REQUIRE_BROWSER) throw new Error(searched);
  console.log(`tests in a browser are skipped: ${searched}`);
  return undefined;
}
