import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runSnippets } from '../../docs/snippets.js';
import { FIGURES, MODELS, WALKTHROUGH, walkthrough } from '../../docs/walkthrough.js';
import { parseAddress } from '../../src/page/state/address.js';
import { inProcess } from '../cli/invoke.js';

describe('docs/reparameterization.md', () => {
  const text = readFileSync(WALKTHROUGH, 'utf8');
  let ran: ReturnType<typeof walkthrough>;
  beforeAll(() => {
    ran = walkthrough(text);
  });

  it('shows below every snippet what it prints', () => {
    expect(text.match(/^```ts$/gm)?.length).toBeGreaterThan(5);
    expect(ran.text).toBe(text);
  });

  it('shows every figure, as `npm run walkthrough` draws it', () => {
    expect(ran.figures.size).toBeGreaterThan(2);
    for (const [name, svg] of ran.figures) {
      expect(readFileSync(join(FIGURES, name), 'utf8'), name).toBe(svg);
      expect(text).toContain(`](figures/${name})`);
    }
  });
});

describe('docs/models.md', () => {
  const text = readFileSync(MODELS, 'utf8');

  it('shows below every snippet what it prints', () => {
    expect(text.match(/^```ts$/gm)?.length).toBeGreaterThan(5);
    expect(runSnippets(text).text).toBe(text);
  });

  it('names only options that the command has', async () => {
    const commands = [...text.matchAll(/^pathwise ([^#\n]*)/gm)].map(([, words]) =>
      words.trim().split(/\s+/),
    );
    expect(commands.length).toBeGreaterThan(9);
    for (const words of commands) {
      const { out } = await inProcess(words[0], '--help');
      for (const option of words.filter((word) => word.startsWith('--'))) {
        expect(out, words.join(' ')).toContain(`  ${option} `);
      }
    }
  });
});

it('every link into the page is an address that the page can read', () => {
  const links = [
    ...readFileSync(WALKTHROUGH, 'utf8').matchAll(/^\[[\w-]+\]: http:\/\/127\.0\.0\.1:4733\/(#.*)$/gm),
  ];
  const views = links.map(([, hash]) => {
    const { address, problems } = parseAddress(hash);
    expect(problems).toEqual([]);
    return address.view;
  });
  expect(new Set(views)).toEqual(new Set(['step', 'check', 'train', 'break', 'estimators']));
});

describe('runSnippets', () => {
  const withOutputs = (text: string): string => runSnippets(text).text;

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

  it('runs code after them that sees their names, and shows nothing of it', () => {
    const text = fenced('ts', 'const c = 3;\n');
    expect(runSnippets(text, 'console.log(c * 7);')).toEqual({ text, last: '21\n' });
  });
});
