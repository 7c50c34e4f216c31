import { join } from 'node:path';
import { exists, makeFolder, writeFileAtomic } from '../../data/atomic.js';
import { type Fields, optional, text, toggle, type Values } from '../../nn/schema/index.js';
import type { Report, Table } from '../../study/index.js';
import { type AddCommand, type Argument, type CommandSpec, defineCommand } from '../command.js';
import { EXIT, Failure } from '../errors.js';
import { formatTable } from '../table.js';
import { chartSvg } from './chart.js';

/** Flags of every study. */
export const outputFlags = {
  out: optional(
    text({
      need: 'the path of a folder',
      help: 'also write the charts (SVG) and all numbers (JSON) to this folder',
    }),
  ),
  force: toggle({ help: 'replace files of the same names' }),
  json: toggle({ help: 'print one JSON object instead of tables' }),
};

const tableText = (table: Table): string => `${table.title}\n\n${formatTable(table)}`;

/** Checks before anything is written, so that no folder is left half old and half new. */
async function writeFiles(folder: string, files: ReadonlyMap<string, string>, force: boolean): Promise<void> {
  await makeFolder(folder);
  for (const name of force ? [] : files.keys()) {
    if (!(await exists(join(folder, name)))) continue;
    throw new Failure(
      `${join(folder, name)} exists already, and nothing was written; give another --out, or --force to replace it`,
    );
  }
  for (const [name, text] of files) await writeFileAtomic(join(folder, name), text, { overwrite: force });
}

/**
 * Prints the results, and writes charts and numbers to --out. JSON has no NaN and
 * infinities; they become strings.
 * @throws Failure when a file exists and --force is not given.
 */
export async function print(
  { name, parts, charts, data }: Report,
  { out, force, json }: Values<typeof outputFlags>,
): Promise<void> {
  const finiteOrText = (_: string, x: unknown): unknown =>
    typeof x === 'number' && !Number.isFinite(x) ? String(x) : x;
  if (json) console.log(JSON.stringify(data, finiteOrText));
  else console.log(parts.map((part) => (typeof part === 'string' ? part : tableText(part))).join('\n\n'));
  if (out === null) return;
  const files = new Map([[`${name}.json`, `${JSON.stringify(data, finiteOrText, 2)}\n`]]);
  for (const [file, chart] of Object.entries(charts)) files.set(`${file}.svg`, chartSvg(chart));
  await writeFiles(out, files, force);
  // The JSON on stdout stays one object.
  console.error(`${out}: ${[...files.keys()].join(', ')}`);
}

/** A study as data: a command whose work gives a report. */
type StudySpec<F extends Fields, A extends readonly Argument[]> = CommandSpec<F, A, Report | Promise<Report>>;

/** The command of a study: prints its report, and fails if the study did not find what it should. */
export const defineStudy = <F extends Fields, const A extends readonly Argument[] = readonly []>(
  study: StudySpec<F, A>,
): AddCommand =>
  defineCommand<F & typeof outputFlags, A>({
    ...study,
    flags: { ...study.flags, ...outputFlags },
    async run(flags, args, given) {
      const found = await study.run(flags, args, given);
      await print(found, flags);
      return found.passed === false ? EXIT.failed : EXIT.done;
    },
  });
