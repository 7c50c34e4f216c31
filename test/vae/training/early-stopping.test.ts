import { describe, expect, it } from 'vitest';
import { stopsEarly } from '../../../src/vae/training/early-stopping.js';
import type { EpochMetrics } from '../../../src/vae/training/events.js';
import { Trainer } from '../../../src/vae/training/trainer.js';
import { bars, smallVae } from './bars.js';
import { runUntil } from './runs.js';

const epochs = (...losses: readonly number[]): EpochMetrics[] =>
  losses.map((loss, i) => ({ epoch: i + 1, seconds: 1, train: { loss, reconstruction: loss, kl: 0 } }));

describe('early stopping', () => {
  const patience = (n: number, minDelta = 0, warmupEpochs = 0, warmupCycle: number | null = null) => ({
    earlyStopping: { patience: n, minDelta },
    warmupEpochs,
    warmupCycle,
  });

  it('waits as many epochs as it has patience for a lower loss', () => {
    expect(stopsEarly(epochs(5, 4, 4), patience(2))).toBe(false);
    expect(stopsEarly(epochs(5, 4, 4, 4.5), patience(2))).toBe(true);
    expect(stopsEarly(epochs(5, 6, 4, 5), patience(2))).toBe(false);
    expect(stopsEarly(epochs(5, 6), patience(1))).toBe(true);
    expect(stopsEarly(epochs(5), patience(1))).toBe(false);
    expect(stopsEarly([], patience(1))).toBe(false);
  });

  it('does not take a smaller gain than minDelta for one', () => {
    expect(stopsEarly(epochs(5, 4.9, 4.8), patience(2, 0.5))).toBe(true);
    expect(stopsEarly(epochs(5, 4.9, 4.4), patience(2, 0.5))).toBe(false);
  });

  it('does not count epochs in which the weight of the KL still rises', () => {
    expect(stopsEarly(epochs(1, 2, 3), patience(2))).toBe(true);
    expect(stopsEarly(epochs(1, 2, 3), patience(2, 0, 2))).toBe(false);
    expect(stopsEarly(epochs(1, 2, 3, 4, 5), patience(2, 0, 2))).toBe(true);
    // The third epoch of each cycle has the whole weight.
    expect(stopsEarly(epochs(1, 2, 3, 4, 5, 6, 7, 8), patience(2, 0, 2, 3))).toBe(false);
    expect(stopsEarly(epochs(1, 2, 3, 4, 5, 6, 7, 8, 9), patience(2, 0, 2, 3))).toBe(true);
  });

  it('looks at the test loss where there is one', () => {
    const evaluation = { reconstruction: 0, kl: 0, elbo: 0, klPerDimension: [], activeUnits: 0 };
    const overfitted = epochs(5, 4, 3).map((m, i) => ({ ...m, test: { ...evaluation, loss: i } }));
    expect(stopsEarly(overfitted, patience(2))).toBe(true);
  });

  it('never happens unless asked for', () => {
    expect(stopsEarly(epochs(1, 2, 3, 4, 5, 6), { ...patience(1), earlyStopping: null })).toBe(false);
  });

  it('ends a training, and stays so in its checkpoint until there is more patience', () => {
    const train = bars(16);
    const options = {
      train,
      epochs: 50,
      schedule: () => 0,
      beta: 0,
      earlyStopping: { patience: 2, minDelta: 1 },
    };
    const trainer = new Trainer(smallVae(), options);
    runUntil(trainer);
    expect(trainer.finished).toBe('early');
    expect(trainer.epoch).toBe(3);
    const bytes = trainer.checkpoint();
    const same = Trainer.resume(bytes, 'c', { train, schedule: () => 0 });
    expect(runUntil(same)).toEqual([]);
    expect(same.finished).toBe('early');
    const patient = Trainer.resume(bytes, 'c', {
      train,
      schedule: () => 0,
      earlyStopping: { patience: 4, minDelta: 1 },
    });
    runUntil(patient);
    expect(patient.epoch).toBe(5);
  });
});
