import { Random } from '../../autograd/ops/random.js';
import type { Dataset } from '../../data/dataset.js';
import { complete, type Given, integer, type Values } from '../../nn/schema/index.js';
import type { Tensor } from '../../tensor/tensor.js';
import type { LatentVariableModel } from '../../vae/model.js';
import { trainingSchema } from '../../vae/training/options.js';
import { batches } from './batches.js';
import { checking } from './checks/index.js';
import { compareGradients } from './gradients.js';
import { mutationOf } from './mutations.js';
import { picturesOf } from './pictures.js';
import { type BreakPart, type BreakReport, collect, RUNS, type RunName } from './report.js';
import { Runner } from './runner.js';
import { rightTrick, type Trick } from './trick.js';
import { CHECKS, type MutationName } from './words.js';

/** Where both runs begin. It is not modified. */
export interface BreakSubject {
  readonly vae: LatentVariableModel;
  /** Examples and noise at which gradients are compared: [batch, features] and [batch, latent]. */
  readonly x: Tensor;
  readonly epsilon: Tensor;
  readonly train: Dataset;
  readonly test: Dataset;
}

/** How long the two runs are, and what they start from. */
export const breakSchema = {
  /** Decides noise and order. Defaults to 0. */
  seed: integer({ min: 0, default: 0, help: 'decides noise and order' }),
  /** Gradient steps of each run, 0 for none. Defaults to 200. */
  steps: integer({ min: 0, default: 200, help: 'gradient steps of each run; 0 for none' }),
  /** Steps between evaluations on the test data. Defaults to 20. */
  every: integer({ min: 1, default: 20, help: 'steps between evaluations on the test data' }),
  /** How many reconstructions and samples. Defaults to 8. */
  pictures: integer({ min: 0, default: 8, help: 'how many reconstructions and samples' }),
  batchSize: trainingSchema.batchSize,
  learningRate: trainingSchema.learningRate,
  beta: trainingSchema.beta,
};
/** How long the two runs are, and what they start from. */
export interface BreakOptions extends Given<typeof breakSchema> {}
type Settings = Values<typeof breakSchema>;

/** A short training of both, on the same batches and noise. A run with a problem stops. */
function* training(
  subject: BreakSubject,
  tricks: Readonly<Record<RunName, Trick>>,
  { seed, steps, every, batchSize, pictures, ...settings }: Settings,
): Generator<BreakPart> {
  const { vae, train, test } = subject;
  const runners = RUNS.map((run) => ({ run, runner: new Runner(vae, tricks[run], settings) }));
  const going = () => runners.filter(({ runner }) => runner.problem === null);
  function* look(at: number): Generator<BreakPart> {
    for (const { run, runner } of going()) {
      const point = runner.test(test, seed);
      yield { kind: 'test', run, at, point, problem: runner.problem };
      if (point !== null && pictures > 0)
        yield { kind: 'pictures', run, at, pictures: picturesOf(runner.vae, test, pictures, seed) };
    }
  }
  yield* look(0);
  let at = 0;
  for (const batch of batches(train, vae, seed, batchSize, steps)) {
    at++;
    for (const { run, runner } of going()) {
      const loss = runner.step(batch);
      yield { kind: 'step', run, at, loss, problem: runner.problem };
    }
    if (at % every === 0 || at === steps) yield* look(at);
  }
}

/** Gives the caller a chance to do something else after each piece. */
function* working<T>(pieces: Generator<void, T>): Generator<BreakPart, T> {
  for (;;) {
    const { done, value } = pieces.next();
    if (done === true) return value;
    yield { kind: 'working' };
  }
}

/** All checks of both tricks. */
function* checkBoth(
  subject: BreakSubject,
  trick: (use: string) => Trick,
  random: Random,
): Generator<BreakPart> {
  const double = subject.vae.copy('float64');
  yield { kind: 'working' };
  for (const check of CHECKS) {
    for (const run of RUNS) {
      const tried = run === 'right' ? rightTrick : trick(check);
      const pieces = checking(check, tried, { ...subject, double }, random.stream('check'));
      yield { kind: 'check', run, result: yield* working(pieces) };
    }
  }
}

/**
 * Runs a mutation of the trick beside the right one, from the same weights, in small pieces: first the gradients of both at the
 * subject's batch, then all checks of both, then a short training of each on the same batches and noise, measured by
 * the right objective on the test data.
 * @param name null runs the right trick on both sides: a control, in which nothing may differ
 * @throws RangeError for an option out of range; ShapeError when data and model do not fit.
 */
export function* breaking(
  name: MutationName | null,
  subject: BreakSubject,
  given: BreakOptions = {},
): Generator<BreakPart, void> {
  const options = complete(breakSchema, given, 'breaking');
  const { beta, seed } = options;
  const random = new Random(seed);
  // Each part has noise of its own, so that skipping one does not change the others.
  const trick = (use: string): Trick =>
    name === null ? rightTrick : mutationOf(name).make(random.stream('redrawn').split(use));
  const { vae, x, epsilon } = subject;
  yield { kind: 'gradients', pairs: compareGradients(trick('gradients'), vae, x, epsilon, { beta }) };
  yield* checkBoth(subject, trick, random);
  if (options.steps > 0) yield* training(subject, { right: rightTrick, wrong: trick('training') }, options);
}

/** {@link breaking} to its end. */
export function runBreak(
  name: MutationName | null,
  subject: BreakSubject,
  options: BreakOptions = {},
): BreakReport {
  return collect(breaking(name, subject, options));
}
