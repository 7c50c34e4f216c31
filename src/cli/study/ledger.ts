import type { Command } from 'commander';
import { Random } from '../../autograd/ops/random.js';
import { integer, number, optional, type Values } from '../../nn/schema/index.js';
import { firstExamples } from '../../study/first-rows.js';
import { dimensionRows, type Ledger, type LedgerRecord, LedgerRecorder, ledger } from '../../study/index.js';
import { normal } from '../../tensor/create.js';
import { readCheckpoint } from '../../vae/index.js';
import { EXIT } from '../errors.js';
import { addFlags, settingsOf } from '../flags.js';
import { RunFolder } from '../run/folder.js';
import { ledgerCharts } from './ledger-charts.js';
import { dimensionTable, formulaTable, historyTable } from './ledger-tables.js';
import { outputFlags, report } from './output.js';
import {
  addRun,
  checkBatch,
  openSubject,
  type Subject,
  smallSubject,
  smallTraining,
  subjectFlags,
} from './subject.js';

const FLAGS = {
  beta: optional(number({ min: 0, help: 'weight of the KL; 1, or as the run was trained, without it' })),
  epochs: integer({ min: 1, max: 1000, default: 40, help: 'of the small model' }),
  every: integer({ min: 1, default: 16, help: 'steps between two records of its training' }),
  ...subjectFlags(128),
  ...outputFlags,
};
type LedgerFlags = Values<typeof FLAGS>;

/** A model, the weights of its objective, and its history if known. */
interface Looked {
  readonly subject: Subject;
  readonly beta: number;
  readonly freeBits: number;
  readonly records: readonly LedgerRecord[];
}

function trainedHere({ seed, epochs, every, ...flags }: LedgerFlags): Looked {
  const beta = flags.beta ?? 1;
  const trainer = smallTraining(seed, epochs, beta);
  const recorder = new LedgerRecorder(trainer, { every });
  for (const _ of recorder.run());
  return { subject: smallSubject(trainer, seed), beta, freeBits: 0, records: recorder.records };
}

async function ofRun(path: string, flags: LedgerFlags): Promise<Looked> {
  const run = await RunFolder.open(path);
  const { settings } = readCheckpoint(await run.readCheckpoint(), run.file('checkpoint'));
  const subject = await openSubject(path, flags);
  return { subject, beta: flags.beta ?? settings.beta, freeBits: settings.freeBits, records: [] };
}

/** The ledger of the first test examples, in float64 to exclude float32 rounding. */
function ledgerOfSubject({ subject, beta, freeBits }: Looked, { batch, seed }: LedgerFlags): Ledger {
  const vae = subject.vae.copy('float64');
  const epsilon = normal([batch, vae.latent], new Random(seed).stream('epsilon'), {
    dtype: 'float64',
  });
  return ledger(vae, firstExamples(subject.test, batch, 'float64'), epsilon, { beta, freeBits });
}

const plain = (found: Ledger): object => {
  const numbers = (byOrigin: Ledger['hand']['mean']) =>
    Object.fromEntries(Object.entries(byOrigin).map(([origin, t]) => [origin, [...t.data]]));
  const { gradients, hand, difference } = found;
  return {
    gradients: { z: numbers(gradients.z), mean: numbers(gradients.mean), logvar: numbers(gradients.logvar) },
    hand: { mean: numbers(hand.mean), logvar: numbers(hand.logvar) },
    difference,
    mean: [...found.mean.data],
    logvar: [...found.logvar.data],
    epsilon: [...found.epsilon.data],
  };
};

async function showLedger(path: string | undefined, flags: LedgerFlags): Promise<number> {
  const looked = path === undefined ? trainedHere(flags) : await ofRun(path, flags);
  const { subject, beta, freeBits, records } = looked;
  checkBatch(subject, flags);
  const found = ledgerOfSubject(looked, flags);
  const rows = dimensionRows(found);
  const weight = `beta ${beta}${freeBits > 0 ? `, free bits ${freeBits}` : ''}`;
  const title = `${subject.title}, ${flags.batch} test examples, ${weight}`;
  await report(
    {
      name: 'ledger',
      parts: [
        `The gradient ledger of ${title}.`,
        ...(records.length === 0 ? [] : [historyTable(records)]),
        dimensionTable(rows),
        formulaTable(found),
        'By hand: dL/dmean = dL/dz + beta mean / batch and dL/dlogvar = dL/dz epsilon exp(logvar / 2) / 2 + beta (exp(logvar) - 1) / 2 / batch.\n' +
          'Where the pull stays above the signal, a dimension dies: the KL draws its means together faster than the reconstruction drives them apart.',
      ],
      charts: ledgerCharts(records, rows),
      data: {
        title: subject.title,
        batch: flags.batch,
        beta,
        freeBits,
        dimensions: rows,
        records,
        batchLedger: plain(found),
      },
    },
    flags,
  );
  return EXIT.done;
}

const EXAMPLES = `
Examples:
  pathwise study ledger
  pathwise study ledger --beta 100             the pull of the KL wins, and the dimensions die
  pathwise study ledger runs/glyphs-latent2-1 --batch 256 --out ledger`;

/** `pathwise study ledger` */
export function ledgerCommand(study: Command, done: (code: number) => void): void {
  const command = study
    .command('ledger')
    .summary('what reaches z, mean and logvar, from reconstruction and KL')
    .description(
      'Keeps account of the gradient on its way through the trick, for each latent dimension and by origin, beside the formulas worked by hand. The small model is watched while it is trained.',
    );
  addFlags(addRun(command), FLAGS)
    .addHelpText('after', EXAMPLES)
    .action(async (run: string | undefined, flags: object) =>
      done(await showLedger(run, settingsOf(FLAGS, flags))),
    );
}
