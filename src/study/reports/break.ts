import { formatNumber } from '../../tensor/format.js';
import type { GradientPair } from '../break/gradients.js';
import type { BreakReport, RunReport } from '../break/report.js';
import type { TestPoint } from '../break/runner.js';
import {
  CHECKS,
  checks,
  MUTATIONS,
  type MutationName,
  type MutationWords,
  mutationWords,
} from '../break/words.js';
import {
  type Chart,
  numbers,
  type Report,
  type Series,
  seriesOf,
  type Table,
  tableOf,
  words,
} from './report.js';

/** A mutation with what came of it. */
export interface Broken {
  readonly mutation: MutationWords;
  readonly report: BreakReport;
}

/** The names of the checks that failed. */
const seen = (run: RunReport): string[] => run.checks.flatMap(({ check, passed }) => (passed ? [] : [check]));

/** `39.04 = 36.19 + 2.85`, or why there is none. */
function lastOf({ curve, problem }: RunReport): string {
  const last = curve.at(-1);
  if (problem !== null) return problem.split(':')[0];
  return last === undefined
    ? ''
    : `${formatNumber(last.loss)} = ${formatNumber(last.reconstruction)} + ${formatNumber(last.kl)}`;
}

/** The right trick and all mutations against all checks. */
function verdictTable(all: readonly Broken[], steps: number): Table {
  const rows = [
    { name: 'the right trick', run: all[0].report.right },
    ...all.map(({ mutation: { name }, report }) => ({ name, run: report.wrong })),
  ];
  type Row = (typeof rows)[number];
  return tableOf('What each check says', rows, [
    words('', ({ name }) => name),
    ...CHECKS.map((check) =>
      words<Row>(check, ({ run }) => (seen(run).includes(check) ? 'FAILS' : 'passes')),
    ),
    ...(steps > 0 ? [words<Row>(`test loss after ${steps} steps`, ({ run }) => lastOf(run))] : []),
  ]);
}

const checksText = checks
  .map(({ name, question, how }) => `  ${name.padEnd(9)} ${question} ${how[0].toUpperCase()}${how.slice(1)}.`)
  .join('\n');

const term = words<Pick<GradientPair, 'term'>>('of', (row) => row.term);
const tensor = words<Pick<GradientPair, 'tensor'>>('by', (row) => row.tensor);
const optional = (title: string, value: (pair: GradientPair) => number | null) => ({
  ...numbers(
    title,
    (pair: GradientPair) => value(pair) ?? Number.NaN,
    (x) => (Number.isNaN(x) ? '-' : formatNumber(x)),
  ),
});

/** Relative differences up to this are rounding to float32. */
const SAME = 1e-6;

/** The gradients of both runs: norms, angle, and the factor between them. */
const gradientTable = (pairs: readonly GradientPair[]): Table =>
  tableOf(
    'Gradients: norms, the cosine between them, and the factor from right to wrong',
    pairs.filter(({ rightNorm, wrongNorm }) => rightNorm > 0 || wrongNorm > 0),
    [
      term,
      tensor,
      numbers('right', ({ rightNorm }) => rightNorm),
      numbers(
        'wrong',
        ({ wrongNorm }) => wrongNorm,
        (x) => (x === 0 ? 'none' : formatNumber(x)),
      ),
      optional('cosine', ({ cosine }) => cosine),
      optional('factor', ({ ratio }) => ratio),
      words('', ({ difference: d }) => (d === 0 ? 'same bits' : d > SAME ? 'DIFFERENT' : 'same')),
    ],
  );

/** Elements of a gradient that are shown. */
const SHOWN = 4;

/** The first numbers of the main gradients, side by side. */
function elementTable(pairs: readonly GradientPair[]): Table {
  const rows = pairs.flatMap(({ values, ...pair }) =>
    values === null || pair.term === 'loss' || (pair.term === 'kl' && pair.tensor === 'z')
      ? []
      : Array.from(values.right.subarray(0, SHOWN), (right, i) => ({
          ...pair,
          i,
          right,
          wrong: values.wrong[i],
        })),
  );
  return tableOf('The first numbers of them', rows, [
    term,
    tensor,
    words('element', ({ i, shape }) => `[${Math.floor(i / shape[1])}, ${i % shape[1]}]`),
    numbers('right', ({ right }) => right),
    numbers('wrong', ({ wrong }) => wrong),
  ]);
}

function curveTable({ right, wrong }: BreakReport): Table {
  const steps = [...new Set([...right.curve, ...wrong.curve].map(({ at }) => at))].sort((a, b) => a - b);
  const column = (title: string, { curve }: RunReport, of: (point: TestPoint) => number) => ({
    title,
    align: 'right' as const,
    cell: (step: number): string => {
      const point = curve.find(({ at }) => at === step);
      return point === undefined ? '-' : formatNumber(of(point));
    },
  });
  const columns = (name: string, run: RunReport) => [
    column(`${name}: loss`, run, ({ loss }) => loss),
    column('reconstruction', run, ({ reconstruction }) => reconstruction),
    column('KL', run, ({ kl }) => kl),
  ];
  return tableOf('Both trained on: the right objective on the test data, nats per example', steps, [
    words('step', String),
    ...columns('right', right),
    ...columns('wrong', wrong),
  ]);
}

/** The axis is logarithmic where the largest value is more than this many times the smallest. */
const FAR_APART = 100;

/** Curves of both runs, on a logarithmic axis if they are far apart. */
export function breakCharts(name: string, { right, wrong }: BreakReport) {
  const both = (title: string, of: (run: RunReport, name: string) => Series): Chart => ({
    title,
    x: { label: 'gradient steps' },
    y: { label: 'nats per example' },
    series: [of(right, 'right'), of(wrong, name)],
  });
  const tested = (field: 'loss' | 'reconstruction' | 'kl', title: string): Chart => {
    const chart = both(title, ({ curve }, of) =>
      seriesOf(
        of,
        curve,
        ({ at }) => at,
        (point) => point[field],
      ),
    );
    const values = chart.series.flatMap(({ points }) => points.map(([, y]) => y));
    const log = values.every((y) => y > 0) && Math.max(...values) > FAR_APART * Math.min(...values);
    return { ...chart, y: { ...chart.y, log } };
  };
  return {
    loss: tested('loss', 'The right objective on the test data'),
    reconstruction: tested('reconstruction', 'Its reconstruction'),
    kl: tested('kl', 'Its KL'),
    'own-loss': both('What each run sees: the training loss by its own objective', ({ losses }, of) => ({
      name: of,
      points: losses.map((loss, i) => [i + 1, loss]),
    })),
  };
}

/** A report as plain JSON, without pictures. */
function plain({ gradients, right, wrong }: BreakReport): object {
  const run = ({ pictures: _, ...others }: RunReport): object => others;
  return {
    gradients: gradients.map(({ values, ...pair }) => ({
      ...pair,
      values: values && { right: [...values.right], wrong: [...values.wrong] },
    })),
    right: run(right),
    wrong: run(wrong),
  };
}

function verdict(all: readonly Broken[]): { readonly text: string; readonly passed: boolean } {
  const rightFails = seen(all[0].report.right);
  if (rightFails.length > 0)
    return { text: `The right trick fails: ${rightFails.join(', ')}.`, passed: false };
  const missed = all.filter(({ report }) => seen(report.wrong).length === 0);
  if (missed.length > 0) {
    const names = missed.map(({ mutation }) => mutation.name).join(', ');
    const why = 'a decoder that ignores z hides what happens to z';
    return { text: `No check notices ${names} on this model: ${why}.`, passed: false };
  }
  return { text: 'Every mutation is noticed by a check, and the right trick passes all.', passed: true };
}

/** One line on each mutation. */
export const mutationLines = MUTATIONS.map(
  (name) => `  ${name.padEnd(18)} ${mutationWords[name].title}`,
).join('\n');

/** All mutations against all checks. @param model its title @param steps of the trainings */
export function mutationsReport(all: readonly Broken[], model: string, steps: number): Report {
  const { text, passed } = verdict(all);
  return {
    name: 'break',
    passed,
    parts: [
      `Six ways to get the trick wrong, each beside the right one, on ${model}.`,
      mutationLines,
      verdictTable(all, steps),
      checksText,
      text,
    ],
    charts: Object.fromEntries(
      steps === 0
        ? []
        : all.map(({ mutation: { name }, report }) => [`break-${name}`, breakCharts(name, report).loss]),
    ),
    data: {
      model,
      passed,
      mutations: all.map(({ mutation, report }) => ({
        ...mutation,
        seen: seen(report.wrong),
        report: plain(report),
      })),
    },
  };
}

/** One mutation in detail. @param model its title @param steps of the trainings */
export function mutationReport(name: MutationName, found: BreakReport, model: string, steps: number): Report {
  const mutation = mutationWords[name];
  const { right, wrong, gradients } = found;
  const said = (run: RunReport): string => run.checks.map(({ message }) => message).join('\n');
  return {
    name: `break-${name}`,
    passed: seen(right).length === 0 && seen(wrong).length > 0,
    parts: [
      `${mutation.title}, beside the right one, on ${model}.`,
      `  right: ${mutation.right}\n  wrong: ${mutation.wrong}`,
      mutation.explanation.join('\n'),
      gradientTable(gradients),
      elementTable(gradients),
      `What the checks say about the right trick\n\n${said(right)}`,
      `What they say about ${name}\n\n${said(wrong)}`,
      ...(steps > 0 ? [curveTable(found)] : []),
      ...(right.problem === null ? [] : [`The right run ${right.problem}`]),
      ...(wrong.problem === null ? [] : [`The wrong run ${wrong.problem}`]),
    ],
    charts: steps > 0 ? breakCharts(name, found) : {},
    data: { model, name, ...mutation, seen: seen(wrong), ...plain(found) },
  };
}
