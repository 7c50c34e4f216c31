import type { AddCommand } from '../command.js';
import { auditCommand } from '../study/audit.js';
import { breakCommand } from '../study/break.js';
import { estimatorsCommand } from '../study/estimators.js';
import { ledgerCommand } from '../study/ledger.js';
import { sandboxCommand } from '../study/sandbox.js';

/** In the order of the walkthrough. */
const STUDIES: readonly AddCommand[] = [
  ledgerCommand,
  breakCommand,
  auditCommand,
  estimatorsCommand,
  sandboxCommand,
];

const EXAMPLES = `
Without a run, a small model is trained on the spot. Each study takes --json for numbers, --out FOLDER for charts and numbers.

Examples:
  pathwise study ledger
  pathwise study estimators runs/glyphs-latent2-1 --out estimators
  pathwise study break drop-half`;

/** `pathwise study` */
export const studyCommand: AddCommand = (program, done) => {
  const study = program
    .command('study')
    .summary('see in numbers what the trick does to the gradient')
    .description('Studies of the reparameterization trick, on a trained run or on a small model.')
    .addHelpText('after', EXAMPLES);
  for (const add of STUDIES) add(study, done);
};
