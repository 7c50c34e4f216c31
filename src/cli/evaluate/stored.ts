import { exists } from '../../data/atomic.js';
import { readFileText } from '../../data/open.js';
import { choice, integer, JsonReader, list, optional, text, type Values } from '../../nn/schema/index.js';
import { CheckpointError } from '../../tensor/safetensors.js';
import { sha256 } from '../../tensor/sha256.js';
import type { MarginalState, VAE } from '../../vae/index.js';
import { marginalOf } from '../../vae/marginal/measures.js';
import { Failure } from '../errors.js';
import type { RunFolder } from '../run/folder.js';
import { version } from '../version.js';

const count = (help: string) => integer({ min: 1, help });

/** Everything that decides the numbers of an evaluation, beside the model. */
const aboutSchema = {
  on: choice(['test', 'train'], { help: 'part of the data' }),
  examples: count('how many of it, from the first on'),
  /** SHA-256 of the examples. */
  data: text({ need: 'a hash', help: 'of the examples' }),
  binarization: choice(['gray', 'threshold', 'dynamic', 'static'], { help: 'how pixels are made 0 or 1' }),
  file: optional(text({ need: 'a path', help: 'of static binarization' })),
  channels: integer({ min: 1, max: 3, help: 'numbers for each pixel' }),
  seed: integer({ min: 0, help: 'of noise and dynamic binarization' }),
  samples: count('samples of z for each example'),
  bounds: list(count('samples within a bound'), { help: 'K of each bound' }),
};

export type EvaluationAbout = Values<typeof aboutSchema>;

/** An evaluation, finished or not. */
export interface StoredEvaluation {
  readonly about: EvaluationAbout;
  /** Time spent on it. */
  readonly seconds: number;
  readonly state: MarginalState;
}

export const isSame = (a: EvaluationAbout, b: EvaluationAbout): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
export const isDone = ({ about, state }: StoredEvaluation): boolean => state.moments.count === about.examples;

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** SHA-256 of what a model is made of and of every number in it. */
export function modelHash(vae: VAE): string {
  const hash = sha256();
  const { seed, name } = vae.start;
  hash.update(new TextEncoder().encode(JSON.stringify([vae.spec, vae.dtype, String(seed), name])));
  for (const [name, { data }] of vae.stateDict()) {
    hash.update(new TextEncoder().encode(name));
    hash.update(bytesOf(data));
  }
  return hash.hex();
}

/** Evaluations take a few kilobytes each. */
const MAX_BYTES = 2 ** 26;

function readState(json: JsonReader, { bounds, examples }: EvaluationAbout, latent: number): MarginalState {
  const moments = json.at('moments');
  const numbers = (name: string): number[] =>
    moments
      .at(name)
      .items()
      .map((item) => item.number());
  const [count, mean, squares] = [
    moments.at('count').count({ max: examples }),
    numbers('mean'),
    numbers('squares'),
  ];
  const least = count === 0 ? 0 : bounds.length + latent + 1;
  if (mean.length < least || mean.length !== squares.length)
    moments.fail(`means and squares of ${least} columns or more`);
  return { moments: { count, mean, squares }, leastEffective: json.at('leastEffective').number() };
}

/**
 * The evaluations that a run's evaluation.json has of this model by this version; none where it has those of another.
 * @throws Failure when the file is damaged.
 */
export async function readEvaluations(folder: RunFolder, vae: VAE): Promise<StoredEvaluation[]> {
  const file = folder.file('evaluation');
  if (!(await exists(file))) return [];
  const content = await readFileText(file, MAX_BYTES);
  try {
    const json = JsonReader.parse(file, 'evaluation', content);
    if (json.at('pathwise').text() !== version() || json.at('model').text() !== modelHash(vae)) return [];
    return json
      .at('evaluations')
      .items()
      .map((item) => {
        const about = item.at('about').settings(aboutSchema);
        return {
          about,
          seconds: item.at('seconds').number(),
          state: readState(item.at('state'), about, vae.latent),
        };
      });
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    throw new Failure(`${error.message}; delete the file, and evaluate again`, { cause: error });
  }
}

/** An evaluation with its results so far, for people and programs: plain JSON. */
export const withResults = (evaluation: StoredEvaluation, vae: VAE) => {
  const { about, seconds, state } = evaluation;
  const isEmpty = state.moments.count === 0;
  return { about, seconds, done: isDone(evaluation), result: isEmpty ? null : marginalOf(state, about, vae) };
};

/** Replaces the run's evaluation.json. */
export async function writeEvaluations(
  folder: RunFolder,
  vae: VAE,
  evaluations: readonly StoredEvaluation[],
): Promise<void> {
  const all = evaluations.map((one) => ({ ...withResults(one, vae), state: one.state }));
  const content = { pathwise: version(), model: modelHash(vae), evaluations: all };
  await folder.write('evaluation', `${JSON.stringify(content, null, 2)}\n`);
}
