import { describe, expect, it } from 'vitest';
import { type LedgerRecord, LedgerRecorder } from '../../../src/study/ledger/recorder.js';
import { Trainer, type TrainingOptions } from '../../../src/vae/training/index.js';
import { bars, smallVae } from '../../vae/training/bars.js';
import { timeless } from '../../vae/training/runs.js';

const training = (options: Partial<TrainingOptions> = {}) =>
  new Trainer(smallVae({ latent: 2 }), { train: bars(256), epochs: 3, batchSize: 64, ...options });

function recorded(options: Partial<TrainingOptions>, every = 10): readonly LedgerRecord[] {
  const recorder = new LedgerRecorder(training({ learningRate: 0.01, ...options }), { every });
  for (const _ of recorder.run());
  return recorder.records;
}

describe('LedgerRecorder', () => {
  it('writes down the start, every few steps, and the end', () => {
    expect(recorded({}, 5).map(({ at }) => at)).toEqual([0, 5, 10, 12]);
    expect(recorded({}, 4).map(({ at }) => at)).toEqual([0, 4, 8, 12]);
  });

  it('looks at the batch of the step to come, at its beta', () => {
    const recorder = new LedgerRecorder(training({ beta: 2, warmupEpochs: 4 }), { every: 1 });
    const steps: number[] = [];
    for (const event of recorder.run()) if (event.type === 'step') steps.push(event.kl);
    recorder.records.slice(0, -1).forEach(({ dimensions, beta }, i) => {
      expect(dimensions.reduce((sum, { kl }) => sum + kl, 0)).toBeCloseTo(steps[i], 5);
      expect(beta).toBe(0.5 * Math.floor(i / 4));
    });
    expect(steps).toHaveLength(12);
  });

  it('does not change the training, and goes on after a pause without saying anything twice', () => {
    const [looked, left] = [training(), training()];
    const recorder = new LedgerRecorder(looked, { every: 3 });
    for (const event of recorder.run()) if (event.type === 'step' && event.step === 3) break;
    for (const _ of recorder.run());
    for (const _ of left.run());
    expect(timeless(looked.history)).toEqual(timeless(left.history));
    expect(looked.vae.stateDict()).toEqual(left.vae.stateDict());
    expect(recorder.records.map(({ at }) => at)).toEqual([0, 3, 6, 9, 12]);
  });

  it('refuses an interval that is none', () => {
    expect(() => new LedgerRecorder(training(), { every: 0 })).toThrow('every is 0');
  });
});

describe('why a dimension lives or dies', () => {
  const share = (
    records: readonly LedgerRecord[],
    holds: (row: LedgerRecord['dimensions'][number]) => boolean,
  ) => {
    const rows = records.flatMap(({ dimensions }) => dimensions);
    return rows.filter(holds).length / rows.length;
  };

  it('the pull of the KL wins where beta is large, and the dimension dies', () => {
    const records = recorded({ beta: 60, epochs: 20 }, 4);
    for (const { kl, variance, sigma } of records[records.length - 1].dimensions) {
      expect(kl).toBeLessThan(0.01);
      expect(variance).toBeLessThan(0.001);
      expect(sigma).toBeCloseTo(1, 1);
    }
    expect(records[0].dimensions.every(({ variance }) => variance > 0.005)).toBe(true);
    expect(share(records, ({ signal, pull }) => pull > signal)).toBe(1);
    // At the start the KL's part of the gradient is the larger one at each place; later both are next to nothing.
    expect(share(records.slice(0, 2), ({ mean }) => mean.kl > mean.reconstruction)).toBe(1);
    expect(share(records.slice(0, 2), ({ logvar }) => logvar.kl > logvar.reconstruction)).toBe(1);
  });

  it('the signal of the reconstruction wins at beta 1, and the dimension lives', () => {
    const records = recorded({ epochs: 40 });
    for (const { kl, variance, sigma } of records[records.length - 1].dimensions) {
      expect(kl).toBeGreaterThan(0.5);
      expect(variance).toBeGreaterThan(0.5);
      expect(sigma).toBeLessThan(0.7);
    }
    const growing = records.filter(({ dimensions }) => dimensions.every(({ variance }) => variance < 0.4));
    expect(growing.length).toBeGreaterThan(4);
    // One batch can say otherwise; on the whole it is so.
    expect(share(growing, ({ signal, pull }) => signal > pull)).toBeGreaterThan(0.7);
    for (const dimension of [0, 1]) {
      const sum = (of: 'signal' | 'pull') =>
        growing.reduce((total, { dimensions }) => total + dimensions[dimension][of], 0);
      expect(sum('signal')).toBeGreaterThan(1.2 * sum('pull'));
    }
    expect(share(growing, ({ mean }) => mean.reconstruction > mean.kl)).toBeGreaterThan(0.9);
  });
});
