/** Writes docs/reference.md: `npm run reference`. A test fails when the file is not what this program makes. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import * as engine from '../src/index.js';
import * as nn from '../src/nn.js';
// Ops of this room are in the table too.
import '../src/vae.js';
import { type Accuracy, accuracies } from './accuracy.js';

export const REFERENCE = join(import.meta.dirname, 'reference.md');

const cell = (text: string): string => text.replaceAll('|', '\\|');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const opRows = (): string[][] =>
  engine.registeredOps().map(({ name, doc, arity, saves, differentiable }) => {
    const inputs = arity === 'many' ? [0] : Array.from({ length: arity }, (_, i) => i);
    const constant = inputs.filter((i) => !differentiable(i)).map((i) => i + 1);
    return [
      `\`${name}\``,
      cell(doc),
      arity === 'many' ? 'a list' : `${arity}`,
      saves.join(', ') || 'nothing',
      constant.length === 0
        ? 'all'
        : constant.length === inputs.length
          ? 'none'
          : `all but ${constant.join(', ')}`,
    ];
  });

const OPS = join(import.meta.dirname, '../src/autograd/ops');

/** The exported functions of a source file with the first sentence of their doc comments. */
function functionsIn(file: string): string[][] {
  const source = ts.createSourceFile(
    file,
    readFileSync(join(OPS, file), 'utf8'),
    ts.ScriptTarget.ES2022,
    true,
  );
  return source.statements.filter(ts.isFunctionDeclaration).flatMap((statement) => {
    const name = statement.name?.text ?? '';
    const doc = ts
      .getJSDocCommentsAndTags(statement)
      .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '');
    const [sentence] = doc
      .join(' ')
      .replaceAll('\n', ' ')
      .split(/(?<=\.) /);
    return name in engine || name in nn ? [[`\`${name}\``, cell(sentence)]] : [];
  });
}

const functionRows = (): string[][] => readdirSync(OPS).sort().flatMap(functionsIn);

const percent = (share: number): string =>
  share === 0 ? '0' : share < 0.0001 ? '< 0.01 %' : `${(100 * share).toFixed(2)} %`;

const accuracyRow = ({ name, largest, mean, shares }: Accuracy): string[] => [
  name,
  largest.toFixed(2),
  mean.toFixed(3),
  ...shares.map(percent),
];

const [I, N] = [Number.POSITIVE_INFINITY, Number.NaN];

/** Calls at the ends of what ops take, for their values and gradients. */
const ends: readonly [
  call: string,
  f: (x: engine.Tensor) => engine.Tensor,
  x: readonly number[],
  why: string,
][] = [
  [
    'softmax(x)',
    (x) => engine.softmax(x),
    [I, 1],
    'infinity / infinity is no number; the others vanish beside it',
  ],
  ['softmax(x)', (x) => engine.softmax(x), [-I, 0], '-infinity is a class that is left out'],
  ['softmax(x)', (x) => engine.softmax(x), [-I, -I], 'no distribution is left'],
  ['logSoftmax(x)', (x) => engine.logSoftmax(x), [I, 1], 'no distribution beside an infinity'],
  ['logSoftmax(x)', (x) => engine.logSoftmax(x), [-I, 0], 'as softmax'],
  ['logSoftmax(x)', (x) => engine.logSoftmax(x), [-I, -I], 'no distribution is left'],
  ['logsumexp(x)', (x) => engine.logsumexp(x), [-I, -I], 'the logarithm of 0; no element has a share in it'],
  ['logsumexp(x)', (x) => engine.logsumexp(x), [I, 0], 'the share of an infinity is infinity / infinity'],
  ['logsumexp(x)', (x) => engine.logsumexp(x), [N, 0], 'NaN is not hidden'],
  [
    'where([1, 0], x, NaN)',
    (x) => engine.where(engine.tensor([1, 0]), x, N),
    [2, 3],
    'what is not chosen does not count',
  ],
  [
    'where([1, 0], 5, x)',
    (x) => engine.where(engine.tensor([1, 0]), 5, x),
    [N, 3],
    'the same, where x is NaN itself',
  ],
  [
    'where(greater(x, 0), log(x), 0)',
    (x) => engine.where(engine.greater(x, 0), engine.log(x), 0),
    [0, 1],
    'the gradient 0 goes back through log, and 0 / 0 is no number',
  ],
  [
    'log(where(greater(x, 0), x, 1))',
    (x) => engine.log(engine.where(engine.greater(x, 0), x, 1)),
    [0, 1],
    'choose before, to be safe',
  ],
  ['mul(x, log(x))', (x) => engine.mul(x, engine.log(x)), [0, 1], '0 times -infinity is no number'],
  ['sum(x)', (x) => engine.sum(x), [], 'nothing to add'],
  ['mean(x)', (x) => engine.mean(x), [], '0 / 0'],
  ['logsumexp(x)', (x) => engine.logsumexp(x), [], 'the logarithm of 0'],
  ['softmax(x)', (x) => engine.softmax(x), [], 'no element'],
];

const numbers = (t: engine.Tensor): string =>
  t.rank === 0 ? `${t.item()}` : `[${Array.from(t.data, (x) => (x === 0 ? 0 : x)).join(', ')}]`;

/** Values and gradients of their sum, as the engine gives them. */
const endRows = (): string[][] =>
  ends.map(([call, f, at, why]) => {
    const x = engine.variable(engine.tensor(at, { shape: [at.length] }));
    const y = f(x);
    const gradient = engine.backward(y, { cotangent: engine.ones(y.shape) }).get(x);
    return [`\`${call}\``, numbers(x), numbers(y), numbers(gradient), why];
  });

/** The whole text. */
export const reference = (measured: readonly Accuracy[] = accuracies()): string => `# Reference

This page is made by \`npm run reference\` from the ops themselves.

## Ops

Each op is declared once, in a block of its own under \`src/autograd/ops\`, \`src/nn\` or \`src/vae\`, with its formula, its plain
kernel, what the backward pass keeps, and its derivative rule, which tests compare with finite differences.

${table(['op', 'what it computes', 'inputs', 'kept for backward', 'gradient flows to'], opRows())}

These functions are made of ops, and appear as those in a recorded graph:

${table(['function', 'what it computes'], functionRows())}

## Infinities, NaN and nothing

What ops give at the ends of what they take, and the gradient of the sum of that. IEEE 754 decides what a single operation gives; an
infinity, or NaN, is never replaced by a number that looks like a result.

${table(['call', 'x', 'value', 'gradient', 'why'], endRows())}

## Accuracy of float32 functions

The plain TypeScript kernels define every bit, in steps that are exact by IEEE 754; the emitted kernels give the same bits. Here are
their results against the float64 forms, over numbers of all exponents and, as many again, where the result is neither zero
nor saturated. A unit in the last place (ULP) is the distance between two neighbouring float32 numbers at the exact result; 0.5 is
the best there is. Normal draws are those of the same random words in float64.

The float64 forms of \`exp\`, \`log\` and their like are the JavaScript engine's. Node 20 and Node 24 agree in all of them to the bit, but
for \`pow\`, whose last bit differs in one result of ten.

${table(['function', 'largest error, ULP', 'mean, ULP', 'nearest', 'up to 1', 'up to 2', 'above'], measured.map(accuracyRow))}
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(REFERENCE, reference());
