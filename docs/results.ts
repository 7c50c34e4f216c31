/**
 * Trains what docs/results.md shows and writes the page: `npm run results`. What has been measured is kept in
 * docs/results/measured.json; runs are in runs/results.
 */
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { formatMachine, machineOf } from '../bench/report/machine.js';
import { formatTable } from '../bench/report/table.js';
import { writeFileAtomic } from '../src/data/atomic.js';
import { messageOf } from '../src/tensor/describe.js';
import { type CardName, cards, type TrainingName, trainings } from './results/cards.js';
import { commandOf, isMeasured, type Measurements, resultsPage } from './results/page.js';
import { train } from './results/train.js';

const FOLDER = join(import.meta.dirname, 'results');
const MEASURED = join(FOLDER, 'measured.json');
const IMAGES = join(import.meta.dirname, 'images');
const RUNS = join(import.meta.dirname, '../runs/results');
export const RESULTS = join(import.meta.dirname, 'results.md');

/** The short form trains on a few glyphs for a few epochs. */
const SHORT = {
  data: ['--data', 'glyphs', '--limit', '640', '--threads', '1'],
  epochs: 2,
  evaluate: ['--limit', '50', '--samples', '50'],
} as const;

const HELP = `Usage: npm run results -- [options] [card...]

Trains the models of docs/results.md that have not been measured yet (all cards, or those named), and writes the page.

  --short  check a short form of each: few glyphs, few epochs, no file is written
  --again  measure also what has been measured
  --help   show this help

Cards: ${Object.keys(cards).join(', ')}
`;

export const readMeasured = (): Measurements =>
  existsSync(MEASURED) ? JSON.parse(readFileSync(MEASURED, 'utf8')) : {};

const words = (options: string): string[] => options.split(' ');

const isCard = (name: string): name is CardName => name in cards;

/** Trainings of cards, each once. */
const trainingsOf = (names: readonly CardName[]): TrainingName[] => [
  ...new Set(names.flatMap((name) => cards[name].trainings)),
];

/** Runs trainings, and records the figures of each as it ends. */
async function measure(names: readonly CardName[], again: boolean): Promise<void> {
  for (const name of trainingsOf(names)) {
    if (!again && isMeasured(readMeasured(), name)) continue;
    const run = join(RUNS, name);
    if (again) rmSync(run, { recursive: true, force: true });
    const machine = formatMachine(machineOf(process.versions.node));
    const { options, epochs, evaluate } = trainings[name];
    const plan = {
      options: ['--data', 'mnist', ...words(options)],
      epochs,
      evaluate: evaluate === undefined ? null : words(evaluate),
      run,
    };
    const done = await train(plan, (epoch, { loss }) => {
      console.log(`${name}: epoch ${epoch} of ${epochs}, test loss ${loss.toFixed(2)}`);
    });
    const all = { ...readMeasured(), [name]: { command: commandOf(name), ...done, machine } };
    const sorted = Object.fromEntries(
      Object.keys(trainings).flatMap((key) => (key in all ? [[key, all[key as TrainingName]]] : [])),
    );
    await writeFileAtomic(MEASURED, `${JSON.stringify(sorted, null, 2)}\n`, { overwrite: true });
  }
  for (const name of names) {
    const picture = join(RUNS, cards[name].picture, 'samples.png');
    if (existsSync(picture)) copyFileSync(picture, join(IMAGES, `results-${name}.png`));
  }
  await writeFileAtomic(RESULTS, resultsPage(readMeasured()), { overwrite: true });
  console.log(`wrote ${RESULTS}`);
}

/** Trains the short form of each training, one on each core. @returns whether all losses are within their bounds */
async function check(names: readonly CardName[]): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'pathwise-results-'));
  const all = trainingsOf(names);
  const rows: string[][] = [];
  const queue = [...all.entries()];
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [i, name] = next;
      const { options, evaluate, short } = trainings[name];
      const [low, high] = short;
      const { found } = await train({
        options: [...SHORT.data, ...words(options)],
        epochs: SHORT.epochs,
        evaluate: evaluate === undefined ? null : SHORT.evaluate,
        run: join(folder, name),
      });
      const isIn = found.loss >= low && found.loss <= high;
      rows[i] = [name, found.loss.toFixed(3), String(low), String(high), isIn ? 'yes' : 'NO'];
    }
  };
  try {
    await Promise.all(Array.from({ length: availableParallelism() }, work));
    console.log(formatTable(['short form', 'test loss', 'from', 'to', 'within'], rows));
    return rows.every((row) => row.at(-1) === 'yes');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      again: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const unknown = positionals.find((name) => !isCard(name));
  if (unknown !== undefined)
    throw new Error(`no card is named '${unknown}'; there are ${Object.keys(cards).join(', ')}`);
  const names = Object.keys(cards)
    .filter(isCard)
    .filter((name) => positionals.length === 0 || positionals.includes(name));
  if (values.short) return (await check(names)) ? 0 : 1;
  await measure(names, values.again);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2)).then(
    (code) => {
      process.exitCode = code;
    },
    (error) => {
      console.error(`error: ${messageOf(error)}`);
      process.exitCode = 1;
    },
  );
}
