import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.js';
import { tensorDataset } from '../../../src/data/dataset.js';
import { mean, Random, sqrt, square } from '../../../src/index.js';
import { Dense, Dropout, Sequential, SGD } from '../../../src/nn/index.js';
import { tensor, zeros } from '../../../src/tensor/create.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import { objective } from '../../../src/vae/objective.js';
import { TrainingError } from '../../../src/vae/training/errors.js';
import { fit as fitModel } from '../../../src/vae/training/fit.js';
import { Trainer } from '../../../src/vae/training/trainer.js';
import { heads } from '../heads.js';
import { bars, smallVae } from './bars.js';
import { runUntil } from './runs.js';

/** Bars whose example `bad` holds `value` in one place. */
function poisoned(count: number, bad: number, value: number): Dataset {
  const { data } = bars(count).batch(
    Array.from({ length: count }, (_, i) => i),
    'float32',
  );
  data[bad * 64 + 5] = value;
  return tensorDataset(new Tensor(data, [count, 64]));
}

function failure(run: () => unknown): TrainingError {
  try {
    run();
  } catch (error) {
    if (error instanceof TrainingError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a loss that is not finite', () => {
  it('stops training before the parameters change, naming node, inputs, epoch and step', () => {
    const vae = smallVae({ likelihood: 'gaussian', hidden: [] });
    const trainer = new Trainer(vae, { train: bars(40), epochs: 3, batchSize: 8 });
    runUntil(trainer, (event) => event.type === 'step' && event.step === 3);
    heads(vae).mean.weight.data.fill(3e38);
    const [state, checkpoint] = [vae.stateDict(), trainer.checkpoint()];
    const error = failure(() => runUntil(trainer));
    expect([error.epoch, error.step]).toEqual([1, 4]);
    expect(error.message).toMatch(/^epoch 1, step 4: the loss is (NaN|Infinity): the first node/);
    expect(error.message).toMatch(/'mean' \(linear\) \[8, 3\]: 24 infinite/);
    expect(error.message).toMatch(/ {2}'x' \[8, 64\]: from 0 to 0\.9\n {2}'mean\.weight' \[3, 64\]: 3e38/);
    expect(vae.stateDict()).toEqual(state);
    expect(trainer.checkpoint()).toEqual(checkpoint);
    expect(failure(() => runUntil(trainer)).message.replace(/#\d+/, '')).toBe(
      error.message.replace(/#\d+/, ''),
    );
  });

  it('names inner tensors by their labels', () => {
    const vae = smallVae({ likelihood: 'gaussian', hidden: [] });
    heads(vae).mean.bias?.data.fill(3e38);
    vae.decoder.namedParameters().get('0.weight')?.data.fill(3);
    const error = failure(() => runUntil(new Trainer(vae, { train: bars(8), epochs: 1 })));
    expect(error.message).toMatch(/the first node that is not finite is /);
    expect(error.message).toMatch(
      /'output' \(linear\) \[8, 64\]: 512 infinite\n.*\n {2}'z' \[8, 3\]: 3e38\n {2}'decoder\.0\.weight' \[64, 3\]: 3\n/,
    );
  });

  it('names a parameter that is itself not finite', () => {
    const vae = smallVae();
    const trainer = new Trainer(vae, { train: bars(8), epochs: 1 });
    heads(vae).logvar.weight.data[0] = Number.POSITIVE_INFINITY;
    expect(failure(() => runUntil(trainer)).message).toMatch(
      /the parameter 'logvar\.weight' \[3, 16\]: from .* 1 infinite; an earlier step was too large/,
    );
    expect(failure(() => trainer.checkpoint()).message).toMatch(/no checkpoint is made: .*'logvar\.weight'/);
  });

  it('names the moment of a parameter that overflows, at the end of the epoch, and keeps the checkpoint before', async () => {
    const train = bars(16);
    const kept: Uint8Array[] = [];
    // Gradients of about 1e30 are finite in float32, and their squares are not; Adam then divides by infinity, and stands still.
    const trainer = new Trainer(smallVae(), { train, epochs: 3, batchSize: 8, beta: 1e30, warmupEpochs: 0 });
    await expect(fitModel(trainer, { checkpoint: (bytes) => void kept.push(bytes) })).rejects.toThrow(
      /^epoch 1, step 2: the optimiser's '.*\.exp_avg_sq' is not finite: .*lower the learning rate/,
    );
    expect(kept).toEqual([]);
    expect(trainer.history).toEqual([]);
    expect(failure(() => trainer.checkpoint()).message).toMatch(
      /no checkpoint is made: the optimiser's '.*\.exp_avg_sq' is not finite/,
    );
  });

  it('names a parameter that the last step of an epoch makes infinite', () => {
    const vae = smallVae();
    const optimizer = (parameters: ReadonlyMap<string, Tensor>, learningRate: number) =>
      new SGD(parameters, { learningRate });
    const trainer = new Trainer(vae, {
      train: bars(8),
      epochs: 2,
      learningRate: 3e38,
      optimizer,
      beta: 1e20,
    });
    const error = failure(() => runUntil(trainer));
    expect(error.message).toMatch(/^epoch 1, step 1: the parameter '.*' is not finite/);
    expect(trainer.epoch).toBe(0);
  });

  it('names the parameter when only a gradient is not finite', () => {
    // The loss is about 1e37; the gradient of the output, about 1e35, times a z of 1e4 is too large for float32.
    const vae = smallVae({ likelihood: 'gaussian', sigma: 7e-19, hidden: [] });
    heads(vae).mean.bias?.data.fill(1e4);
    vae.decoder.namedParameters().get('0.weight')?.data.fill(0);
    const before = vae.stateDict();
    const error = failure(() => runUntil(new Trainer(vae, { train: bars(8), epochs: 1 })));
    expect(error.message).toMatch(
      /epoch 1, step 1: the loss is finite, but not the gradient of 'decoder\.0\.weight' \(.*infinite\)/,
    );
    expect(vae.stateDict()).toEqual(before);
  });

  it('names the inner gradient that is the first not to be finite, and leaves the streams where they were', () => {
    const stream = new Random(1).stream('init');
    const model = new Sequential(new Dense({ inputs: 64, outputs: 8, stream }), new Dropout({ stream }));
    model.namedParameters().get('0.weight')?.data.fill(0);
    const trainer = new Trainer(model, {
      train: bars(8),
      epochs: 1,
      loss: ({ x }) => ({ loss: mean(sqrt(square(model.forward(x)).named('squares'))) }),
    });
    const before = trainer.checkpoint();
    const error = failure(() => [...trainer.run()]);
    expect(error.message).toMatch(
      /^epoch 1, step 1: the loss is finite, but not the gradient of '0\.weight' \(.*the gradient of 'squares' \(square\) is the first/,
    );
    expect(trainer.checkpoint()).toEqual(before);
  });

  it('stops at a test loss that is not finite, without counting the epoch', () => {
    const vae = smallVae({ likelihood: 'gaussian' });
    const trainer = new Trainer(vae, { train: bars(8), test: bars(4, 2), epochs: 1 });
    runUntil(trainer, (event) => event.type === 'step');
    heads(vae).mean.bias?.data.fill(Number.NaN);
    expect(failure(() => runUntil(trainer)).message).toMatch(/^epoch 1: the test loss is NaN/);
    expect(trainer.history).toEqual([]);
  });

  it('leaves the last checkpoint as it was', async () => {
    const kept: Uint8Array[] = [];
    const train = bars(16);
    const vae = smallVae({ likelihood: 'gaussian' });
    const trainer = new Trainer(vae, { train, epochs: 3, batchSize: 8 });
    const trained = fitModel(trainer, {
      checkpoint: (bytes) => void kept.push(bytes),
      onStep({ epoch, step }) {
        if (epoch === 2 && step === 1) heads(vae).mean.bias?.data.fill(Number.NaN);
      },
    });
    await expect(trained).rejects.toThrow(/^epoch 2, step 2: the loss is NaN/);
    expect(kept).toHaveLength(1);
    const resumed = Trainer.resume(kept[0], 'c', { train });
    runUntil(resumed);
    expect(resumed.finished).toBe('done');
  });
});

describe('data that the likelihood does not take', () => {
  it.each(['train', 'test'] as const)('is refused before training, by example and element: %s', (part) => {
    const data = { train: bars(1500), test: bars(1500), [part]: poisoned(1500, 1207, 200) };
    for (const binarize of [false, true]) {
      expect(
        () => new Trainer(smallVae({ likelihood: 'gaussian' }), { ...data, binarize, epochs: 1 }),
      ).toThrow(
        new RegExp(`^Trainer, ${part}: .* takes values from 0 to 1, but element 5 of example 1207 is 200; `),
      );
    }
    const missing = { ...data, [part]: poisoned(40, 7, Number.NaN) };
    expect(() => new Trainer(smallVae(), { ...missing, epochs: 1 })).toThrow('element 5 of example 7 is NaN');
  });

  it('is not looked for where the data set says what it holds', () => {
    const train: Dataset = {
      ...bars(8),
      range: { low: 0, high: 1 },
      batch: () => expect.unreachable(),
    };
    expect(new Trainer(smallVae(), { train, epochs: 1 }).finished).toBeNull();
    const wide = { ...train, range: { low: 0, high: 2 } };
    expect(() => new Trainer(smallVae(), { train: wide, epochs: 1 })).toThrow();
  });

  it('does not stop a look at one batch: the objective refuses it too', () => {
    const x = tensor(new Float32Array(64).fill(2), { shape: [1, 64] });
    expect(() => objective(smallVae({ likelihood: 'gaussian' }), x, zeros([1, 3]))).toThrow(
      'the gaussian likelihood takes values from 0 to 1, but element 0 of example 0 is 2',
    );
  });
});
