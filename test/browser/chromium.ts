import { existsSync } from 'node:fs';

/** Where Chromium usually is; CHROMIUM names another place. */
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * The path of a Chromium to test with; undefined, with a line that says so, where there is none.
 * @throws Error where there is none although PATHWISE_REQUIRE_BROWSER says that there must be.
 */
export function findChromium(): string | undefined {
  const given = process.env.CHROMIUM;
  const found = (given ? [given] : PLACES).find((path) => existsSync(path));
  if (found !== undefined) return found;
  const told = `no Chromium at ${given || PLACES.join(', ')}; set CHROMIUM to its path`;
  if (process.env.PATHWISE_REQUIRE_BROWSER) throw new Error(told);
  console.log(`tests in a browser are skipped: ${told}`);
  return undefined;
}
