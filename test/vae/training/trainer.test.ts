import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.js';
import { tensorDataset } from '../../../src/data/dataset.js';
import { SGD } from '../../../src/nn.js';
import { Random } from '../../../src/tensor/random/stream.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import { evaluate } from '../../../src/vae/evaluate.js';
import { klWarmup } from '../../../src/vae/objective.js';
import type { TrainingEvent } from '../../../src/vae/training/events.js';
import type { TrainingOptions } from '../../../src/vae/training/options.js';
import { Trainer } from '../../../src/vae/training/trainer.js';
import { TrainingError } from '../../../src/vae.js';
import { bars, smallVae } from './bars.js';
import { runUntil, timeless } from './runs.js';

/** A data set that notes which examples were asked for, batch by batch. */
function watched(dataset: Dataset): Dataset & { readonly asked: number[][] } {
  const asked: number[][] = [];
  return {
    ...dataset,
    // So that none is asked for before training.
    range: { low: 0, high: 1 },
    asked,
    batch(indices, dtype) {
      asked.push(Array.from(indices));
      return dataset.batch(indices, dtype);
    },
  };
}

const steps = (events: readonly TrainingEvent[]) => events.filter((event) => event.type === 'step');

describe('Trainer', () => {
  it('uses every example once an epoch, the short last batch too, in a new order each time', () => {
    const train = watched(bars(50));
    const trainer = new Trainer(smallVae(), { train, epochs: 2, batchSize: 16 });
    const events = runUntil(trainer);
    expect(train.asked.map((batch) => batch.length)).toEqual([16, 16, 16, 2, 16, 16, 16, 2]);
    const [first, second] = [train.asked.slice(0, 4).flat(), train.asked.slice(4).flat()];
    const all = Array.from({ length: 50 }, (_, i) => i);
    expect(first.toSorted((a, b) => a - b)).toEqual(all);
    expect(second.toSorted((a, b) => a - b)).toEqual(all);
    expect(first).not.toEqual(second);
    expect(events.map((event) => event.type)).toEqual([
      ...['step', 'step', 'step', 'step', 'epoch'],
      ...['step', 'step', 'step', 'step', 'epoch'],
    ]);
    expect(steps(events).map(({ epoch, step, steps }) => [epoch, step, steps])).toEqual(
      [1, 2].flatMap((epoch) => [1, 2, 3, 4].map((step) => [epoch, step, 4])),
    );
  });

  it('averages over examples, not over batches', () => {
    const trainer = new Trainer(smallVae(), { train: bars(50), epochs: 1, batchSize: 16 });
    const sizes = [16, 16, 16, 2];
    const events = steps(runUntil(trainer));
    for (const term of ['loss', 'reconstruction', 'kl'] as const) {
      const sum = events.reduce((total, event, i) => total + event[term] * sizes[i], 0);
      expect(trainer.history[0].train[term]).toBe(sum / 50);
    }
  });

  it('takes one short step an epoch when the batch is larger than the data', () => {
    const trainer = new Trainer(smallVae(), { train: bars(5), epochs: 2, batchSize: 128 });
    expect(steps(runUntil(trainer)).map((event) => event.steps)).toEqual([1, 1]);
  });

  it('does nothing in 0 epochs', () => {
    const vae = smallVae();
    const before = vae.stateDict();
    const trainer = new Trainer(vae, { train: bars(5), epochs: 0 });
    expect(runUntil(trainer)).toEqual([]);
    expect(trainer.finished).toBe('done');
    expect(vae.stateDict()).toEqual(before);
  });

  it('evaluates the test set after each epoch with the objective of training', () => {
    const test = bars(30, 2);
    const vae = smallVae();
    const trainer = new Trainer(vae, { train: bars(50), test, epochs: 2, beta: 0.5, freeBits: 0.1, seed: 3 });
    runUntil(trainer);
    expect(trainer.history.map((metrics) => metrics.epoch)).toEqual([1, 2]);
    expect(trainer.history[1].test).toEqual(
      evaluate(vae, test, { random: new Random(3), beta: 0.5, freeBits: 0.1 }),
    );
    expect(trainer.history[0].seconds).toBeGreaterThan(0);
  });

  it('gives way between the batches of an evaluation, and evaluates anew what is left there', () => {
    const make = () => new Trainer(smallVae(), { train: bars(20), test: bars(1100, 2), epochs: 1 });
    const [whole, parted] = [make(), make()];
    const turns = [...parted.turns()];
    expect(turns.map((event) => event?.type)).toEqual(['step', undefined, undefined, undefined, 'epoch']);
    expect(turns.filter((event) => event !== null)).toEqual(
      runUntil(whole).map((event) =>
        event.type === 'step'
          ? event
          : { ...event, metrics: { ...event.metrics, seconds: expect.any(Number) } },
      ),
    );
    const left = make();
    const [first] = left.turns();
    expect(first?.type).toBe('step');
    for (const turn of left.turns()) if (turn === null) break;
    expect([left.step, left.epoch]).toEqual([left.steps, 0]);
    runUntil(left);
    expect(timeless(left.history)).toEqual(timeless(whole.history));
  });

  it('evaluates on drawn values too when it binarizes', () => {
    const [test, vae] = [bars(30, 2), smallVae()];
    const trainer = new Trainer(vae, { train: bars(50), test, epochs: 1, binarize: true, seed: 3 });
    runUntil(trainer);
    const random = new Random(3);
    const drawn = evaluate(vae, test, { random, binarize: true });
    expect(trainer.history[0].test).toEqual(drawn);
    expect(drawn.reconstruction).not.toBe(evaluate(vae, test, { random }).reconstruction);
  });

  it('draws each value anew at each step when it binarizes', () => {
    const gray = tensorDataset(new Tensor(new Float32Array(64).fill(0.5), [1, 64]));
    const losses = (binarize: boolean) => {
      const vae = smallVae({ hidden: [] });
      const trainer = new Trainer(vae, { train: gray, epochs: 6, learningRate: 1e-12, beta: 0, binarize });
      return steps(runUntil(trainer)).map((event) => event.reconstruction);
    };
    // With p = 0.5 a gray pixel costs (softplus(l) + softplus(-l)) / 2; a binary one costs one of the two.
    expect(new Set(losses(true).map((loss) => loss.toFixed(2))).size).toBeGreaterThan(3);
    const mean = (xs: readonly number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;
    expect(Math.abs(mean(losses(true)) - mean(losses(false)))).toBeLessThan(4);
  });

  it('lets the weight of the KL rise during the warm-up', () => {
    const trainer = new Trainer(smallVae(), { train: bars(40), epochs: 4, beta: 2, warmupEpochs: 2 });
    runUntil(trainer);
    for (const { epoch, train } of trainer.history) {
      const beta = klWarmup(epoch, { beta: 2, epochs: 2 });
      expect(train.loss).toBeCloseTo(train.reconstruction + beta * train.kl, 4);
    }
    expect(trainer.history[0].train.loss).toBeCloseTo(trainer.history[0].train.reconstruction, 4);
  });

  it('asks the schedule for each epoch, counted from 0, and steps by its factor', () => {
    const asked: number[] = [];
    const schedule = (epoch: number): number => {
      asked.push(epoch);
      return epoch === 1 ? 0 : 1;
    };
    const vae = smallVae();
    const trainer = new Trainer(vae, { train: bars(20), epochs: 3, batchSize: 10, schedule });
    const states = [vae.stateDict()];
    for (const event of trainer.run()) if (event.type === 'epoch') states.push(vae.stateDict());
    expect([...new Set(asked)]).toEqual([0, 1, 2]);
    expect(states[1]).not.toEqual(states[0]);
    expect(states[2]).toEqual(states[1]);
    expect(states[3]).not.toEqual(states[2]);
  });

  it('clips the gradient: a tiny norm changes the course, a huge one does not', () => {
    const stateAfter = (clipNorm?: number) => {
      const vae = smallVae();
      // Epsilon of Adam matters only where gradients are tiny, so a small norm shortens the steps.
      runUntil(new Trainer(vae, { train: bars(20), epochs: 1, clipNorm }));
      return vae.stateDict();
    };
    expect(stateAfter(1e6)).toEqual(stateAfter());
    expect(stateAfter(1e-9)).not.toEqual(stateAfter());
  });

  it('goes on where it stood when run is called again', () => {
    const options = { train: bars(50), epochs: 2, batchSize: 16 };
    const whole = new Trainer(smallVae(), options);
    runUntil(whole);
    const halting = new Trainer(smallVae(), options);
    while (halting.finished === null) runUntil(halting, () => true);
    expect(halting.vae.stateDict()).toEqual(whole.vae.stateDict());
    expect(halting.history[1].train).toEqual(whole.history[1].train);
  });

  const train = bars(5);
  it.each<[string, Partial<TrainingOptions>, RegExp]>([
    [
      'an empty data set',
      { train: { ...train, size: 0 } },
      /Trainer, train: the data set has 0 examples; at least 1/,
    ],
    ['an empty test set', { test: { ...train, size: 0 } }, /Trainer, test: the data set has 0 examples/],
    [
      'data of another width',
      { train: { ...train, features: 3 } },
      /an example has 3 numbers, but the VAE takes 64/,
    ],
    ['epochs', { epochs: 1.5 }, /epochs is 1.5; it must be an integer of 0 or more/],
    ['batchSize', { batchSize: 0 }, /batchSize is 0; it must be an integer of 1 or more/],
    ['learningRate', { learningRate: 0 }, /learningRate is 0; it must be a finite number above 0/],
    ['beta', { beta: -1 }, /beta is -1; it must be a finite number of 0 or more/],
    ['warmupEpochs', { warmupEpochs: -1 }, /warmupEpochs is -1/],
    ['freeBits', { freeBits: Number.NaN }, /freeBits is NaN/],
    ['clipNorm', { clipNorm: 0 }, /clipNorm is 0; it must be a finite number above 0/],
    ['seed', { seed: -1 }, /seed is -1/],
    [
      'patience',
      { earlyStopping: { patience: 0 } },
      /earlyStopping\.patience is 0; it must be an integer of 1 or more/,
    ],
    ['minDelta', { earlyStopping: { patience: 1, minDelta: -1 } }, /earlyStopping\.minDelta is -1/],
  ])('refuses %s', (_, options, message) => {
    expect(() => new Trainer(smallVae(), { train, epochs: 1, ...options })).toThrow(message);
  });

  it('refuses an option that does not exist', () => {
    const options = { train, epochs: 1, batchsize: 4 };
    expect(() => new Trainer(smallVae(), options)).toThrow(/Trainer: there is no option 'batchsize'/);
  });

  it('is over where an update fails: parameters of two steps are neither kept nor trained on', () => {
    class Failing extends SGD {
      override step(...given: Parameters<SGD['step']>): void {
        super.step(...given);
        throw new Error('memory access out of bounds');
      }
    }
    const options = { train: bars(50), epochs: 2, batchSize: 16 };
    const optimizer = (parameters: ReadonlyMap<string, Tensor>) =>
      new Failing(parameters, { learningRate: 0.1 });
    const trainer = new Trainer(smallVae(), { ...options, optimizer });
    const problem = /^epoch 1, step 1: the update failed, and may .*: memory access out of bounds$/;
    expect(() => runUntil(trainer)).toThrow(problem);
    expect(() => trainer.checkpoint()).toThrow(problem);
    expect(() => runUntil(trainer)).toThrow(TrainingError);
  });
});
