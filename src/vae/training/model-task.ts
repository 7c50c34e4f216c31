import { noGrad } from '../../autograd/index.js';
import type { Random } from '../../autograd/ops/random.js';
import { type Batch, batches, batchOf } from '../../data/batches.js';
import type { Module } from '../../nn/module.js';
import type { DType } from '../../tensor/dtype.js';
import { scope } from '../../tensor/memory/scope.js';
import { Tensor } from '../../tensor/tensor.js';
import { checkNotEmpty } from '../check-data.js';
import { addTo, average, valuesOf } from './average.js';
import type { MetricsOf } from './events.js';
import type { ModelTrainingOptions, TrainingSettings } from './options.js';
import type { Numbers } from './progress.js';
import { checkTest, type Task, type TermsOf, type TrainingStreams } from './task.js';

/** What is wrong with a term that a loss gave; undefined for a scalar. */
function problemOf(term: unknown): string | undefined {
  if (term === undefined) return 'is missing';
  if (!(term instanceof Tensor)) return 'is no tensor';
  return term.size === 1 ? undefined : `has ${term.size} elements`;
}

/** The loss of a model that is no VAE, as its user writes it. */
export class ModelTask<K extends string> implements Task<K, Batch, MetricsOf<K>> {
  readonly dtype: DType;

  /** @throws RangeError for an empty data set. */
  constructor(
    private readonly model: Module,
    private readonly options: Pick<ModelTrainingOptions<K>, 'train' | 'test' | 'loss'>,
    private readonly settings: TrainingSettings,
    private readonly random: Random,
  ) {
    checkNotEmpty(options.train, 'Trainer, train');
    if (options.test !== undefined) checkNotEmpty(options.test, 'Trainer, test');
    const [first] = model.namedParameters().values();
    this.dtype = first?.dtype ?? 'float32';
  }

  batch(indices: Int32Array): Batch {
    return batchOf(this.options.train, indices, this.dtype);
  }

  terms(batch: Batch, { epsilon }: Pick<TrainingStreams, 'epsilon'>): TermsOf<K> {
    const terms = this.options.loss(batch, epsilon);
    for (const name of new Set(['loss', ...Object.keys(terms)])) {
      const problem = problemOf(Reflect.get(terms, name));
      if (problem === undefined) continue;
      throw new TypeError(`Trainer: the loss gives scalars by name, but '${name}' ${problem}`);
    }
    return terms;
  }

  /** The average of each term, in evaluation mode; the noise is the same at every epoch. */
  *evaluate(epoch: number): Generator<void, MetricsOf<K> | undefined> {
    const { test } = this.options;
    if (test === undefined) return undefined;
    const epsilon = this.random.stream('epsilon').split('evaluate').at();
    let sums: Numbers = {};
    for (const batch of batches(test, { size: this.settings.batchSize, dtype: this.dtype })) {
      this.model.evaluating(() =>
        scope(() => {
          const terms = noGrad(() => this.terms(batch, { epsilon }));
          sums = addTo(sums, valuesOf(terms), batch.x.shape[0]);
        }),
      );
      yield;
    }
    const found = average<K>(sums, test.size);
    checkTest(epoch, found.loss, { loss: found.loss });
    return found;
  }
}
