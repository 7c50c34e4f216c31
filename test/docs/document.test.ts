import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDocument } from '../../docs/read/document.js';
import { programOf } from '../../docs/read/program.js';
import { agrees, numbersIn, type Prediction, type Snippet } from '../../src/page/shared/document.js';

const PAGE = '[walk]: http://127.0.0.1:4733/#/step?at=3&node=z\n';

const blocksOf = (text: string) =>
  readDocument(`${text}\n\n${PAGE}`).sections.flatMap(({ blocks }) => blocks);

function snippetOf(text: string): Snippet {
  const [found] = blocksOf(text).flatMap((block) => (block.kind === 'snippet' ? [block.snippet] : []));
  return found;
}

const QUESTION = `> **Predict.** How *many*?
>
> - none <!-- 0 -->
> - a few <!-- 1 to 9 -->
> - more <!-- 10 to -->
>
> <!-- ask [walk] [data-value] -->
>
> <details><summary>Answer</summary>
>
> A few.
>
> </details>
`;

describe('readDocument', () => {
  it('takes headings as sections, formulas by the line, and leaves the rest as HTML', () => {
    const { title, sections } = readDocument(
      `# Title\n\nBefore.\n\n<!-- elsewhere -->\n\nOn paper.\n\n<!-- A note. -->\n\n## One: *two*?\n\n    a = b^2      c = d\n\nx^2 and [there][walk].\n\n${PAGE}`,
    );
    expect(title).toBe('Title');
    expect(sections.map(({ id, title }) => [id, title])).toEqual([
      ['start', ''],
      ['one-two', 'One: <em>two</em>?'],
    ]);
    expect(sections[0].blocks).toEqual([
      { kind: 'html', html: '<p>Before.</p>' },
      { kind: 'html', html: '<!-- A note. -->' },
    ]);
    expect(sections[1].blocks).toEqual([
      { kind: 'formula', lines: ['a = b^2', 'c = d'] },
      { kind: 'html', html: '<p>x² and <a href="#/step?at=3&amp;node=z">there</a>.</p>' },
    ]);
  });

  it('reads a snippet with its controls, its question, the links of its numbers and what it prints', () => {
    const snippet = snippetOf(
      '<!-- controls\nthe mean: tensor([-1.5])\ncount: 100_000\n-->\n\n```ts\nconst t = tensor([-1.5]);\nrun(100_000);\n```\n\n' +
        `${QUESTION}\n<!-- numbers\nz = [walk] [data-value] .other\n-->\n\n\`\`\`text\nz = 1 2\n\`\`\``,
    );
    expect(snippet.controls.map(({ name, value, from, to }) => [name, value, from, to])).toEqual([
      ['the mean', -1.5, 18, 22],
      ['count', 100_000, 30, 37],
    ]);
    expect(snippet.printed).toBe('z = 1 2');
    expect(snippet.links).toEqual([
      { label: 'z =', address: '#/step?at=3&node=z', shown: ['[data-value]', '.other'] },
    ]);
    const { question, choices, answer, source } = snippet.prediction as Prediction;
    expect([question, answer]).toEqual(['<p>How <em>many</em>?</p>', '<p>A few.</p>']);
    expect(choices).toEqual([
      { html: 'none', from: 0, to: 0 },
      { html: 'a few', from: 1, to: 9 },
      { html: 'more', from: 10, to: Number.MAX_VALUE },
    ]);
    expect(source).toEqual({ kind: 'view', address: '#/step?at=3&node=z', shown: '[data-value]' });
  });

  it('asks the output of a snippet too, with other values of its controls', () => {
    const asked = QUESTION.replace('[walk] [data-value]', 'epsilon = 0, the mean = -2.5: dloss/dz #2');
    const [block] = blocksOf(asked);
    expect(block).toMatchObject({
      prediction: {
        source: { kind: 'run', values: { epsilon: 0, 'the mean': -2.5 }, label: 'dloss/dz', index: 1 },
      },
    });
  });

  it('refuses what it cannot read, naming it', () => {
    const code = '```ts\nf(1, 1);\n```';
    expect(() => blocksOf(`<!-- controls\nx: f(2\n-->\n\n${code}`)).toThrow(/x: f\(2' is not a control/);
    expect(() => blocksOf(`<!-- controls\nx: f(1, 1)\n-->\n\n${code}`)).toThrow(/is not a control/);
    expect(() => blocksOf('<!-- live [nowhere] -->')).toThrow(/no link definition \[nowhere\]/);
    expect(() => blocksOf(QUESTION.replace('<!-- 0 -->', ''))).toThrow(/does not say when it is right/);
    expect(() => blocksOf(QUESTION.replace(/<!-- ask .*-->/, ''))).toThrow(/what to ask/);
    expect(() => snippetOf(`${code}\n\n<!-- numbers\nz\n-->\n\n\`\`\`text\n1\n\`\`\``)).toThrow(
      /does not say where/,
    );
  });
});

describe('programOf', () => {
  it('runs each snippet with the names and values that it needs, and no other before it', () => {
    const document = readDocument(
      "```ts\nconst a = 2;\n```\n\n```ts\nconst [b, { c }] = [1, { c: 'a' }];\n```\n\n" +
        '<!-- controls\nten: * 10\n-->\n\n```ts\nconsole.log(a * 10, { b: 1 }.b);\n```\n',
    );
    const parts = new Function(`${programOf(document).replace('export const parts =', 'return')}`)();
    expect(parts.map(({ needs }: { needs: number[] }) => needs)).toEqual([[], [], [0]]);
    expect(parts[1].run({}, console, [])).toEqual({ b: 1, c: 'a' });
    const lines: unknown[][] = [];
    parts[2].run(parts[0].run({}, console, []), { log: (...line: unknown[]) => lines.push(line) }, [7]);
    expect(lines).toEqual([[14, 1]]);
  });
});

describe('the numbers of an output', () => {
  it('are found where they stand for themselves', () => {
    const line = '%7 z = add(%0, %6) [1]  value 2.168  gradient -1.664, 1e-7 x 2.05e+4: 3 %, a 1/2, b64';
    expect(numbersIn(line).map(({ text }) => text)).toEqual(['2.168', '-1.664', '1e-7', '2.05e+4', '3']);
  });

  it('agree with others to the digits printed', () => {
    for (const [printed, live] of [
      ['0.35', 0.3549],
      ['2.05e+4', 20_460],
      ['-1.0', -1.049],
      ['784', 784],
      ['1e-7', 1.2e-7],
    ] as const) {
      expect(agrees(printed, live), printed).toBe(true);
    }
    for (const [printed, live] of [
      ['0.35', 0.3551],
      ['2.05e+4', 20_560],
      ['784', 785],
      ['-1.0', 1],
      ['1.00', Number.NaN],
    ] as const) {
      expect(agrees(printed, live), printed).toBe(false);
    }
  });
});

describe('docs/reparameterization.md', () => {
  const { sections } = readDocument(
    readFileSync(join(import.meta.dirname, '../../docs/reparameterization.md'), 'utf8'),
  );
  const blocks = sections.flatMap((section) => section.blocks);

  it('asks questions with answers that exclude each other', () => {
    const predictions = blocks.flatMap((block) =>
      block.kind === 'prediction'
        ? [block.prediction]
        : block.kind === 'snippet' && block.snippet.prediction
          ? [block.snippet.prediction]
          : [],
    );
    expect(predictions.length).toBeGreaterThan(4);
    for (const { choices, question } of predictions) {
      const sorted = choices.toSorted((a, b) => a.from - b.from);
      for (const [k, { from, to }] of sorted.entries()) {
        expect(from, question).toBeLessThanOrEqual(to);
        if (k > 0) expect(from, question).toBeGreaterThan(sorted[k - 1].to);
      }
    }
  });

  it('links only numbers that are there, each to one place', () => {
    for (const block of blocks) {
      if (block.kind !== 'snippet') continue;
      const { links, printed } = block.snippet;
      for (const { label, shown } of links) {
        const lines = printed?.split('\n').filter((line) => line.startsWith(label)) ?? [];
        expect(lines.length, label).toBe(1);
        expect(numbersIn(lines[0]).length, label).toBe(shown.length);
      }
    }
  });
});
