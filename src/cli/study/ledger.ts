import { integer, number, optional, type Values } from '../../nn/schema/index.js';
import { firstExamples } from '../../study/first-rows.js';
import { type LedgerRecord, LedgerRecorder, ledger, ledgerReport, type Report } from '../../study/index.js';
import { RunFolder } from '../run/folder.js';
import { defineStudy } from './study.js';
import {
  checkBatch,
  epsilonFor,
  openSubject,
  RUN_OR_SMALL,
  type Subject,
  smallSubject,
  smallTraining,
  subjectFlags,
} from './subject.js';

const FLAGS = {
  beta: optional(number({ min: 0, help: 'weight of the KL; 1, or as the run was trained, without it' })),
  epochs: integer({ min: 1, max: 1000, default: 40, help: 'epochs of the small model' }),
  every: integer({ min: 1, default: 16, help: 'steps between two records of its training' }),
  ...subjectFlags(128),
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
  const { settings } = (await (await RunFolder.open(path)).load()).checkpoint;
  const subject = await openSubject(path, flags);
  return { subject, beta: flags.beta ?? settings.beta, freeBits: settings.freeBits, records: [] };
}

/** The ledger of the first test examples, in float64 to exclude float32 rounding. */
async function showLedger(path: string | undefined, flags: LedgerFlags): Promise<Report> {
  const { subject, beta, freeBits, records } =
    path === undefined ? trainedHere(flags) : await ofRun(path, flags);
  checkBatch(subject, flags);
  const vae = subject.vae.copy('float64');
  const x = firstExamples(subject.test, flags.batch, 'float64');
  const found = ledger(vae, x, epsilonFor(vae, flags), { beta, freeBits });
  return ledgerReport({ title: subject.title, ledger: found, freeBits, records });
}

const EXAMPLES = `
Examples:
  pathwise study ledger
  pathwise study ledger --beta 100             the pull of the KL wins, and the dimensions die
  pathwise study ledger runs/glyphs-latent2-1 --batch 256 --out ledger`;

/** `pathwise study ledger` */
export const ledgerCommand = defineStudy({
  name: 'ledger',
  summary: 'what reaches z, mean and logvar, from reconstruction and KL',
  description:
    'Breaks down the gradient at the trick by latent dimension and by term of the loss, beside formulas derived by hand. The small model is recorded while it trains.',
  args: [RUN_OR_SMALL],
  flags: FLAGS,
  examples: EXAMPLES,
  run: (flags, [run]) => showLedger(run, flags),
});
