import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundlePrograms } from '../bundle.js';
import { copyOfProject } from './copy.js';
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
      const help = execFileSync(process.execPath, ['dist/src/cli/main.js', 'train', '--help'], { encoding: 'utf8' });
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
      const run = ['dist/src/cli/main.js', 'hello'];
      process.stdout.write(execFileSync(process.execPath, run, { encoding: 'utf8' }));`,
  },
  'a likelihood': {
    create: {
      'src/vae/likelihoods/laplace.ts': `
        import { abs, add, noGrad, sub } from '../../autograd/index.js';
        import { uniform } from '../../tensor/create.js';
        import type { RandomStream } from '../../tensor/random/stream.js';
        import type { Tensor } from '../../tensor/tensor.js';
        import { defineLikelihood, Likelihood } from './likelihood.js';
        export class Laplace extends Likelihood {
          override readonly name = 'laplace';
          override readonly term = 'absolute error';
          override readonly range = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
          override readonly mend = 'give finite numbers';
          protected override nll(output: Tensor, x: Tensor): Tensor { return abs(sub(output, x)); }
          override constant(features: number): number { return features * Math.LN2; }
          override mean(output: Tensor): Tensor { return output; }
          override sample(output: Tensor, stream: RandomStream): Tensor {
            return noGrad(() => add(output, uniform(output.shape, stream, { dtype: output.dtype })));
          }
        }
        export const laplaceLikelihood = defineLikelihood({
          name: 'laplace', doc: 'Laplace of scale 1.', settings: {}, build: () => new Laplace(),
        });`,
    },
    insert: [
      [
        'src/vae/likelihoods/index.ts',
        "export { Poisson, poissonLikelihood } from './poisson.js';",
        "export { Laplace, laplaceLikelihood } from './laplace.js';",
      ],
      [
        'src/vae/parts/built-in.ts',
        "import { poissonLikelihood } from '../likelihoods/poisson.js';",
        "import { laplaceLikelihood } from '../likelihoods/laplace.js';",
      ],
      ['src/vae/parts/built-in.ts', '  poissonLikelihood,', '  laplaceLikelihood,'],
    ],
    use: `
      import { normal, Random, tensor } from './src/index.js';
      import { tensorDataset } from './src/data/index.js';
      import { mlp, readCheckpoint, Trainer, VAE } from './src/vae.js';
      const random = new Random(0);
      const parts = { encoder: mlp(4, [3]), decoder: mlp(2, [3]), posterior: { name: 'gaussian', latent: 2 }, prior: 'standard-normal', likelihood: 'laplace' };
      const vae = new VAE(parts, { stream: random.stream('init') });
      const trainer = new Trainer(vae, { train: tensorDataset(normal([64, 4], random.stream('x'))), epochs: 1, batchSize: 16 });
      for (const _ of trainer.run());
      const read = readCheckpoint(trainer.checkpoint(), 'a file');
      console.log(read.progress.epoch === 1 && Number.isFinite(trainer.history[0].train.loss) ? 'ok' : 'no');`,
  },
  'a body': {
    create: {
      'src/vae/parts/plain.ts': `
        import { Dense } from '../../nn/dense.js';
        import { Layer } from '../../nn/module.js';
        import { integer } from '../../nn/schema/index.js';
        import type { Tensor } from '../../tensor/tensor.js';
        import { type Body, defineBody } from './body.js';
        class Plain extends Layer implements Body {
          readonly dense: Dense;
          readonly takes: readonly number[];
          readonly outputs: number;
          constructor(inputs: number, outputs: number, context: object) {
            super();
            this.dense = new Dense({ inputs, outputs, ...(context as { stream: never }) });
            this.takes = [inputs];
            this.outputs = outputs;
          }
          override forward(x: Tensor): Tensor { return this.dense.forward(x); }
        }
        export const plain = defineBody({
          name: 'plain', doc: 'One dense layer.', settings: { inputs: integer({ min: 1, help: 'numbers per example' }) },
          build: ({ inputs }, { outputs, stream, dtype }) => new Plain(inputs, outputs ?? 3, { stream, dtype }),
          examples: (inputs) => [{ inputs }],
        });`,
    },
    insert: [
      [
        'src/vae/parts/index.ts',
        "export { Mlp, mlp } from './mlp.js';",
        "export { plain } from './plain.js';",
      ],
      ['src/vae/parts/built-in.ts', "import { mlp } from './mlp.js';", "import { plain } from './plain.js';"],
      ['src/vae/parts/built-in.ts', '  mlp,', '  plain,'],
    ],
    use: `
      import { normal, Random } from './src/index.js';
      import { objective, VAE } from './src/vae.js';
      const random = new Random(0);
      const body = (inputs) => ({ name: 'plain', inputs });
      const parts = { encoder: body(4), decoder: body(2), posterior: { name: 'gaussian', latent: 2 }, prior: 'standard-normal', likelihood: 'bernoulli' };
      const vae = new VAE(parts, { stream: random.stream('init') });
      const { loss } = objective(vae, normal([5, 4], random.stream('x'), { mean: 0.5, std: 0.01 }), normal([5, 2], random.stream('epsilon')));
      console.log(Number.isFinite(loss.item()) && vae.namedParameters().has('encoder.dense.weight') ? 'ok' : loss);`,
  },
};

const scratch = copyOfProject(['src', 'package.json', 'tsconfig.json']);
const programOf = (name: string): string => name.replaceAll(' ', '-');

beforeAll(async () => {
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
  const programs = Object.entries(recipes).map(([name, { use }]) => {
    const file = `${programOf(name)}.ts`;
    writeFileSync(join(scratch, file), use);
    return file;
  });
  await bundlePrograms(scratch, [...programs, 'src/cli/main.ts'], join(scratch, 'dist'));
});

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

describe.each(Object.entries(recipes))('adding %s', (name, { create, insert = [] }) => {
  it('touches the files that CONTRIBUTING lists', () => {
    const touched = new Set([
      ...Object.keys(create).map((file) => dirname(file)),
      ...insert.map(([file]) => file),
    ]);
    expect([...touched].sort()).toEqual(table().get(name)?.sort());
  });

  it('is all that it takes', { timeout: 60_000 }, () => {
    const printed = execFileSync(process.execPath, [`dist/${programOf(name)}.js`], {
      cwd: scratch,
      encoding: 'utf8',
    });
    expect(printed.trim()).toBe('ok');
  });
});
