import {
  type BreakReport,
  CHECKS,
  checks,
  type GradientPair,
  type Mutation,
  type RunReport,
} from '../../study/index.js';
import { formatNumber } from '../../tensor/format.js';
import type { Chart, Series } from './chart.js';
import type { Table } from './output.js';

const failed = (run: RunReport): Set<string> =>
  new Set(run.checks.filter(({ passed }) => !passed).map(({ check }) => check));

/** `39.04 = 36.19 + 2.85`, or why there is none. */
function lastOf({ curve, problem }: RunReport): string {
  const last = curve.at(-1);
  if (problem !== null) return problem.split(':')[0];
  return last === undefined
    ? ''
    : `${formatNumber(last.loss)} = ${formatNumber(last.reconstruction)} + ${formatNumber(last.kl)}`;
}

/** The right trick and all mutations against all checks. */
export function verdictTable(
  reports: readonly { readonly mutation: Mutation; readonly report: BreakReport }[],
  steps: number,
): Table {
  const line = (name: string, run: RunReport): string[] => {
    const found = failed(run);
    return [
      name,
      ...CHECKS.map((check) => (found.has(check) ? 'FAILS' : 'passes')),
      ...(steps > 0 ? [lastOf(run)] : []),
    ];
  };
  const after = steps > 0 ? [`test loss after ${steps} steps`] : [];
  return {
    title: 'What each check says',
    columns: ['', ...CHECKS, ...after],
    align: ['left', ...CHECKS.map(() => 'left' as const), ...after.map(() => 'left' as const)],
    rows: [
      line('the right trick', reports[0].report.right),
      ...reports.map(({ mutation, report }) => line(mutation.name, report.wrong)),
    ],
  };
}

export const checksText = (): string =>
  checks
    .map(
      ({ name, question, how }) => `  ${name.padEnd(9)} ${question} ${how[0].toUpperCase()}${how.slice(1)}.`,
    )
    .join('\n');

/** The gradients of both runs: norms, angle, and the factor between them. */
export function gradientTable(pairs: readonly GradientPair[]): Table {
  const optional = (x: number | null): string => (x === null ? '-' : formatNumber(x));
  return {
    title: 'Gradients: norms, the cosine between them, and the factor from right to wrong',
    columns: ['of', 'by', 'right', 'wrong', 'cosine', 'factor', ''],
    align: ['left', 'left', 'right', 'right', 'right', 'right', 'left'],
    rows: pairs
      .filter(({ rightNorm, wrongNorm }) => rightNorm > 0 || wrongNorm > 0)
      .map(({ term, tensor, rightNorm, wrongNorm, cosine, ratio, difference }) => [
        term,
        tensor,
        formatNumber(rightNorm),
        wrongNorm === 0 ? 'none' : formatNumber(wrongNorm),
        optional(cosine),
        optional(ratio),
        difference === 0 ? 'same bits' : difference > 1e-6 ? 'DIFFERENT' : 'same',
      ]),
  };
}

/** Elements of a gradient that are printed. */
const SHOWN = 4;

/** The first numbers of the main gradients, side by side. */
export function elementTable(pairs: readonly GradientPair[]): Table {
  const rows = pairs
    .filter(({ term }) => term !== 'loss')
    .flatMap(({ term, tensor, shape, values }) =>
      values === null || (term === 'kl' && tensor === 'z')
        ? []
        : Array.from({ length: Math.min(SHOWN, values.right.length) }, (_, i) => [
            term,
            tensor,
            `[${Math.floor(i / shape[1])}, ${i % shape[1]}]`,
            formatNumber(values.right[i]),
            formatNumber(values.wrong[i]),
          ]),
    );
  return {
    title: 'The first numbers of them',
    columns: ['of', 'by', 'element', 'right', 'wrong'],
    align: ['left', 'left', 'left', 'right', 'right'],
    rows,
  };
}

export function curveTable({ right, wrong }: BreakReport): Table {
  const at = [...new Set([...right.curve, ...wrong.curve].map((point) => point.at))].sort((a, b) => a - b);
  const cells = (run: RunReport, step: number): string[] => {
    const point = run.curve.find((one) => one.at === step);
    return point === undefined
      ? ['-', '-', '-']
      : [point.loss, point.reconstruction, point.kl].map((x) => formatNumber(x));
  };
  return {
    title: 'Both trained on: the right objective on the test data, nats per example',
    columns: ['step', 'right: loss', 'reconstruction', 'KL', 'wrong: loss', 'reconstruction', 'KL'],
    rows: at.map((step) => [String(step), ...cells(right, step), ...cells(wrong, step)]),
  };
}

/** Curves of both runs, on a logarithmic axis if they are far apart. */
export function breakCharts(name: string, { right, wrong }: BreakReport): Record<string, Chart> {
  const x = { label: 'gradient steps' };
  const of = (field: 'loss' | 'reconstruction' | 'kl', title: string): Chart => {
    const series: Series[] = [
      { name: 'right', points: right.curve.map((point) => [point.at, point[field]]) },
      { name, points: wrong.curve.map((point) => [point.at, point[field]]) },
    ];
    const values = series.flatMap(({ points }) => points.map(([, y]) => y));
    const log = values.every((y) => y > 0) && Math.max(...values) > 100 * Math.min(...values);
    return { title, x, y: { label: 'nats per example', log }, series };
  };
  const own = ({ losses }: RunReport): Series['points'] => losses.map((loss, i) => [i + 1, loss]);
  return {
    loss: of('loss', 'The right objective on the test data'),
    reconstruction: of('reconstruction', 'Its reconstruction'),
    kl: of('kl', 'Its KL'),
    'own-loss': {
      title: 'What each run sees: the training loss by its own objective',
      x,
      y: { label: 'nats per example' },
      series: [
        { name: 'right', points: own(right) },
        { name, points: own(wrong) },
      ],
    },
  };
}

/** A report as plain JSON, without pictures. */
export function plainReport({ gradients, right, wrong }: BreakReport): object {
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
