/** Builds the texts of this folder into the page: what is read for the window, and what runs for the worker. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Plugin, transformWithOxc } from 'vite';
import { PICTURE, readDocument } from './document.js';
import { programOf } from './program.js';

const DOCS = join(import.meta.dirname, '..');
const ROOT = join(DOCS, '..');

/** The texts that have a live view beside them. */
const names = readdirSync(DOCS)
  .filter((file) => file.endsWith('.md') && /^<!-- live /m.test(readFileSync(join(DOCS, file), 'utf8')))
  .map((file) => file.slice(0, -'.md'.length));

/** A module that exports a function for each text, which loads it. */
const listOf = (query: string): string =>
  `export const list = { ${names
    .map(
      (name) => `${JSON.stringify(name)}: () => import(${JSON.stringify(join(DOCS, `${name}.md${query}`))})`,
    )
    .join(', ')} };`;

const { compilerOptions }: { compilerOptions: { paths: Readonly<Record<string, readonly string[]>> } } =
  JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8'));

const LISTS: Readonly<Record<string, string>> = {
  'virtual:documents': '?document',
  'virtual:programs': '?program',
};

/**
 * The modules `virtual:documents` and `virtual:programs`: for each text by its name, a function that loads it as a
 * `LiveDocument`, and as the functions of its snippets. The package's own name leads to its source.
 */
export function texts(): Plugin {
  return {
    name: 'pathwise-texts',
    // Before Vite, which would lead to the package as it is built, a second engine, where it has been built.
    enforce: 'pre',
    resolveId(id) {
      if (id in LISTS) return `\0${id}`;
      const path = compilerOptions.paths[id]?.[0];
      return path === undefined ? null : join(ROOT, path);
    },
    async load(id) {
      if (id.startsWith('\0virtual:') && id.slice(1) in LISTS) return listOf(LISTS[id.slice(1)]);
      const [file, query] = id.split('?');
      if (!file.endsWith('.md')) return null;
      this.addWatchFile(file);
      const document = readDocument(readFileSync(file, 'utf8'));
      if (query === 'program') {
        const { code } = await transformWithOxc(programOf(document), `${file}.ts`);
        return { code, moduleType: 'js' };
      }
      const pictures: string[] = [];
      const json = JSON.stringify(document).replace(PICTURE, (_, path: string) => {
        pictures.push(`import picture${pictures.length} from './${path}?url&no-inline';`);
        return `" + picture${pictures.length - 1} + "`;
      });
      return { code: `${pictures.join('\n')}\nexport const document = ${json};\n`, moduleType: 'js' };
    },
  };
}
