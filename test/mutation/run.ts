/**
 * Stryker on `autograd`, `nn` and `vae`, folder by folder, then the score. What is done is kept in reports/mutation.json, so that
 * the next run goes on where this one ended. `--mutate` names a file or a folder in place of all (again for more), `--force` tests
 * anew what is known, `--score` only prints.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EQUIVALENT } from './equivalent.js';
import { type Report, score } from './score.js';

const REPORT = 'reports/mutation.json';
const readReport = (): Report => JSON.parse(readFileSync(REPORT, 'utf8'));

/** Least share of killed mutants, in per cent. */
const MIN_KILLED = 95;

const { values } = parseArgs({
  options: {
    mutate: { type: 'string', multiple: true },
    force: { type: 'boolean', default: false },
    score: { type: 'boolean', default: false },
  },
});

const rooms = ['src/vae', 'src/nn', 'src/autograd'];
const entries = rooms.flatMap((room) => readdirSync(room, { recursive: true, withFileTypes: true }));
const paths = entries.map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }));
const folders = [...rooms, ...paths.filter(({ entry }) => entry.isDirectory()).map(({ path }) => path)];

if (!values.score && existsSync(REPORT)) {
  // Stryker would keep the result of a mutant that no test could be run with.
  const known = readReport();
  const files = Object.entries(known.files).map(([path, file]) => {
    return [path, { ...file, mutants: file.mutants.filter(({ status }) => status !== 'RuntimeError') }];
  });
  writeFileSync(REPORT, JSON.stringify({ ...known, files: Object.fromEntries(files) }));
}

for (const path of values.score ? [] : (values.mutate ?? folders)) {
  const mutate = /\.ts(:|$)/.test(path) ? path : `${path}/*.ts`;
  const { status } = spawnSync('stryker', ['run', '--mutate', mutate, ...(values.force ? ['--force'] : [])], {
    stdio: 'inherit',
    env: { ...process.env, PATHWISE_MUTATION: path.split('/')[1] },
  });
  if (status !== 0) process.exit(status ?? 1);
}

const report = readReport();
const { rooms: scores, stale } = score(report, EQUIVALENT);
for (const { survivors } of scores.values()) for (const line of survivors) console.log(line);
for (const line of stale) console.log(`explains nothing: ${line}`);
const files = paths.filter(({ entry }) => entry.isFile()).map(({ path }) => path);
const left = files.filter((path) => !(path in report.files));
if (left.length > 0) console.log(`not in the report, or without a mutant: ${left.join(', ')}`);
for (const [room, { killed, explained, survivors, percent }] of scores) {
  const of = `${killed} killed, ${survivors.length} survived, ${explained} explained`;
  console.log(`${room}: ${percent.toFixed(1)} % (${of})`);
}
const low = [...scores.values()].some(({ percent }) => percent < MIN_KILLED);
if (low || stale.length > 0) process.exitCode = 1;
