import { resolve } from 'node:path';
import { imageDataset } from '../../data/dataset.js';
import { readFileText } from '../../data/open.js';
import { optional, text, type Values } from '../../nn/schema/index.js';
import { firstExamples } from '../../study/first-rows.js';
import {
  type Audit,
  audit,
  auditReport,
  type GivenDescription,
  LIKELIHOODS,
  lossSchema,
  type Report,
} from '../../study/index.js';
import { messageOf } from '../../tensor/describe.js';
import { parseJson } from '../../tensor/json.js';
import type { Tensor } from '../../tensor/tensor.js';
import { runSchema } from '../../vae/run/config.js';
import { type DataSpec, sourceNamed } from '../../vae/run/spec.js';
import { offline } from '../command.js';
import { Failure, UsageError } from '../errors.js';
import { givenValues } from '../flags.js';
import { loadData } from '../run/data.js';
import { MAX_TEXT_BYTES } from '../run/folder.js';
import { defineStudy } from './study.js';

/** Beside the fields of a description. */
const FLAGS = {
  file: optional(
    text({ need: 'the path of a file', help: 'a description, as JSON; options given beside it change it' }),
  ),
  data: optional(
    text({
      need: runSchema.data.need,
      help: "data as of 'pathwise train': for the floor of a cross-entropy",
    }),
  ),
  offline,
};

/** Examples that the entropy floor is computed from. */
const EXAMPLES_OF_DATA = 1000;

async function readDescription(file: string): Promise<object> {
  const text = await readFileText(file, MAX_TEXT_BYTES);
  let read: unknown;
  try {
    read = parseJson(text);
  } catch (error) {
    throw new Failure(`--file ${file} is not JSON: ${messageOf(error)}`, { cause: error });
  }
  if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read;
  throw new Failure(
    `--file ${file} must hold one object, as {"likelihood": "mse", "reconstruction": "mean"}`,
  );
}

async function examplesOf(source: string, offline: boolean): Promise<Tensor> {
  const named = sourceNamed(source);
  const spec: DataSpec = {
    source: named ?? 'folder',
    folder: named === undefined ? resolve(source) : null,
    seed: 0,
    train: 1,
    test: EXAMPLES_OF_DATA,
  };
  return firstExamples(imageDataset((await loadData(spec, { offline })).test), EXAMPLES_OF_DATA);
}

async function showAudit({ file, data, offline }: Values<typeof FLAGS>, given: object): Promise<Report> {
  // The command line takes precedence over the file.
  const read = file === null ? {} : await readDescription(file);
  const description: Partial<GivenDescription> = { ...read, ...givenValues(lossSchema, given) };
  const { likelihood } = description;
  if (likelihood === undefined) {
    throw new UsageError(
      `say what the reconstruction is: --likelihood ${LIKELIHOODS.join(', ')}, or describe the loss in a --file`,
    );
  }
  const examples = data === null ? {} : { data: await examplesOf(data, offline) };
  let found: Audit;
  try {
    found = audit({ ...description, likelihood }, examples);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError)
      throw new UsageError(error.message, { cause: error });
    throw error;
  }
  return auditReport(found);
}

const EXAMPLES = `
A file has the same fields: {"likelihood": "mse", "reconstruction": "mean", "kl": "sum", "klWeight": 1, "half": true, ...}.

Examples:
  pathwise study audit --likelihood mse --reconstruction mean
  pathwise study audit --likelihood bernoulli --reconstruction-batch sum --kl-batch sum --data glyphs
  pathwise study audit --file loss.json --latent 2 --json`;

/** `pathwise study audit` */
export const auditCommand = defineStudy({
  name: 'audit',
  summary: 'which beta a loss implies, and what is wrong with it',
  description:
    'Converts a loss to nats per example: the beta that its sums and means imply, the settings of pathwise train that minimize the same, and common mistakes. To measure a loss in code, see auditLoss in pathwise/study.',
  settings: lossSchema,
  flags: FLAGS,
  examples: EXAMPLES,
  run: (flags, _, given) => showAudit(flags, given),
});
