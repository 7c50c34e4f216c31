import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.js';
import { tensorDataset } from '../../../src/data/dataset.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import { TrainingError } from '../../../src/vae/training/errors.js';
import { fit as fitModel } from '../../../src/vae/training/fit.js';
import { Trainer } from '../../../src/vae/training/trainer.js';
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
    const trainer = new Trainer(vae, { train: poisoned(40, 7, Number.NaN), epochs: 3, batchSize: 8 });
    let state = vae.stateDict();
    let checkpoint = trainer.checkpoint();
    let steps = 0;
    const error = failure(() => {
      for (const event of trainer.run()) {
        if (event.type === 'step') steps = event.step;
        state = vae.stateDict();
        checkpoint = trainer.checkpoint();
      }
    });
    expect(error.epoch).toBe(1);
    expect(error.step).toBe(steps + 1);
    expect(error.message).toMatch(new RegExp(`^epoch 1, step ${steps + 1}: the loss is NaN: the first node`));
    expect(error.message).toMatch(/'mean' \(linear\) \[8, 3\]: from .*, 3 NaN/);
    expect(error.message).toMatch(
      / {2}'x' \[8, 64\]: from 0 to 0\.9, 1 NaN\n {2}'mean\.weight' \[3, 64\]: from -0\.1\d* to 0\.1/,
    );
    expect(vae.stateDict()).toEqual(state);
    expect(trainer.checkpoint()).toEqual(checkpoint);
    expect(failure(() => runUntil(trainer)).message.replace(/#\d+/, '')).toBe(
      error.message.replace(/#\d+/, ''),
    );
  });

  it('names inner tensors by their labels', () => {
    const vae = smallVae({ likelihood: 'gaussian', hidden: [] });
    vae.mean.bias?.data.fill(3e38);
    vae.decoder.namedParameters().get('0.weight')?.data.fill(3);
    const error = failure(() => runUntil(new Trainer(vae, { train: bars(8), epochs: 1 })));
    expect(error.message).toMatch(/the first node that is not finite is /);
    expect(error.message).toMatch(
      /'output' \(linear\) \[8, 64\]: 512 infinite\n.*\n {2}'z' \[8, 3\]: 3e\+38\n {2}'decoder\.0\.weight' \[64, 3\]: 3\n/,
    );
  });

  it('names a parameter that is itself not finite', () => {
    const vae = smallVae();
    const trainer = new Trainer(vae, { train: bars(8), epochs: 1 });
    vae.logvar.weight.data[0] = Number.POSITIVE_INFINITY;
    expect(failure(() => runUntil(trainer)).message).toMatch(
      /the parameter 'logvar\.weight' \[3, 16\]: from .* 1 infinite; an earlier step was too large/,
    );
    expect(failure(() => trainer.checkpoint()).message).toMatch(/no checkpoint is made: .*'logvar\.weight'/);
  });

  it('names the parameter when only a gradient is not finite', () => {
    // The loss is about 1e37; the gradient of the output, about 1e35, times a z of 1e4 is too large for float32.
    const vae = smallVae({ likelihood: 'gaussian', sigma: 7e-19, hidden: [] });
    vae.mean.bias?.data.fill(1e4);
    vae.decoder.namedParameters().get('0.weight')?.data.fill(0);
    const before = vae.stateDict();
    const error = failure(() => runUntil(new Trainer(vae, { train: bars(8), epochs: 1 })));
    expect(error.message).toMatch(
      /epoch 1, step 1: the loss is finite, but not the gradient of 'decoder\.0\.weight' \(.*infinite\)/,
    );
    expect(vae.stateDict()).toEqual(before);
  });

  it('stops at a test loss that is not finite, without counting the epoch', () => {
    const trainer = new Trainer(smallVae({ likelihood: 'gaussian' }), {
      train: bars(8),
      test: poisoned(4, 1, Number.NaN),
      epochs: 1,
    });
    const error = failure(() => runUntil(trainer));
    expect(error.message).toMatch(/^epoch 1: the test loss is NaN/);
    expect(trainer.history).toEqual([]);
  });

  it('leaves the last checkpoint as it was', async () => {
    const kept: Uint8Array[] = [];
    const clean = bars(16);
    let calls = 0;
    const train: Dataset = {
      ...clean,
      batch(indices, dtype) {
        const x = clean.batch(indices, dtype);
        // Two steps an epoch, and batches for the identity of the data besides.
        if (indices.length === 8 && ++calls === 4) x.data[0] = Number.NaN;
        return x;
      },
    };
    const trainer = new Trainer(smallVae({ likelihood: 'gaussian' }), { train, epochs: 3, batchSize: 8 });
    await expect(fitModel(trainer, { checkpoint: (bytes) => void kept.push(bytes) })).rejects.toThrow(
      /^epoch 2, step 2: the loss is NaN/,
    );
    expect(kept).toHaveLength(1);
    const resumed = Trainer.resume(kept[0], 'c', { train: clean });
    runUntil(resumed);
    expect(resumed.finished).toBe('done');
  });
});
