import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './imports.js';

/** What someone adds: new files, and lines put after a line of files that exist. */
interface Recipe {
  readonly create: Readonly<Record<string, string>>;
  readonly insert?: readonly (readonly [file: string, after: string, line: string])[];
  /** A module that uses what was added, and prints 'ok'. */
  readonly use: string;
}

const recipes: Readonly<Record<string, Recipe>> = {
  'an elementwise op': {
    create: {
      'src/autograd/ops/halved-square.ts': `
        import { defineOp } from '../define-op.js';
        import { anyShape } from '../shape-rules.js';
        import { mul, square } from './arithmetic.js';
        export const halvedSquare = defineOp({
          name: 'halvedSquare', doc: 'x^2 / 2.', arity: 1,
          body: (x) => mul(square(x), 0.5),
          saves: ['inputs'], vjp: [(g, { x }) => mul(g, x)], domain: { cases: anyShape },
        });`,
    },
    insert: [
      [
        'src/autograd/ops/index.ts',
        "export * from './arithmetic.js';",
        "export * from './halved-square.js';",
      ],
    ],
    use: `
      import { halvedSquare, normal, Random, registeredOps } from './src/index.js';
      const x = normal([1000], new Random(0).stream('x'));
      const y = halvedSquare(x);
      const right = y.data.every((v, i) => v === Math.fround(Math.fround(x.data[i] * x.data[i]) * 0.5));
      const op = registeredOps().find(({ name }) => name === 'halvedSquare');
      console.log(right && op.runs.fast === 1 ? 'ok' : op.runs);`,
  },
  'a fast kernel': {
    create: {
      'src/device/wasm/kernels/fill-sevens.ts': `
        import type { FastKernel } from '../fast-kernel.js';
        export const fastSevens: FastKernel<undefined> = {
          name: 'sevens',
          run(runtime, out) {
            const at = runtime.result(out);
            runtime.memory.floats(at, out.size).fill(7);
            runtime.finish(out, at);
            return true;
          },
        };`,
      'src/autograd/ops/sevens.ts': `
        import { fastSevens } from '../../device/wasm/kernels/fill-sevens.js';
        import { defineOp } from '../define-op.js';
        import { anyShape, same } from '../shape-rules.js';
        export const sevens = defineOp({
          name: 'sevens', doc: '7.', arity: 1, shape: same,
          forward: (out) => { out.data.fill(7); },
          kernels: { wasm: fastSevens },
          saves: [], vjp: ['constant'], domain: { cases: anyShape, derivative: 'none' },
        });`,
    },
    use: `
      import { zeros } from './src/index.js';
      import { sevens } from './src/autograd/ops/sevens.js';
      const y = sevens(zeros([100]));
      console.log(y.data.every((v) => v === 7) && sevens.op.runs.fast === 1 ? 'ok' : sevens.op.runs);`,
  },
  'an optimiser': {
    create: {
      'src/nn/optim/sign-descent.ts': `
        import { defineUpdate } from '../../autograd/define-update.js';
        import { mul, sub } from '../../autograd/ops/arithmetic.js';
        import { sign } from '../../autograd/ops/select.js';
        import { Optimizer, type ParameterSource, type Update } from './optimizer.js';
        const descend = defineUpdate({
          name: 'sign descent', state: ['p'], scalars: ['rate'],
          body: (g, { p }, { rate }) => ({ p: sub(p, mul(rate, sign(g))) }),
        });
        export class SignDescent extends Optimizer<{}> {
          constructor(parameters: ParameterSource, { learningRate }: { learningRate: number }) {
            super('SignDescent', parameters, learningRate, () => ({}));
          }
          protected override update(updates: readonly Update<{}>[]): void {
            const scalars = { rate: this.learningRate };
            descend(updates.map(({ parameter: p, gradient }) => ({ gradient, state: { p }, scalars })));
          }
        }`,
    },
    insert: [
      [
        'src/nn/index.ts',
        "export { SGD, type SGDOptions, type SgdBuffers } from './optim/sgd.js';",
        "export { SignDescent } from './optim/sign-descent.js';",
      ],
    ],
    use: `
      import { backward, sum, square, tensor, variable } from './src/index.js';
      import { SignDescent } from './src/nn.js';
      const p = variable(tensor([3, -2]), 'p');
      new SignDescent(new Map([['p', p]]), { learningRate: 0.5 }).step(backward(sum(square(p))));
      console.log(String(p.data) === '2.5,-1.5' ? 'ok' : p);`,
  },
  'a setting of training': {
    create: {},
    insert: [
      [
        'src/vae/training/options.ts',
        'export const trainingSchema = {',
        "  patienceOfPeople: integer({ min: 1, default: 3, label: 'Patience', help: 'how long people wait' }),",
      ],
    ],
    use: `
      import { execFileSync } from 'node:child_process';
      const help = execFileSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'train', '--help'], { encoding: 'utf8' });
      console.log(/--patience-of-people <n>\\s+how long people wait/.test(help) ? 'ok' : help);`,
  },
  'a command': {
    create: {
      'src/cli/commands/hello.ts': `
        import type { Command } from 'commander';
        export function helloCommand(program: Command, done: (code: number) => void): void {
          program.command('hello').summary('greet').action(() => { console.log('ok'); done(0); });
        }`,
    },
    insert: [
      [
        'src/cli/program.ts',
        "import { graphCommand } from './commands/graph.js';",
        "import { helloCommand } from './commands/hello.js';",
      ],
      ['src/cli/program.ts', '  trainCommand,', '  helloCommand,'],
    ],
    use: `
      import { execFileSync } from 'node:child_process';
      const run = ['--import', 'tsx', 'src/cli/main.ts', 'hello'];
      process.stdout.write(execFileSync(process.execPath, run, { encoding: 'utf8' }));`,
  },
};

let scratch = '';

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'pathwise-recipes-'));
  cpSync(join(root, 'src'), join(scratch, 'src'), { recursive: true });
  for (const file of ['package.json', 'tsconfig.json']) cpSync(join(root, file), join(scratch, file));
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));
  for (const { create, insert = [] } of Object.values(recipes)) {
    for (const [file, text] of Object.entries(create)) {
      mkdirSync(dirname(join(scratch, file)), { recursive: true });
      writeFileSync(join(scratch, file), text);
    }
    for (const [file, after, line] of insert) {
      const lines = readFileSync(join(scratch, file), 'utf8').split('\n');
      const at = lines.indexOf(after);
      if (at < 0) throw new Error(`${file} has no line '${after}'`);
      lines.splice(at + 1, 0, line);
      writeFileSync(join(scratch, file), lines.join('\n'));
    }
  }
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What CONTRIBUTING says is touched for each thing to add: the cells of its table, without new files' own names. */
function table(): Map<string, string[]> {
  const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const section = text.slice(text.indexOf('## What to add, and where'));
  const rows = section.split('\n').flatMap((line) => {
    const cells = /^\| (an? [^|]+?) \| (.+?) \| (.*?) ?\|$/.exec(line);
    return cells === null ? [] : [cells];
  });
  const paths = (cell: string): string[] => Array.from(cell.matchAll(/`([^`]+)`/g), ([, path]) => path);
  return new Map(rows.map(([, what, own, line]) => [what, [...paths(own), ...paths(line)]]));
}

describe.each(Object.entries(recipes))('adding %s', (name, { create, insert = [], use }) => {
  it('touches the files that CONTRIBUTING lists', () => {
    const touched = new Set([
      ...Object.keys(create).map((file) => dirname(file)),
      ...insert.map(([file]) => file),
    ]);
    expect([...touched].sort()).toEqual(table().get(name)?.sort());
  });

  it('is all that it takes', { timeout: 60_000 }, () => {
    const file = `${name.replaceAll(' ', '-')}.mts`;
    writeFileSync(join(scratch, file), use);
    const printed = execFileSync(process.execPath, ['--import', 'tsx', file], {
      cwd: scratch,
      encoding: 'utf8',
    });
    expect(printed.trim()).toBe('ok');
  });
});
