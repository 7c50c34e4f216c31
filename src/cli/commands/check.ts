import type { Command } from 'commander';
import { integer, number, toggle, type Values } from '../../nn/schema/index.js';
import { formatCount, formatError, formatSeconds } from '../../tensor/format.js';
import { checkVae, type VaeCheck } from '../../vae/check.js';
import { EXIT } from '../errors.js';
import { addFlags, settingsOf } from '../flags.js';
import { formatTable } from '../table.js';
import { checkOp, type OpCheck, opsInOrder } from './check-op.js';

const EXAMPLES = `
Every op is called with random shapes and values from its domain, and its derivative rules, and their own
derivatives, are compared with central differences in float64. Then KL, reconstruction and loss of small VAEs, with
respect to mean, logvar, z and every parameter, with epsilon held fixed.

Examples:
  pathwise check
  pathwise check --draws 20 --seed 7
  pathwise check --json`;

const FLAGS = {
  draws: integer({ min: 1, max: 10_000, default: 4, help: "random calls for each case of an op's domain" }),
  seed: integer({ min: 0, default: 0, help: 'decides every random number' }),
  tolerance: number({ above: 0, default: 1e-7, help: 'largest relative error accepted' }),
  json: toggle({ help: 'print one JSON object' }),
};

/** The VAEs that are checked: every likelihood, a smooth activation and one with a kink. */
const MODELS = [
  { name: 'Bernoulli', config: { likelihood: 'bernoulli', activation: 'tanh' } },
  { name: 'Gaussian, sigma^2 = 1/2', config: { likelihood: 'gaussian', activation: 'relu', hidden: [5, 4] } },
  { name: 'Gaussian, sigma learned', config: { likelihood: 'gaussian', learnSigma: true, sigma: 0.6 } },
] as const;

interface ModelChecks {
  readonly model: string;
  readonly checks: readonly VaeCheck[];
}

const verdict = (passed: boolean): string => (passed ? 'ok' : 'WRONG');

function opTable(ops: readonly OpCheck[]): string {
  const rows = ops.map(({ op, cases, worst, passed }) => [
    op,
    formatCount(cases),
    formatError(worst),
    verdict(passed),
  ]);
  return formatTable(['op', 'derivatives', 'worst error', ''], rows, ['left', 'right', 'right', 'left']);
}

function modelTable({ model, checks }: ModelChecks): string {
  const names = [...new Set(checks.map(({ withRespectTo }) => withRespectTo))];
  const rows = names.map((name) => {
    const own = checks.filter((check) => check.withRespectTo === name);
    const error = (term: string): string => formatError(own.find((check) => check.term === term)?.worst ?? 0);
    const passed = own.every((check) => check.passed);
    return [
      name,
      String(own[0]?.elements ?? 0),
      error('kl'),
      error('reconstruction'),
      error('loss'),
      verdict(passed),
    ];
  });
  const titles = [`VAE: ${model}`, 'numbers', 'KL', 'reconstruction', 'loss', ''];
  return formatTable(titles, rows, ['left', 'right', 'right', 'right', 'right', 'left']);
}

function check({ draws, seed, tolerance, json }: Values<typeof FLAGS>): number {
  const began = performance.now();
  const ops = opsInOrder().map((op) => checkOp(op, { draws, seed, tolerance }));
  const models = MODELS.map(({ name, config }) => ({
    model: name,
    checks: checkVae({ config, seed, tolerance }),
  }));
  const all = [...ops, ...models.flatMap(({ checks }) => checks)];
  const failed = all.filter(({ passed }) => !passed);
  const worst = all.reduce((max, entry) => Math.max(max, entry.worst), 0);
  const cases =
    ops.reduce((total, op) => total + op.cases, 0) +
    models.flatMap(({ checks }) => checks).reduce((total, { elements }) => total + elements, 0);
  const seconds = (performance.now() - began) / 1000;
  const passed = failed.length === 0;
  if (json) {
    const vae = models.flatMap(({ model, checks }) => checks.map((entry) => ({ model, ...entry })));
    console.log(JSON.stringify({ passed, tolerance, seed, cases, worst, seconds, ops, vae }));
  } else {
    console.log([opTable(ops), ...models.map(modelTable)].join('\n\n'));
    for (const { message } of failed) console.log(`\n${message}`);
    const result = passed ? 'All gradients are right' : `${failed.length} of ${all.length} checks failed`;
    console.log(
      `\n${result}: ${formatCount(cases)} derivatives, worst relative error ${formatError(worst)} ` +
        `(allowed ${formatError(tolerance)}), ${formatSeconds(seconds)}.`,
    );
  }
  return passed ? EXIT.done : EXIT.failed;
}

/** `pathwise check` */
export function checkCommand(program: Command, done: (code: number) => void): void {
  const command = program
    .command('check')
    .summary('check every gradient against finite differences')
    .description(
      'Checks the gradient of every op and of small VAEs against finite differences; exit code 1 when one is wrong.',
    );
  addFlags(command, FLAGS)
    .addHelpText('after', EXAMPLES)
    .action((flags: object) => done(check(settingsOf(FLAGS, flags))));
}
