import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { accuracies } from '../../docs/accuracy.js';
import { REFERENCE, reference } from '../../docs/reference.js';

const measured = accuracies();

it('docs/reference.md is what `npm run reference` makes', () => {
  expect(readFileSync(REFERENCE, 'utf8')).toBe(reference(measured));
});

it('exp and log are within 2 ULP, the functions of the VAE within 2.5', () => {
  const largest = new Map(measured.map((accuracy) => [accuracy.name, accuracy.largest]));
  for (const name of ['exp', 'log']) expect(largest.get(name)).toBeLessThan(2);
  for (const name of ['tanh', 'sigmoid', 'softplus']) expect(largest.get(name)).toBeLessThan(2.5);
});
