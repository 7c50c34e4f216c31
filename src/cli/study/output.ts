import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../../data/atomic.js';
import { writeFileAtomic } from '../../data/node.js';
import { optional, text, toggle, type Values } from '../../nn/schema/index.js';
import { Failure, isSystemError } from '../errors.js';
import { formatTable } from '../table.js';
import { type Chart, chartSvg } from './chart.js';

/** A table with its title. `align` defaults to left for the first column and right for the others. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly align?: readonly ('left' | 'right')[];
}

/** The results of a study. */
export interface Findings {
  /** Name of its files: 'ledger'. */
  readonly name: string;
  /** Tables and sentences, in order. */
  readonly parts: readonly (Table | string)[];
  /** By file name without extension. */
  readonly charts: Readonly<Record<string, Chart>>;
  /** All numbers, for --json and the JSON file: plain data. */
  readonly data: object;
}

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

function tableText({ title, columns, rows, align }: Table): string {
  const sides = align ?? columns.map((_, k) => (k === 0 ? 'left' : 'right'));
  return `${title}\n\n${formatTable(columns, rows, sides)}`;
}

/** Checks before anything is written, so that no folder is left half old and half new. */
async function writeFiles(folder: string, files: ReadonlyMap<string, string>, force: boolean): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    if (isSystemError(error, 'EEXIST') || isSystemError(error, 'ENOTDIR'))
      throw new Failure(`${folder} is a file, not a folder; choose another --out`);
    throw error;
  }
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
export async function report(
  { name, parts, charts, data }: Findings,
  flags: Values<typeof outputFlags>,
): Promise<void> {
  const finiteOrText = (_: string, x: unknown): unknown =>
    typeof x === 'number' && !Number.isFinite(x) ? String(x) : x;
  const { out } = flags;
  if (flags.json) console.log(JSON.stringify(data, finiteOrText));
  else console.log(parts.map((part) => (typeof part === 'string' ? part : tableText(part))).join('\n\n'));
  if (out === null) return;
  const files = new Map([[`${name}.json`, `${JSON.stringify(data, finiteOrText, 2)}\n`]]);
  for (const [file, chart] of Object.entries(charts)) files.set(`${file}.svg`, chartSvg(chart));
  await writeFiles(out, files, flags.force);
  // The JSON on stdout stays one object.
  console.error(`${out}: ${[...files.keys()].join(', ')}`);
}
