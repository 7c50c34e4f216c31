import { integer, number, toggle, type Values } from '../../nn/schema/index.js';
import { numbers, words } from '../../study/reports/report.js';
import { formatCount, formatError, formatSeconds } from '../../tensor/format.js';
import { checkVae, type VaeCheck } from '../../vae/check.js';
import { defineCommand } from '../command.js';
import { EXIT } from '../errors.js';
import { formatRows } from '../table.js';
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
  seed: integer({ min: 0, default: 0, help: 'seed for every random number' }),
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

const verdict = ({ passed }: { readonly passed: boolean }): string => (passed ? 'ok' : 'WRONG');

const opTable = (ops: readonly OpCheck[]): string =>
  formatRows(ops, [
    words('op', ({ op }) => op),
    numbers('derivatives', ({ cases }) => cases, formatCount),
    numbers('worst error', ({ worst }) => worst, formatError),
    words('', verdict),
  ]);

function modelTable({ model, checks }: ModelChecks): string {
  const names = [...new Set(checks.map(({ withRespectTo }) => withRespectTo))];
  const rows = names.map((name) => ({
    name,
    own: checks.filter((check) => check.withRespectTo === name),
  }));
  const error = (title: string, term: string) =>
    numbers<(typeof rows)[number]>(
      title,
      ({ own }) => own.find((check) => check.term === term)?.worst ?? 0,
      formatError,
    );
  return formatRows(rows, [
    words(`VAE: ${model}`, ({ name }) => name),
    numbers('numbers', ({ own }) => own[0]?.elements ?? 0, String),
    error('KL', 'kl'),
    error('reconstruction', 'reconstruction'),
    error('loss', 'loss'),
    words('', ({ own }) => verdict({ passed: own.every(({ passed }) => passed) })),
  ]);
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
export const checkCommand = defineCommand({
  name: 'check',
  summary: 'check every gradient against finite differences',
  description:
    'Checks the gradient of every op and of small VAEs against finite differences; exit code 1 when one is wrong.',
  flags: FLAGS,
  examples: EXAMPLES,
  run: check,
});
