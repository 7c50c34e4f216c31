/** One measurement in a process of its own: `node child.js PART SETTINGS`, settings as JSON; prints readings as JSON. */
import type { Reading } from './protocol.js';

const [part, settings] = process.argv.slice(2);
// Loaded here, not above: the part 'start' times the loading of the library.
const { measure }: { measure: (settings: unknown) => Reading[] | Promise<Reading[]> } = await import(
  `./measure/${part}.js`
);
console.log(JSON.stringify(await measure(JSON.parse(settings))));
