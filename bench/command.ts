import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import { writeFileAtomic } from '../src/node.js';
import { type Options, parseOptions, UsageError } from './options.js';
import { Interrupted, runSession } from './run/session.js';
import { suites } from './suites/index.js';

const HELP = `npm run bench -- [SUITE ...] [options]

Suites (all of them unless named):
${suites.map(({ name, doc }) => `  ${name.padEnd(10)} ${doc}`).join('\n')}

  --quick       a short pass: few sizes, few steps, one process each, no peers
  --repeat N    processes per measurement, 3 unless given (1 with --quick)
  --peers       measure other libraries too (as without --quick)
  --no-peers    measure ours alone
  --json FILE   write all figures; --force to overwrite the file
  --node PATH   the Node binary that runs the measurements
  --help`;

async function nodeVersion(path: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version']);
    if (/^v\d+\./.test(stdout)) return stdout.trim();
  } catch {
    // Said below.
  }
  throw new UsageError(`--node: '${path}' does not run as Node does; give the path of a Node binary`);
}

async function run(options: Options): Promise<void> {
  const { json, force } = options;
  // Before the minutes of measuring, not after them; the write itself refuses once more.
  if (json !== undefined && !force && existsSync(json)) {
    throw new UsageError(`--json: ${json} exists already; choose another name, or add --force`);
  }
  const version = await nodeVersion(options.node);
  const wanted = suites.filter(({ name }) => options.suites.includes(name));
  const report = await runSession(options, version, wanted, (line) => console.log(line));
  if (json === undefined) return;
  await writeFileAtomic(json, `${JSON.stringify(report, null, 2)}\n`, { overwrite: force });
}

/** As a shell reports SIGINT. */
const INTERRUPTED = 130;

/** Runs the command; its exit code is 0, 1 when a measurement fails, 2 when it is called wrongly, 130 on Ctrl-C. */
export async function command(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(
      args,
      suites.map(({ name }) => name),
    );
    if (options.help) console.log(HELP);
    else await run(options);
    return 0;
  } catch (error) {
    console.error(`bench: ${error instanceof Error ? error.message : error}`);
    return error instanceof UsageError ? 2 : error instanceof Interrupted ? INTERRUPTED : 1;
  }
}
