/**
 * Runs the snippets of docs/reparameterization.md and docs/models.md, puts in what they print, and draws the figures of the first of
 * what they compute: `npm run walkthrough`. A test fails when a text or a figure is out of date.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runSnippets } from './snippets.js';

export const WALKTHROUGH = join(import.meta.dirname, 'reparameterization.md');
export const MODELS = join(import.meta.dirname, 'models.md');
export const FIGURES = join(import.meta.dirname, 'figures');

/** Prints the figures by name; `figures.ts` says what it takes from the snippets. */
const DRAW = `
import { figures } from './docs/figures.js';
console.log(JSON.stringify([...figures({ vae, eight, recorder, report, discrete })]));
`;

/** The text as it has to be, and its figures by the names of their files. */
export function walkthrough(text: string): { text: string; figures: ReadonlyMap<string, string> } {
  const ran = runSnippets(text, DRAW);
  return { text: ran.text, figures: new Map<string, string>(JSON.parse(ran.last)) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { text, figures } = walkthrough(readFileSync(WALKTHROUGH, 'utf8'));
  writeFileSync(WALKTHROUGH, text);
  mkdirSync(FIGURES, { recursive: true });
  for (const [name, svg] of figures) writeFileSync(join(FIGURES, name), svg);
  writeFileSync(MODELS, runSnippets(readFileSync(MODELS, 'utf8')).text);
}
