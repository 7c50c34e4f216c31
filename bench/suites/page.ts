import { join } from 'node:path';
import { chromiumPath, searched } from '../../test/browser/chromium.js';
import type { StepsSettings } from '../measure/steps.js';
import type { PageSettings } from '../page/main.js';
import { formatBytes, formatSeconds, significant } from '../report/format.js';
import { formatTable } from '../report/table.js';
import type { Measured, Suite } from '../suite.js';
import { ours, threadCounts } from './common.js';

/** An epoch of the page's training is 79 steps. */
const WARMUP = 100;

const IN_NODE = { ...ours, name: 'Node' };
const ON_PAGE = { ...ours, name: 'page' };

const of = (results: readonly Measured[], name: string): Measured[] =>
  results.filter(({ who }) => who.name === name);

/** The page against the same training in Node, and what a person waits for. */
export const page: Suite = {
  name: 'page',
  doc: 'the page in Chromium: training of small2 against Node, time to the first step, longest task, size',
  jobs(context) {
    const executablePath = chromiumPath();
    if (executablePath === undefined) return [];
    const common = { warmup: WARMUP, seconds: context.quick ? 1 : 5 };
    const settings: PageSettings = { ...common, executablePath, threads: context.cores };
    return [
      {
        who: ON_PAGE,
        command: {
          file: process.execPath,
          args: ['--import', 'tsx', join(context.root, 'bench/page/main.ts'), JSON.stringify(settings)],
          env: {},
        },
      },
      ...threadCounts(context.cores).map((threads) => {
        const steps: StepsSettings = { ...common, threads };
        return { who: IN_NODE, command: context.ours('steps', steps, { PATHWISE_THREADS: String(threads) }) };
      }),
    ];
  },
  report(results) {
    const onPage = of(results, ON_PAGE.name);
    if (onPage.length === 0) return `  left out: ${searched}`;
    const rows = onPage.map(({ row, values }) => {
      const node =
        of(results, IN_NODE.name).find((other) => other.row === row)?.values.rate.median ?? Number.NaN;
      return [
        `${row} thread${row === '1' ? '' : 's'}`,
        significant(values.rate.median),
        significant(node),
        significant(values.rate.median / node),
        formatSeconds(values.firstStep.median),
        formatSeconds(values.longest.median),
      ];
    });
    const heads = ['', 'steps/s on the page', 'in Node', 'ratio', 'load to first step', 'longest task'];
    const size = `  size of all its files, each gzipped: ${formatBytes(onPage[0].values.bytes.median)}`;
    return `${formatTable(heads, rows)}\n${size}`;
  },
};
