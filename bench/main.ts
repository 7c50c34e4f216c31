/**
 * Benchmarks: `npm run bench -- [SUITE ...] [--quick] [--json FILE]`.
 * Each task runs for two seconds (a fifth with --quick); the median, fastest and slowest call are shown.
 */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { Bench } from 'tinybench';
import type { Suite } from './suite.js';
import { dataSuite } from './suites/data.js';
import { matmulSuite } from './suites/matmul.js';
import { stepSuite } from './suites/step.js';

const SUITES: readonly Suite[] = [matmulSuite, stepSuite, dataSuite];

interface Row {
  readonly suite: string;
  readonly task: string;
  readonly median: number;
  readonly fastest: number;
  readonly slowest: number;
  readonly calls: number;
  readonly rate: number;
  readonly unit: string;
}

async function run(suite: Suite, quick: boolean): Promise<Row[]> {
  const bench = new Bench({
    time: quick ? 400 : 2000,
    iterations: 3,
    warmupTime: 100,
    warmupIterations: 1,
    throws: true,
  });
  const tasks = suite.add(bench);
  await bench.run();
  return tasks.map(({ name, work, unit }) => {
    const result = bench.getTask(name)?.result;
    if (result === undefined || !('latency' in result)) throw new Error(`bench: '${name}' did not finish`);
    const { p50, min, max, samplesCount } = result.latency;
    return {
      suite: suite.name,
      task: name,
      median: p50,
      fastest: min,
      slowest: max,
      calls: samplesCount,
      rate: (work / p50) * 1000,
      unit,
    };
  });
}

/** 1234567 as '1.23 M'. */
function scaled(x: number): string {
  const prefix = ['', 'k', 'M', 'G', 'T'];
  const step = Math.min(prefix.length - 1, Math.max(0, Math.floor(Math.log10(x) / 3)));
  return `${Number((x / 1000 ** step).toPrecision(3))} ${prefix[step]}`;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } },
  });
  const unknown = positionals.find((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    throw new Error(
      `no suite is named '${unknown}'; there are ${SUITES.map((suite) => suite.name).join(', ')}`,
    );
  }
  const machine = `${cpus()[0].model.trim()} x ${cpus().length}, Node ${process.version}`;
  console.log(machine);
  const rows: Row[] = [];
  for (const suite of SUITES.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
    console.log(`\n${suite.name}: ${suite.doc}`);
    for (const row of await run(suite, values.quick)) {
      rows.push(row);
      const ms = (x: number): string => `${x.toFixed(2)} ms`.padStart(11);
      console.log(
        `  ${row.task.padEnd(14)} median ${ms(row.median)}  fastest ${ms(row.fastest)}  slowest ${ms(row.slowest)}` +
          `  ${scaled(row.rate)}${row.unit}/s`,
      );
    }
  }
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
}

main().catch((error: unknown) => {
  console.error(`bench: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
});
