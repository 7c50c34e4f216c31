import type { Command } from 'commander';
import { integer, type Values } from '../../nn/schema/index.js';
import { type BreakOptions, type MutationName, mutationOf, mutations, runBreak } from '../../study/index.js';
import { trainingSchema } from '../../vae/training/options.js';
import { EXIT } from '../errors.js';
import { addFlags, settingsOf } from '../flags.js';
import {
  breakCharts,
  checksText,
  curveTable,
  elementTable,
  gradientTable,
  plainReport,
  verdictTable,
} from './break-report.js';
import { meant, openBreakSubject } from './break-subject.js';
import { type Findings, outputFlags, report } from './output.js';
import { addRun, subjectFlags } from './subject.js';

const { beta, learningRate } = trainingSchema;
const FLAGS = {
  ...subjectFlags(64),
  steps: integer({
    min: 0,
    max: 100_000,
    default: 120,
    help: 'gradient steps of the short training; 0 for none',
  }),
  beta,
  learningRate,
  ...outputFlags,
};
type BreakFlags = Values<typeof FLAGS>;

type Opened = Awaited<ReturnType<typeof openBreakSubject>>;

const optionsOf = ({ seed, steps, beta, learningRate }: BreakFlags): BreakOptions => ({
  seed,
  steps,
  beta,
  learningRate,
  every: Math.max(1, Math.ceil(steps / 12)),
  pictures: 0,
});

/** The names of checks that failed. */
const seen = (run: ReturnType<typeof runBreak>['right']): string[] =>
  run.checks.filter(({ passed }) => !passed).map(({ check }) => check);

function verdict(reports: ReturnType<typeof reportAll>): { readonly text: string; readonly passed: boolean } {
  const rightFails = seen(reports[0].report.right);
  if (rightFails.length > 0)
    return { text: `The right trick fails: ${rightFails.join(', ')}.`, passed: false };
  const missed = reports.filter(({ report: { wrong } }) => seen(wrong).length === 0);
  if (missed.length > 0) {
    const names = missed.map(({ mutation }) => mutation.name).join(', ');
    const why = 'a decoder that ignores z hides what happens to z';
    return { text: `No check notices ${names} on this model: ${why}.`, passed: false };
  }
  return { text: 'Every mutation is noticed by a check, and the right trick passes all.', passed: true };
}

const reportAll = (opened: Opened, flags: BreakFlags) =>
  mutations.map((mutation) => ({ mutation, report: runBreak(mutation.name, opened.of, optionsOf(flags)) }));

function allFindings(opened: Opened, flags: BreakFlags): { findings: Findings; passed: boolean } {
  const reports = reportAll(opened, flags);
  const { text, passed } = verdict(reports);
  const findings: Findings = {
    name: 'break',
    parts: [
      `Six ways to get the trick wrong, each beside the right one, on ${opened.subject.title}.`,
      reports.map(({ mutation: { name, title } }) => `  ${name.padEnd(18)} ${title}`).join('\n'),
      verdictTable(reports, flags.steps),
      checksText(),
      text,
    ],
    charts:
      flags.steps === 0
        ? {}
        : Object.fromEntries(
            reports.map(({ mutation: { name }, report: found }) => [
              `break-${name}`,
              breakCharts(name, found).loss,
            ]),
          ),
    data: {
      model: opened.subject.title,
      passed,
      mutations: reports.map(({ mutation: { make: _, ...words }, report: found }) => ({
        ...words,
        seen: seen(found.wrong),
        report: plainReport(found),
      })),
    },
  };
  return { findings, passed };
}

function oneFindings(
  name: MutationName,
  opened: Opened,
  flags: BreakFlags,
): { findings: Findings; passed: boolean } {
  const { make: _, ...mutation } = mutationOf(name);
  const found = runBreak(name, opened.of, optionsOf(flags));
  const { right, wrong, gradients } = found;
  const said = (run: typeof right): string => run.checks.map(({ message }) => message).join('\n');
  const problems = [right.problem, wrong.problem].flatMap((problem, i) =>
    problem === null ? [] : [`The ${i === 0 ? 'right' : 'wrong'} run ${problem}`],
  );
  const findings: Findings = {
    name: `break-${name}`,
    parts: [
      `${mutation.title}, beside the right one, on ${opened.subject.title}.`,
      `  right: ${mutation.right}\n  wrong: ${mutation.wrong}`,
      mutation.explanation.join('\n'),
      gradientTable(gradients),
      elementTable(gradients),
      `What the checks say of the right trick\n\n${said(right)}`,
      `What they say of ${name}\n\n${said(wrong)}`,
      ...(flags.steps > 0 ? [curveTable(found)] : []),
      ...problems,
    ],
    charts: flags.steps > 0 ? breakCharts(name, found) : {},
    data: { model: opened.subject.title, ...mutation, seen: seen(wrong), ...plainReport(found) },
  };
  return { findings, passed: seen(right).length === 0 && seen(wrong).length > 0 };
}

async function showBreak(
  first: string | undefined,
  second: string | undefined,
  flags: BreakFlags,
): Promise<number> {
  const { name, run } = await meant(first, second);
  const opened = await openBreakSubject(run, flags);
  const { findings, passed } = name === null ? allFindings(opened, flags) : oneFindings(name, opened, flags);
  await report(findings, flags);
  return passed ? EXIT.done : EXIT.failed;
}

const EXAMPLES = `
Mutations:
${mutations.map(({ name, title }) => `  ${name.padEnd(18)} ${title}`).join('\n')}

Exit code 1 when the right trick fails a check, or no check notices a mutation.

Examples:
  pathwise study break                          all of them against all checks
  pathwise study break drop-half                one in detail
  pathwise study break kl-sign runs/glyphs-latent2-1 --steps 400 --out kl-sign`;

/** `pathwise study break` */
export function breakCommand(study: Command, done: (code: number) => void): void {
  const command = study
    .command('break')
    .summary('get the trick wrong in six ways, and see what notices')
    .description(
      'Runs named mutations of the trick beside the right one, from the same weights: gradients, what each check says, and a short training of both. Without a name, all of them in one table.',
    )
    .argument('[name]', 'a mutation; without one, all of them');
  addFlags(addRun(command), FLAGS)
    .addHelpText('after', EXAMPLES)
    .action(async (name: string | undefined, run: string | undefined, flags: object) =>
      done(await showBreak(name, run, settingsOf(FLAGS, flags))),
    );
}
