import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

const { version }: { version: string } = JSON.parse(
  readFileSync(new URL('package.json', import.meta.url), 'utf8'),
);

/** The page: static files in dist/page, with relative addresses, so that they work in any folder of any server. */
export default defineConfig({
  root: 'src/page',
  base: './',
  // vitest reads this file too, where there is no configuration of its own; it has one.
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  worker: { format: 'es' },
  define: { __VERSION__: JSON.stringify(version) },
  build: {
    outDir: '../../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    // One style sheet and one script for the window, one for the worker: nothing to wait for twice.
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  server: {
    headers: {
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    },
  },
});
