import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { buildPage } from '../browser/build-page.js';

/** The packages that source maps name. */
const packagesIn = (maps: readonly string[]): string[] => {
  const sources = maps.flatMap((text): string[] => JSON.parse(text).sources);
  const names = sources.flatMap((source) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
  return [...new Set(names)].sort();
};

it('carries the licence of every package in its bundles, and its own', async () => {
  const files = await buildPage('--sourcemap');
  const maps = Object.entries(files).filter(([path]) => path.endsWith('.js.map'));
  const packages = packagesIn(maps.map(([, text]) => text));
  // Of the window, and of the worker.
  expect(packages).toEqual(expect.arrayContaining(['preact', 'uplot', 'fflate']));
  const titles = files['/licenses.txt'].match(/^\S+ \d\S* \([A-Z0-9.-]+\)$/gm) ?? [];
  expect(titles.map((title) => title.split(' ')[0])).toEqual(['pathwise', ...packages]);
  expect(files['/licenses.txt']).toContain(readFileSync('LICENSE', 'utf8').trim());
  expect(files['/licenses.txt'].match(/Copyright/g)?.length).toBeGreaterThan(packages.length);
});
