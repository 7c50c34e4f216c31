import { expect, it } from 'vitest';
import { measure } from '../../bench/measure/size.js';
import { root } from './imports.js';

const sizes = new Map((await measure({ root })).map(({ row, values }) => [row, values.bytes]));

it("the bundle of the README's first snippet is at most 40 KiB, minified and gzipped", () => {
  expect(sizes.get("README's first snippet")).toBeGreaterThan(10 * 1024);
  expect(sizes.get("README's first snippet")).toBeLessThanOrEqual(40 * 1024);
});

it('all of the library entry is at most 60 KiB, minified and gzipped', () => {
  expect(sizes.get('minified and gzipped')).toBeLessThanOrEqual(60 * 1024);
});

it('grows with every entry beside it, and gzip finds something to do', () => {
  const small = sizes.get('minified and gzipped') ?? 0;
  expect(sizes.get('minified')).toBeGreaterThan(2 * small);
  expect(sizes.get('with nn')).toBeGreaterThan(small);
  expect(sizes.get('with nn and vae')).toBeGreaterThan(sizes.get('with nn') ?? 0);
});
