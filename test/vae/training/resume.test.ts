import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { take } from '../../../src/data/dataset.js';
import { decodeSafetensors } from '../../../src/tensor/safetensors.js';
import type { TrainingEvent } from '../../../src/vae/training/events.js';
import type { TrainingOptions } from '../../../src/vae/training/options.js';
import { Trainer } from '../../../src/vae/training/trainer.js';
import { bars, smallVae } from './bars.js';
import { runUntil, timeless } from './runs.js';

/** The bytes of every tensor in a checkpoint, as text, by name. */
function tensorBytes(trainer: Trainer): Record<string, string> {
  const { tensors } = decodeSafetensors(trainer.checkpoint(), 'checkpoint');
  return Object.fromEntries(
    [...tensors].map(([name, { data }]) => [
      name,
      Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex'),
    ]),
  );
}

const train = bars(50);
const test = bars(23, 2);
/** 7 steps an epoch, the last with 2 examples. */
const common = { train, test, batchSize: 8, seed: 5, learningRate: 3e-3 };

/** 4 epochs in one go, and the same stopped after `stops` events in all, kept and resumed each time. */
function compare(
  options: Omit<TrainingOptions, 'epochs'>,
  stops: readonly number[],
  vae = () => smallVae(),
): void {
  const { schedule } = options;
  const whole = new Trainer(vae(), { ...options, epochs: 4 });
  const events = runUntil(whole);
  let parts = new Trainer(vae(), { ...options, epochs: 4 });
  const seen: TrainingEvent[] = [];
  for (const stop of [...stops, Number.POSITIVE_INFINITY]) {
    let left = stop - seen.length;
    if (left > 0) seen.push(...runUntil(parts, () => --left <= 0));
    parts = Trainer.resume(parts.checkpoint(), 'checkpoint', {
      train: options.train,
      test: options.test,
      schedule,
    });
  }
  expect(tensorBytes(parts)).toEqual(tensorBytes(whole));
  expect(timeless(parts.history)).toEqual(timeless(whole.history));
  expect(seen.filter((e) => e.type === 'step')).toEqual(events.filter((e) => e.type === 'step'));
  expect(parts.settings).toEqual(whole.settings);
  expect(parts.finished).toBe('done');
}

describe('Trainer.resume', () => {
  it('continues 2 epochs with 2 more as if there had been 4 from the start, in every byte', () => {
    const whole = new Trainer(smallVae(), { ...common, epochs: 4 });
    runUntil(whole);
    const first = new Trainer(smallVae(), { ...common, epochs: 2 });
    runUntil(first);
    expect(first.finished).toBe('done');
    const second = Trainer.resume(first.checkpoint(), 'checkpoint', { train, test, epochs: 4 });
    expect(second.epoch).toBe(2);
    runUntil(second);
    const { 'model.encoder.0.weight': weight, ...others } = tensorBytes(second);
    const { 'model.encoder.0.weight': wholeWeight, ...wholeOthers } = tensorBytes(whole);
    expect(weight).toBe(wholeWeight);
    expect(weight).not.toBe(tensorBytes(first)['model.encoder.0.weight']);
    expect(others).toEqual(wholeOthers);
    expect(Object.keys(others)).toContain('optimizer.encoder.0.weight.exp_avg_sq');
    expect(timeless(second.history)).toEqual(timeless(whole.history));
  });

  it('continues from the middle of an epoch, from between its last step and its end, and several times', () => {
    compare(common, [3]);
    compare(common, [7]);
    compare(common, [8]);
    compare(common, [1, 2, 15, 16, 17, 30]);
  });

  it('continues wherever it was stopped, with any options', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(34), { maxLength: 3 }),
        fc.record(
          {
            batchSize: fc.constantFrom(7, 13, 64),
            binarize: fc.boolean(),
            freeBits: fc.constant(0.2),
            warmupEpochs: fc.constantFrom(1, 3),
            clipNorm: fc.constant(1),
            schedule: fc.constant((epoch: number) => 1 / (1 + epoch)),
            earlyStopping: fc.constant({ patience: 4 }),
          },
          { requiredKeys: [] },
        ),
        fc.constantFrom<Parameters<typeof smallVae>>(
          [],
          [{ likelihood: 'gaussian', learnSigma: true, activation: 'tanh' }],
          [{ hidden: [] }, 2, 'float64'],
        ),
        (stops, options, model) => {
          const seen = stops.toSorted((a, b) => a - b);
          compare({ ...common, ...options }, seen, () => smallVae(...model));
        },
      ),
      { numRuns: 12 },
    );
  });

  it('gives the same bytes for the same seed, and others for another', () => {
    const bytes = (seed: number): Uint8Array => {
      const trainer = new Trainer(smallVae(), { ...common, epochs: 1, seed });
      runUntil(trainer, (event) => event.type === 'step' && event.step === 7);
      return trainer.checkpoint();
    };
    const weights = (b: Uint8Array): unknown =>
      decodeSafetensors(b, 'f').tensors.get('model.mean.weight')?.toArray();
    expect(weights(bytes(5))).toEqual(weights(bytes(5)));
    expect(weights(bytes(6))).not.toEqual(weights(bytes(5)));
  });

  const checkpoint = (() => {
    const trainer = new Trainer(smallVae(), { ...common, epochs: 2 });
    runUntil(trainer, (event) => event.type === 'epoch');
    return trainer.checkpoint();
  })();

  it('refuses data that is not what it was', () => {
    const resume = (data: Pick<TrainingOptions, 'train' | 'test'>) => () =>
      Trainer.resume(checkpoint, 'c', data);
    const narrow = { size: 50, features: 3, batch: train.batch };
    expect(resume({ train: take(train, 49), test })).toThrow(
      /train data has 49 examples of 64 numbers, but the checkpoint's had 50 examples of 64 numbers/,
    );
    expect(resume({ train: bars(50, 9), test })).toThrow(
      /train data has as many examples .* but not the same: a value or a label differs/,
    );
    expect(resume({ train, test: take(test, 5) })).toThrow(/test data has 5 examples/);
    expect(resume({ train })).toThrow(/test data is missing/);
    expect(() => resume({ train: narrow, test })()).toThrow(/50 examples of 3 numbers/);
    const alone = new Trainer(smallVae(), { train, epochs: 1 }).checkpoint();
    expect(() => Trainer.resume(alone, 'c', { train, test })).toThrow(/test data is given, but/);
  });

  it('refuses to go on without the schedule, or with an option that cannot change', () => {
    const scheduled = new Trainer(smallVae(), { ...common, epochs: 2, schedule: () => 0.5 }).checkpoint();
    expect(() => Trainer.resume(scheduled, 'run.safetensors', { train, test })).toThrow(
      /run\.safetensors was trained with a schedule/,
    );
    const options = { train, test, batchSize: 4 };
    expect(() => Trainer.resume(checkpoint, 'c', options)).toThrow(/no option 'batchSize'/);
    expect(() => Trainer.resume(checkpoint, 'c', { train, test, epochs: -1 })).toThrow(/epochs is -1/);
  });

  it('takes new settings from where it stands', () => {
    const trainer = Trainer.resume(checkpoint, 'c', {
      train,
      test,
      epochs: 5,
      learningRate: 1e-4,
      clipNorm: 2,
      earlyStopping: { patience: 3 },
    });
    expect(trainer.settings).toMatchObject({
      epochs: 5,
      learningRate: 1e-4,
      clipNorm: 2,
      earlyStopping: { patience: 3, minDelta: 0 },
      batchSize: 8,
      seed: 5,
    });
    expect(trainer.history).toHaveLength(1);
  });
});
