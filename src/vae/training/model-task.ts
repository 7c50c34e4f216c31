import { noGrad } from '../../autograd/index.js';
import type { Random } from '../../autograd/ops/random.js';
import { type Batch, batches, batchOf } from '../../data/batches.js';
import type { Dataset } from '../../data/dataset.js';
import type { Module } from '../../nn/module.js';
import type { DType } from '../../tensor/dtype.js';
import { scope } from '../../tensor/memory/scope.js';
import { Tensor } from '../../tensor/tensor.js';
import { addTo, average } from './average.js';
import { TrainingError } from './errors.js';
import type { ModelTrainingOptions, TrainingSettings } from './options.js';
import type { Numbers } from './progress.js';
import type { Task, TrainingStreams } from './task.js';

type Terms = Readonly<Record<'loss', Tensor>>;

/** The loss of a model that is no VAE, as its user writes it. */
export class ModelTask implements Task {
  readonly dtype: DType;
  readonly zero: Numbers = {};
  readonly #train: Dataset;
  readonly #test: Dataset | undefined;
  readonly #loss: ModelTrainingOptions<'loss'>['loss'];

  /** @throws RangeError for an empty data set. */
  constructor(
    readonly model: Module,
    { train, test, loss }: Pick<ModelTrainingOptions<'loss'>, 'train' | 'test' | 'loss'>,
    private readonly settings: TrainingSettings,
    private readonly random: Random,
  ) {
    for (const [part, data] of Object.entries({ train, test })) {
      if (data === undefined || data.size >= 1) continue;
      throw new RangeError(`Trainer, ${part}: the data set has ${data.size} examples; at least 1 is needed`);
    }
    const [first] = model.namedParameters().values();
    this.dtype = first?.dtype ?? 'float32';
    this.#train = train;
    this.#test = test;
    this.#loss = loss;
  }

  batch(indices: Int32Array): Batch {
    return batchOf(this.#train, indices, this.dtype);
  }

  terms(batch: Batch, { epsilon }: TrainingStreams): Terms {
    const terms = this.#loss(batch, epsilon);
    for (const name of new Set(['loss', ...Object.keys(terms)])) {
      const term: unknown = Reflect.get(terms, name);
      if (term instanceof Tensor && term.size === 1) continue;
      const found =
        term === undefined
          ? 'is missing'
          : term instanceof Tensor
            ? `has ${term.size} elements`
            : 'is no tensor';
      throw new TypeError(`Trainer: the loss gives scalars by name, but '${name}' ${found}`);
    }
    return terms;
  }

  values(terms: Terms): Numbers & { readonly loss: number } {
    const values: Record<string, number> & { loss: number } = { loss: terms.loss.item() };
    for (const [name, term] of Object.entries(terms)) values[name] = term.item();
    return values;
  }

  /** The average of each term, in evaluation mode; the noise is the same at every epoch. */
  evaluate(epoch: number): (Numbers & { readonly loss: number }) | undefined {
    if (this.#test === undefined) return undefined;
    const [epsilon, binarize] = ['epsilon', 'binarize'].map((name) =>
      this.random.stream(name).split('evaluate').at(),
    );
    let sums: Numbers = {};
    for (const batch of batches(this.#test, { size: this.settings.batchSize, dtype: this.dtype })) {
      const values = this.model.evaluating(() =>
        scope(() => this.values(noGrad(() => this.terms(batch, { epsilon, binarize })))),
      );
      sums = addTo(sums, values, batch.x.shape[0]);
    }
    const { loss, ...others } = average(sums, this.#test.size);
    if (Number.isFinite(loss)) return { loss, ...others };
    throw new TrainingError(
      epoch,
      undefined,
      `the test loss is ${loss}; look for test data far out of range, or lower the learning rate`,
    );
  }
}
