import { describe, expect, it } from 'vitest';
import { fit as fitModel } from '../../../src/vae/training/fit.js';
import { Trainer } from '../../../src/vae/training/trainer.js';
import { bars, smallVae } from './bars.js';
import { runUntil, timeless } from './runs.js';

const train = bars(40);
const make = (epochs = 3) => new Trainer(smallVae(), { train, epochs, batchSize: 16 });

describe('fit', () => {
  it('does what run does, and tells of each step and epoch in order', async () => {
    const told: string[] = [];
    const trainer = make();
    const { history, stopped } = await fitModel(trainer, {
      onStep: ({ epoch, step }) => void told.push(`step ${epoch}.${step}`),
      onEpoch: ({ epoch }) => void told.push(`epoch ${epoch}`),
      checkpoint: () => void told.push('checkpoint'),
    });
    const epoch = (n: number) => [`step ${n}.1`, `step ${n}.2`, `step ${n}.3`, 'checkpoint', `epoch ${n}`];
    expect(told).toEqual([...epoch(1), ...epoch(2), ...epoch(3)]);
    expect(stopped).toBe('done');
    const whole = make();
    runUntil(whole);
    expect(timeless(history)).toEqual(timeless(whole.history));
    expect(trainer.vae.stateDict()).toEqual(whole.vae.stateDict());
  });

  it('needs no callback', async () => {
    expect((await fitModel(make(1))).stopped).toBe('done');
  });

  it('waits for each callback before it goes on', async () => {
    let busy = 0;
    const slow = async (): Promise<void> => {
      expect(++busy).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 1));
      busy--;
    };
    await fitModel(make(2), { onStep: slow, onEpoch: slow, checkpoint: slow });
    expect(busy).toBe(0);
  });

  it('ends after the step under way when aborted, with a checkpoint that goes on from there', async () => {
    const controller = new AbortController();
    const kept: Uint8Array[] = [];
    let steps = 0;
    const { stopped } = await fitModel(make(), {
      signal: controller.signal,
      onStep: () => {
        if (++steps === 5) controller.abort();
      },
      checkpoint: (bytes) => void kept.push(bytes),
    });
    expect(stopped).toBe('aborted');
    expect(steps).toBe(5);
    expect(kept).toHaveLength(2);
    const resumed = Trainer.resume(kept[1], 'c', { train });
    expect([resumed.epoch, resumed.step]).toEqual([1, 2]);
    await fitModel(resumed);
    const whole = make();
    runUntil(whole);
    expect(resumed.vae.stateDict()).toEqual(whole.vae.stateDict());
    expect(timeless(resumed.history)).toEqual(timeless(whole.history));
  });

  it('keeps one checkpoint, not two, when aborted right after an epoch', async () => {
    const controller = new AbortController();
    let kept = 0;
    const { stopped, history } = await fitModel(make(), {
      signal: controller.signal,
      onEpoch: () => controller.abort(),
      checkpoint: () => void kept++,
    });
    expect([stopped, history.length, kept]).toEqual(['aborted', 1, 1]);
  });

  it('takes no step when aborted before, and says done when nothing was left', async () => {
    const trainer = make();
    expect((await fitModel(trainer, { signal: AbortSignal.abort() })).stopped).toBe('aborted');
    expect([trainer.epoch, trainer.step]).toEqual([0, 0]);
    expect((await fitModel(make(0), { signal: AbortSignal.abort() })).stopped).toBe('done');
  });

  it('gives the event loop its turn: a timer can abort a long training', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    const { stopped } = await fitModel(make(3000), { signal: controller.signal });
    expect(stopped).toBe('aborted');
  });

  it('tells of early stopping', async () => {
    const trainer = new Trainer(smallVae(), {
      train,
      epochs: 9,
      earlyStopping: { patience: 1, minDelta: 1e6 },
    });
    const { stopped, history } = await fitModel(trainer);
    expect([stopped, history.length]).toEqual(['early', 2]);
  });

  it('passes on what a callback throws', async () => {
    const fails = () => {
      throw new Error('disk full');
    };
    await expect(fitModel(make(), { checkpoint: fails })).rejects.toThrow('disk full');
  });
});
