/**
 * A folder that any host can serve: `npm run build:site`. The page with the text in it, the API reference, and the texts of this
 * folder as pages of their own.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { markdown } from '../read/document.js';

const DOCS = join(import.meta.dirname, '..');
export const SITE = join(DOCS, '../site');

/** Beside the page: what starts it, and the service worker that adds headers. */
const SCRIPTS = ['isolate.js', 'headers.js'];

/** What the site has beside the page, with its words. */
export type More = Readonly<Record<string, string>>;

const FOOT =
  '.more{display:flex;gap:16px;padding:0 max(16px,calc(50vw - 720px)) 16px;font-size:13px}.docked .more{display:none}';

/**
 * The files that make a built page one of any host.
 * @param index the page's own index.html
 * @param more links to what is beside the page
 * @throws Error when the page does not begin with one module.
 */
export function siteFiles(index: string, more: More): Record<string, string> {
  const links = Object.entries(more).map(([path, words]) => `<a href="${path}">${words}</a>`);
  const script = /<script type="module"[^>]* src="([^"]+)"><\/script>/;
  const page = script.exec(index)?.[1];
  if (page === undefined) throw new Error('index.html does not load one module');
  const start = `<link rel="modulepreload" href="${page}" crossorigin>\n    <script type="module" src="./isolate.js" data-page="${page}"></script>`;
  const nav =
    links.length > 0
      ? `\n    <style>${FOOT}</style>\n    <nav class="more" aria-label="More">${links.join(' ')}</nav>`
      : '';
  return {
    'index.html': index
      .replace(script, start)
      .replace('<div id="page"></div>', `<div id="page"></div>${nav}`),
    ...Object.fromEntries(
      SCRIPTS.map((name) => [name, readFileSync(join(import.meta.dirname, name), 'utf8')]),
    ),
  };
}

const STYLE = `:root{color-scheme:light dark}body{max-width:46rem;margin:0 auto;padding:24px 16px 64px;font:17px/1.6 system-ui,sans-serif}
pre{overflow-x:auto;padding:12px;border:1px solid #8886;border-radius:8px;font-size:.8rem}img{max-width:100%}
table{display:block;overflow-x:auto;border-collapse:collapse}th,td{padding:4px 10px;border-bottom:1px solid #8886;text-align:left}`;

/** A text of this folder as a page of its own, in a folder beside the page. */
export function textPage(text: string): string {
  const title = /^# (.+)$/m.exec(text)?.[1] ?? 'Pathwise';
  const body = markdown({ page: '../', picture: (path) => path }).render(text);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Pathwise</title>
<style>${STYLE}</style>
</head>
<body>
<nav><a href="../">Pathwise</a></nav>
<main>
${body}</main>
</body>
</html>
`;
}

/** The texts of this folder by the names of their files, without the ending. */
const texts = (): string[] =>
  readdirSync(DOCS)
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.slice(0, -'.md'.length));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = join(SITE, 'text');
  mkdirSync(folder, { recursive: true });
  for (const name of texts()) {
    writeFileSync(join(folder, `${name}.html`), textPage(readFileSync(join(DOCS, `${name}.md`), 'utf8')));
  }
  for (const pictures of ['figures', 'images']) {
    cpSync(join(DOCS, pictures), join(folder, pictures), { recursive: true });
  }
  const more: More = {
    'api/index.html': 'API reference',
    'text/reparameterization.html': 'The text',
    'text/reference.html': 'Ops',
    ...(existsSync(join(DOCS, 'results.md')) && { 'text/results.html': 'Results' }),
  };
  for (const [name, text] of Object.entries(
    siteFiles(readFileSync(join(SITE, 'index.html'), 'utf8'), more),
  )) {
    writeFileSync(join(SITE, name), text);
  }
}
