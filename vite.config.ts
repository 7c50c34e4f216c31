import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { texts } from './docs/read/plugin.js';

const { version }: { version: string } = JSON.parse(
  readFileSync(new URL('package.json', import.meta.url), 'utf8'),
);

/** The licence of a package, with its name and version. @throws Error where it has none. */
function licenseIn(folder: string): string {
  const about = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${folder} has no licence that the page could carry`);
  return `${about.name} ${about.version} (${about.license})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}

/**
 * licenses.txt: of the page, and of every package in its bundles. Vite's own `build.license` does not see those of workers, which
 * are bundled before the window.
 */
function licenses(): { readonly collect: Plugin; readonly write: Plugin } {
  const folders = new Set<string>();
  const collect: Plugin = {
    name: 'licenses: collect',
    generateBundle(_, bundle) {
      for (const output of Object.values(bundle)) {
        for (const id of output.type === 'chunk' ? output.moduleIds : []) {
          const found = /^\/?[^\0]*\/node_modules\/(@[^/]+\/)?[^/]+(?=\/)/.exec(id);
          if (found !== null) folders.add(found[0]);
        }
      }
    },
  };
  const write: Plugin = {
    name: 'licenses: write',
    generateBundle() {
      const texts = [...folders].map(licenseIn).sort();
      const source = [licenseIn(import.meta.dirname), ...texts].join(`\n${'-'.repeat(80)}\n\n`);
      this.emitFile({ type: 'asset', fileName: 'licenses.txt', source });
    },
  };
  return { collect, write };
}

const { collect, write } = licenses();

/** What only convolutions and rarer parts of models need; the importance-weighted bound is a file of its own. */
const RARE =
  /\/src\/(autograd\/ops\/(convolution|normalize|pool|triangular|unfold|upsample|windows)|device\/wasm\/kernels\/convolution\/|tensor\/kernels\/convolution|nn\/(channel-norms|convolution|flatten|residual)|vae\/parts\/(built-in|conditional-prior|conv|flow|full-gaussian|mixture)|vae\/likelihoods\/(categorical|discretized-logistic|poisson))/;

/**
 * What the first view needs as one file, and what is fetched when that stands as another: many small ones, each with its list of
 * imports, are 10 KB more when gzipped.
 */
const inTwo = (later: string) => [
  { name: 'first', tags: ['$initial' as const] },
  // Of later views and of rare parts alike.
  { name: 'choosing', test: /\/(gather|extreme[a-z-]*)\.ts/ },
  // Of the bound and of rare parts alike.
  { name: 'rare-softmax', test: /\/softmax/ },
  { name: 'bound', test: /\/src\/(autograd\/ops\/scale-gradient|vae\/parts\/importance)/ },
  { name: 'rare', test: RARE },
  { name: later, test: /\/src\// },
];

/**
 * A checkpoint may name any part, so reading one brings all of them. The page has made sure of those that one names before it reads
 * it (`loadParts`), and the first view does without convolutions and rarer likelihoods.
 */
const partsLater: Plugin = {
  name: 'parts: later',
  enforce: 'pre',
  resolveId(id, importer) {
    const isOfReader = id.endsWith('/parts/built-in.js') && importer?.endsWith('/training/checkpoint.ts');
    return isOfReader ? join(import.meta.dirname, 'src/page/worker/first-parts.ts') : null;
  },
};

const PARTS = /\/src\/vae\/(parts|likelihoods)\//;
const OPS = /\/src\/(autograd\/ops|nn|vae)\//;

type Unused = Readonly<Record<string, { within: RegExp; value: RegExp; instead: string }>>;

/** Properties that the page has no use for, and what stands in their place: the words of `--help`, and what ops and parts are tested on. */
const UNUSED: Unused = {
  help: { within: /\/src\//, value: /^Literal/, instead: "''" },
  doc: { within: PARTS, value: /^Literal/, instead: "''" },
  examples: { within: PARTS, value: /Function/, instead: 'undefined' },
  cases: { within: OPS, value: /^(Array|Identifier)/, instead: '[]' },
  range: { within: OPS, value: /^Array/, instead: '[]' },
};

const SETTINGS = /\/src\/(vae\/(config|shared-settings|training\/options)|page\/shared\/settings)\.ts/;
/** Forms are not made in the worker. */
const IN_WORKER: Unused = {
  ...UNUSED,
  label: { within: SETTINGS, value: /^Literal/, instead: 'undefined' },
  unit: { within: SETTINGS, value: /^Literal/, instead: 'undefined' },
};

const without = (unused: Unused): Plugin => ({
  name: 'without what the page has no use for',
  enforce: 'post',
  transform(code, id) {
    const isHere = (name: string): boolean => unused[name].within.test(id) && code.includes(name);
    if (!/\.tsx?$/.test(id) || !Object.keys(unused).some(isHere)) return null;
    const cuts: { readonly start: number; readonly end: number; readonly instead: string }[] = [];
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      const { type, key, value } = Object(node);
      const found = type === 'Property' && Object.hasOwn(unused, key.name) ? unused[key.name] : undefined;
      if (found?.within.test(id) && found.value.test(value.type)) cuts.push({ ...value, ...found });
      else Object.values(node).forEach(visit);
    };
    visit(this.parse(code));
    let left = code;
    for (const { start, end, instead } of cuts.reverse())
      left = left.slice(0, start) + instead + left.slice(end);
    return { code: left, map: null };
  },
  // What tells a bundler that a call may be dropped; none comes after this one.
  generateBundle(_, bundle) {
    for (const output of Object.values(bundle)) {
      if (output.type !== 'chunk') continue;
      output.code = output.code.replaceAll(/(\w?)\/\* @__PURE__ \*\/ ?/g, (_, word) => word && `${word} `);
    }
  },
});

/** The page: static files in dist/page, with relative addresses, so that they work in any folder of any server. */
export default defineConfig({
  root: 'src/page',
  base: './',
  // vitest reads this file too, where there is no configuration of its own; it has one.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: {
    format: 'es',
    plugins: () => [collect, texts(), partsLater, without(IN_WORKER)],
    // Unlike those of the window, the chunks of a worker keep what only a bundler reads.
    rolldownOptions: {
      output: { comments: { annotation: false }, codeSplitting: { groups: inTwo('study') } },
    },
  },
  plugins: [collect, write, texts(), without(UNUSED)],
  define: { __VERSION__: JSON.stringify(version) },
  build: {
    outDir: '../../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    rolldownOptions: { output: { codeSplitting: { groups: inTwo('views') } } },
  },
  server: {
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    },
  },
});
