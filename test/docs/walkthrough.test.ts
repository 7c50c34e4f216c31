import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FIGURES, figures } from '../../docs/figures.js';
import { withOutputs } from '../../docs/snippets.js';
import { WALKTHROUGH } from '../../docs/walkthrough.js';
import { parseAddress } from '../../src/page/state/address.js';

it('every snippet of docs/reparameterization.md prints what stands below it', () => {
  const text = readFileSync(WALKTHROUGH, 'utf8');
  expect(text.match(/^```ts$/gm)?.length).toBeGreaterThan(5);
  expect(withOutputs(text)).toBe(text);
}, 120_000);

it('every figure is what `npm run figures` draws, and the text shows it', () => {
  const text = readFileSync(WALKTHROUGH, 'utf8');
  const drawn = figures();
  expect(drawn.size).toBeGreaterThan(2);
  for (const [name, svg] of drawn) {
    expect(readFileSync(join(FIGURES, name), 'utf8'), name).toBe(svg);
    expect(text).toContain(`](figures/${name})`);
  }
}, 120_000);

it('every link into the page is an address that the page can read', () => {
  const links = [
    ...readFileSync(WALKTHROUGH, 'utf8').matchAll(/\]\(http:\/\/127\.0\.0\.1:4733\/(#[^)]*)\)/g),
  ];
  const views = links.map(([, hash]) => {
    const { address, problems } = parseAddress(hash);
    expect(problems).toEqual([]);
    return address.view;
  });
  expect(new Set(views)).toEqual(new Set(['step', 'check', 'estimators', 'break']));
});

describe('withOutputs', () => {
  const fenced = (language: string, code: string): string => `\`\`\`${language}\n${code}\`\`\`\n`;

  it('puts in what a snippet prints, later snippets seeing the names of earlier ones', () => {
    const text = (first: string, second: string): string =>
      [
        'before\n',
        fenced('ts', 'const a: number = 2;\nconsole.log(a);\n'),
        fenced('text', first),
        'between\n',
        fenced(
          'ts',
          "import { tensor } from 'pathwise';\nconsole.log(tensor([a]).item() + 1);\nconsole.log('end');\n",
        ),
        fenced('text', second),
        'after\n',
      ].join('\n');
    expect(withOutputs(text('', 'wrong\n'))).toBe(text('2\n', '3\nend\n'));
  });

  it('leaves blocks of other languages, and snippets that print nothing', () => {
    const text = fenced('sh', 'npm ci\n') + fenced('ts', 'const b = 1;\n') + fenced('ts', 'void b;\n');
    expect(withOutputs(text)).toBe(text);
  });

  it('refuses output that is not shown, and snippets that fail', () => {
    expect(() => withOutputs(fenced('ts', "console.log('seen');\n"))).toThrow(/no text block follows/);
    expect(() => withOutputs(fenced('ts', "throw new Error('broken');\n"))).toThrow(/broken/);
  });
});
