import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { presetNames } from '../../src/vae/config.js';
import { posteriors } from '../../src/vae/parts/posterior.js';
import { priors } from '../../src/vae/parts/prior.js';
import { inProcess, temporaryFolder } from './harness.js';

const place = await temporaryFolder();
const list = async () => {
  const { out } = await inProcess('models', '--json');
  return JSON.parse(out) as {
    presets: { name: string; title: string; help: string; example: string }[];
    parts: { kind: string; name: string; doc: string; flag: string | null }[];
  };
};
const { presets, parts } = await list();

describe('pathwise models', () => {
  it('lists every preset and part, and the flag that gives a model the part', async () => {
    expect(presets.map(({ name }) => name)).toEqual(presetNames);
    const flags = Object.fromEntries(parts.map(({ kind, name, flag }) => [`${kind} ${name}`, flag]));
    expect(flags).toMatchObject({
      'body mlp': '--body dense',
      'body conv-transposed': '--body conv',
      'posterior gaussian': '--posterior diagonal',
      'posterior flow': '--posterior flow',
      'prior vamp': '--prior vamp',
      'prior conditional': '--prior conditional',
      'condition label': '--condition label',
      'likelihood discretized-logistic': '--likelihood discretized-logistic',
      'likelihood poisson': null,
    });
    expect(flags['objective elbo']).toContain('--beta');
    for (const [kind, { definitions }] of Object.entries({ posterior: posteriors, prior: priors })) {
      const listed = parts.filter((part) => part.kind === kind);
      expect(listed.map(({ name, doc }) => [name, doc])).toEqual(
        definitions.map(({ name, doc }) => [name, doc]),
      );
      for (const { flag } of listed) expect(flag).toMatch(/^--/);
    }
  });

  it('says of each what it is for, in a line', async () => {
    const { code, out } = await inProcess('models');
    expect(code).toBe(0);
    const lines = out.split('\n');
    for (const { title, help } of presets) {
      expect(lines.find((line) => line.startsWith(`${title} `))).toContain(help);
    }
    for (const { kind, name, doc } of parts) {
      expect(lines.find((line) => line.startsWith(`${kind} ${name} `))).toContain(doc);
    }
  });

  it.each(presets)('has an example that runs: $example', async ({ name, example }) => {
    const out = join(place, name);
    const [, ...words] = example.split(' ');
    const few = ['--limit', '4', '--batch-size', '2', '--epochs', '1', '--out', out];
    const { code, err } = await inProcess(...words, ...few);
    expect([code, err]).toEqual([0, '']);
    expect(await readdir(out)).toContain('report.html');
  });
});

describe('train --help', () => {
  it('groups the options by what they decide', async () => {
    const { out } = await inProcess('train', '--help');
    const sections = out.split(/\n\n(?=\S[^\n]*:\n)/);
    const optionsOf = (heading: string): string[] =>
      [
        ...(sections.find((text) => text.startsWith(`${heading}:\n`)) ?? '').matchAll(/^ {2}(--[\w-]+)/gm),
      ].map(([, flag]) => flag);
    expect(optionsOf('Data and model')).toEqual(['--data', '--preset', '--limit']);
    expect(optionsOf('Layers')).toEqual(
      expect.arrayContaining(['--body', '--hidden', '--latent', '--kernel']),
    );
    expect(optionsOf('Posterior, prior and condition')).toEqual([
      '--condition',
      '--posterior',
      '--couplings',
      '--prior',
      '--components',
    ]);
    expect(optionsOf('Likelihood')).toEqual(['--likelihood', '--sigma', '--learn-sigma']);
    expect(optionsOf('Objective')).toEqual(expect.arrayContaining(['--beta', '--free-bits', '--warmup']));
    expect(optionsOf('Training')).toEqual(
      expect.arrayContaining(['--epochs', '--batch-size', '--early-stopping-patience']),
    );
    expect(optionsOf('Options')).toEqual(expect.arrayContaining(['--out', '--resume', '--json']));
  });
});
