/** Runs the snippets of docs/reparameterization.md and puts in what they print: `npm run walkthrough`. A test fails when it is out of date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withOutputs } from './snippets.js';

export const WALKTHROUGH = join(import.meta.dirname, 'reparameterization.md');

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(WALKTHROUGH, withOutputs(readFileSync(WALKTHROUGH, 'utf8')));
}
