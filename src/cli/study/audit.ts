import { resolve } from 'node:path';
import type { Command } from 'commander';
import { imageDataset } from '../../data/dataset.js';
import { readFileText } from '../../data/open.js';
import { optional, text, toggle } from '../../nn/schema/index.js';
import {
  type Audit,
  audit,
  type GivenDescription,
  LIKELIHOODS,
  lossSchema,
  type Warning,
} from '../../study/index.js';
import { parseJson } from '../../tensor/json.js';
import type { Tensor } from '../../tensor/tensor.js';
import { EXIT, Failure, UsageError } from '../errors.js';
import { addFlags, givenValues, settingsOf } from '../flags.js';
import { loadData } from '../run/data.js';
import { MAX_TEXT_BYTES } from '../run/folder.js';
import { outputFlags, report } from './output.js';

/** Beside the fields of a description. */
const FLAGS = {
  file: optional(
    text({ need: 'the path of a file', help: 'a description, as JSON; options given beside it change it' }),
  ),
  data: optional(
    text({
      need: "'glyphs', 'mnist' or the path of a folder",
      help: "'glyphs', 'mnist' or a folder of IDX files: for the floor of a cross-entropy",
    }),
  ),
  offline: toggle({ help: 'never download' }),
  ...outputFlags,
};

/** Examples that the entropy floor is computed from. */
const EXAMPLES_OF_DATA = 1000;

async function readDescription(file: string): Promise<object> {
  const text = await readFileText(file, MAX_TEXT_BYTES);
  let read: unknown;
  try {
    read = parseJson(text);
  } catch (error) {
    throw new Failure(
      `--file ${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read;
  throw new Failure(
    `--file ${file} must hold one object, as {"likelihood": "mse", "reconstruction": "mean"}`,
  );
}

async function examplesOf(source: string, offline: boolean): Promise<Tensor> {
  const known = source === 'glyphs' || source === 'mnist';
  const { test } = await loadData(
    {
      source: known ? source : 'folder',
      folder: known ? null : resolve(source),
      seed: 0,
      train: 1,
      test: EXAMPLES_OF_DATA,
    },
    { offline, onNotice: (message) => console.error(message) },
  );
  const data = imageDataset(test);
  return data.batch(
    Int32Array.from({ length: data.size }, (_, i) => i),
    'float32',
  );
}

/** The command line takes precedence over the file. */
async function descriptionOf(file: string | null, options: object): Promise<Partial<GivenDescription>> {
  const read = file === null ? {} : await readDescription(file);
  return { ...read, ...givenValues(lossSchema, options) };
}

function warningText({ title, explanation, link }: Warning): string {
  return `${title}\n  ${explanation.join('\n  ')}\n  See ${link.walkthrough}, or ${link.page} in the page.`;
}

function partsOf({ derivation, equivalent, warnings }: Audit): string[] {
  return [
    `What the loss is, in nats per example:\n${derivation.map((line) => `  ${line}`).join('\n')}`,
    `The same with this library:\n  ${equivalent.command}`,
    warnings.length === 0
      ? 'No warnings.'
      : `${warnings.length} warning${warnings.length === 1 ? '' : 's'}:\n\n${warnings.map(warningText).join('\n\n')}`,
  ];
}

async function showAudit(options: object): Promise<number> {
  const flags = settingsOf(FLAGS, options);
  const description = await descriptionOf(flags.file, options);
  const { likelihood } = description;
  if (likelihood === undefined) {
    throw new UsageError(
      `say what the reconstruction is: --likelihood ${LIKELIHOODS.join(', ')}, or describe the loss in a --file`,
    );
  }
  const data = flags.data === null ? undefined : await examplesOf(flags.data, flags.offline);
  let found: Audit;
  try {
    found = audit({ ...description, likelihood }, data === undefined ? {} : { data });
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
  await report({ name: 'audit', parts: partsOf(found), charts: {}, data: found }, flags);
  return EXIT.done;
}

const EXAMPLES = `
A file has the same fields: {"likelihood": "mse", "reconstruction": "mean", "kl": "sum", "klWeight": 1, "half": true, ...}.

Examples:
  pathwise study audit --likelihood mse --reconstruction mean
  pathwise study audit --likelihood bernoulli --reconstruction-batch sum --kl-batch sum --data glyphs
  pathwise study audit --file loss.json --latent 2 --json`;

/** `pathwise study audit` */
export function auditCommand(study: Command, done: (code: number) => void): void {
  const command = study
    .command('audit')
    .summary('which beta a loss implies, and what is wrong with it')
    .description(
      "Says what someone's loss is in nats per example: the beta that its sums and means imply, the settings that minimize the same, and what people stumble over. Code is measured by auditLoss of pathwise/study.",
    );
  addFlags(command, { ...lossSchema, ...FLAGS })
    .addHelpText('after', EXAMPLES)
    .action(async (options: object) => done(await showAudit(options)));
}
