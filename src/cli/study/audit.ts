import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { imageDataset } from '../../data/dataset.js';
import {
  type Audit,
  audit,
  type GivenDescription,
  LIKELIHOODS,
  REDUCTIONS,
  type Warning,
} from '../../study/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import { integer, real } from '../arguments.js';
import { EXIT, Failure, isSystemError, UsageError } from '../errors.js';
import { loadData } from '../run/data.js';
import { addOutputOptions, type OutputFlags, report } from './output.js';

type Description = Partial<GivenDescription>;

interface AuditFlags extends OutputFlags, Omit<Description, 'half'> {
  readonly missingHalf?: boolean;
  readonly file?: string;
  readonly data?: string;
  readonly offline?: boolean;
}

/** Examples that the entropy floor is computed from. */
const EXAMPLES_OF_DATA = 1000;

async function readDescription(file: string): Promise<object> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) throw new Failure(`--file ${file}: there is no such file`);
    throw error;
  }
  let read: unknown;
  try {
    read = JSON.parse(text);
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

/** What is given on the command line goes before what stands in the file. */
async function descriptionOf(flags: AuditFlags): Promise<Description> {
  const { file, missingHalf } = flags;
  const fields = Object.fromEntries(
    Object.entries(flags).filter(([name]) => FIELDS.has(name) && name !== 'missingHalf'),
  );
  const read = file === undefined ? {} : await readDescription(file);
  return { ...read, ...fields, ...(missingHalf === true && { half: false }) };
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

async function showAudit(flags: AuditFlags): Promise<number> {
  const description = await descriptionOf(flags);
  const { likelihood } = description;
  if (likelihood === undefined) {
    throw new UsageError(
      `say what the reconstruction is: --likelihood ${LIKELIHOODS.join(', ')}, or describe the loss in a --file`,
    );
  }
  const data = flags.data === undefined ? undefined : await examplesOf(flags.data, flags.offline === true);
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

const COUNT = integer(1, 1_000_000_000);

/** Each field of a description, as an option. */
const OPTIONS: readonly Option[] = [
  new Option('--likelihood <name>', 'cross-entropy, squared error / (2 sigma^2), or squared error').choices(
    LIKELIHOODS,
  ),
  new Option('--reconstruction <sum|mean>', 'over the features of an example (default: sum)').choices(
    REDUCTIONS,
  ),
  new Option('--reconstruction-batch <sum|mean>', 'the same over the batch (default: mean)').choices(
    REDUCTIONS,
  ),
  new Option('--kl <sum|mean>', 'over the latent dimensions (default: sum)').choices(REDUCTIONS),
  new Option('--kl-batch <sum|mean>', 'the same over the batch (default: mean)').choices(REDUCTIONS),
  new Option('--kl-weight <x>', 'the factor before the KL (default: 1)').argParser(real()),
  new Option('--validation-weight <x>', 'the same in the validation loss (default: no other)').argParser(
    real(),
  ),
  new Option(
    '--sigma <x>',
    'of the Gaussian, or that a squared error is read with (default: sqrt(1/2))',
  ).argParser(real({ positive: true })),
  new Option('--constant', "the Gaussian's constant is in the loss"),
  new Option('--missing-half', 'the standard deviation is exp(logvar), not exp(logvar / 2)'),
  new Option('--deterministic', 'training decodes the mean, not a sample'),
  new Option('--detached', 'z is detached'),
  new Option('--grayscale', 'the data has values between 0 and 1'),
  new Option('--features <n>', 'numbers per example (default: 784)').argParser(COUNT),
  new Option('--latent <n>', 'dimensions of z (default: 20)').argParser(COUNT),
  new Option('--batch <n>', 'examples per batch (default: 128)').argParser(COUNT),
];
const FIELDS: ReadonlySet<string> = new Set(OPTIONS.map((option) => option.attributeName()));

/** `pathwise study audit` */
export function auditCommand(study: Command, done: (code: number) => void): void {
  const command = study
    .command('audit')
    .summary('which beta a loss implies, and what is wrong with it')
    .description(
      "Says what someone's loss is in nats per example: the beta that its sums and means imply, the settings that minimize the same, and what people stumble over. Code is measured by auditLoss of pathwise/study.",
    );
  for (const option of OPTIONS) command.addOption(option);
  command
    .option('--file <json>', 'a description; options given beside it change it')
    .option('--data <source>', "'glyphs', 'mnist' or a folder of IDX files: for the floor of a cross-entropy")
    .option('--offline', 'never download');
  addOutputOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: AuditFlags) => done(await showAudit(flags)));
}
