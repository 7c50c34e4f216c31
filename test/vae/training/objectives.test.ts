import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/index.js';
import { decodeSafetensors, encodeSafetensors } from '../../../src/nn.js';
import { elbo, evaluate, readCheckpoint, Trainer } from '../../../src/vae.js';
import { capacity } from '../capacity.js';
import { bars, smallVae } from './bars.js';
import { runUntil, timeless } from './runs.js';

const train = bars(40);
const test = bars(15, 2);
const common = { train, test, epochs: 3, batchSize: 16, learningRate: 3e-3, seed: 4 };

describe('the settings of the ELBO in a training', () => {
  /** The losses of all epochs on the test set, beside its terms. */
  const tested = (settings: object) => {
    const trainer = new Trainer(smallVae(), { ...common, epochs: 4, ...settings });
    runUntil(trainer);
    return trainer.history.map(({ test: found }) => found ?? expect.unreachable());
  };

  it('raise the weight of the KL in every cycle', () => {
    const weights = tested({ beta: 4, warmupEpochs: 1, warmupCycle: 2 }).map(
      ({ loss, reconstruction, kl }) => (loss - reconstruction) / kl,
    );
    for (const [i, weight] of [0, 4, 0, 4].entries()) expect(weights[i]).toBeCloseTo(weight, 9);
  });

  it('raise the capacity of the KL over the warm-up', () => {
    const found = tested({ beta: 10, capacity: 6, warmupEpochs: 2 });
    for (const [i, nats] of [0, 3, 6, 6].entries()) {
      const { loss, reconstruction, kl } = found[i];
      expect(loss).toBeCloseTo(reconstruction + 10 * Math.abs(kl - nats), 9);
    }
  });

  it('resume bit for bit: several samples, the KL at them, a cycle and a capacity', () => {
    const settings = { samples: 3, kl: 'sample', capacity: 2, warmupEpochs: 1, warmupCycle: 2 } as const;
    const whole = new Trainer(smallVae(), { ...common, ...settings });
    const events = runUntil(whole);
    const half = new Trainer(smallVae(), { ...common, ...settings });
    let left = 5;
    runUntil(half, () => --left === 0);
    const resumed = Trainer.resume(half.checkpoint(), 'c', { train, test });
    expect(resumed.settings).toEqual(whole.settings);
    expect(runUntil(resumed).length).toBe(events.length - 5);
    expect(resumed.vae.stateDict()).toEqual(whole.vae.stateDict());
    expect(timeless(resumed.history)).toEqual(timeless(whole.history));
  });

  it('are the plain VAE, bit for bit, where they are its own', () => {
    const state = (settings: object) => {
      const trainer = new Trainer(smallVae(), { ...common, ...settings });
      runUntil(trainer);
      return trainer.vae.stateDict();
    };
    const own = { beta: 1, samples: 1, kl: 'analytic', capacity: null, warmupCycle: null };
    expect(state(own)).toEqual(state({}));
    expect(state({ samples: 2 })).not.toEqual(state({}));
  });

  it('refuse a cycle that has no room for a warm-up', () => {
    for (const warmupEpochs of [0, 4]) {
      expect(() => new Trainer(smallVae(), { ...common, warmupEpochs, warmupCycle: 3 })).toThrow(
        `Trainer: warmupCycle is 3; warmupEpochs is ${warmupEpochs}, but must be above 0 and no longer`,
      );
    }
  });

  it('are evaluated alike, whatever the batches', () => {
    const vae = smallVae();
    const evaluated = (batchSize: number) =>
      evaluate(vae, test, { random: new Random(1), samples: 4, kl: 'sample', batchSize });
    const [all, few] = [evaluated(500), evaluated(9)];
    expect(few.loss).toBeCloseTo(all.loss, 4);
    expect(few.klPerDimension.length).toBe(all.klPerDimension.length);
    expect(few.kl).toBeCloseTo(all.kl, 4);
    expect(all.kl).not.toBe(evaluate(vae, test, { random: new Random(1), samples: 4 }).kl);
  });
});

describe('a Trainer of the importance-weighted bound', () => {
  const estimators = ['pathwise', 'stl', 'dreg', 'score', 'score-baseline', 'vimco'] as const;

  it.each(estimators)('resumes bit for bit with the estimator %s', (estimator) => {
    const settings = { objective: 'iwae', samples: 3, estimator } as const;
    const whole = new Trainer(smallVae(), { ...common, epochs: 2, ...settings });
    expect(whole.settings).toMatchObject(settings);
    const events = runUntil(whole);
    for (const stop of [2, 5]) {
      const half = new Trainer(smallVae(), { ...common, epochs: 2, ...settings });
      let left = stop;
      runUntil(half, () => --left === 0);
      const resumed = Trainer.resume(half.checkpoint(), 'c', { train, test });
      expect(resumed.settings).toEqual(whole.settings);
      expect(runUntil(resumed).length).toBe(events.length - stop);
      expect(resumed.vae.stateDict()).toEqual(whole.vae.stateDict());
      expect(timeless(resumed.history)).toEqual(timeless(whole.history));
    }
  });

  it('lowers its bound, and evaluates the test set by it', () => {
    const trainer = new Trainer(smallVae(), { ...common, objective: 'iwae', samples: 5, estimator: 'dreg' });
    runUntil(trainer);
    const losses = trainer.history.map(({ test: found }) => found?.loss ?? Number.NaN);
    expect(losses[2]).toBeLessThan(losses[0]);
    const random = new Random(4);
    const found = evaluate(trainer.vae, test, { random, objective: 'iwae', samples: 5 });
    expect(found).toEqual(trainer.history[2].test);
    // The bound is nearer to log p(x) than the ELBO, and nearer with more samples.
    expect(found.loss).toBeLessThan(-found.elbo);
    const nearer = evaluate(trainer.vae, test, { random, objective: 'iwae', samples: 100 });
    expect(nearer.loss).toBeLessThan(found.loss);
    expect(
      evaluate(trainer.vae, test, { random, objective: 'iwae', samples: 5, batchSize: 7 }).loss,
    ).toBeCloseTo(found.loss, 4);
  });

  it('takes what earlier examples lost on average as the baseline of a score function', () => {
    const [plain, mean] = (['score', 'score-baseline'] as const).map((estimator) => {
      const trainer = new Trainer(smallVae(), { ...common, objective: 'iwae', estimator });
      const events = runUntil(trainer, ({ type }) => type === 'epoch');
      return { events, state: trainer.vae.stateDict() };
    });
    // Before the first step there is nothing to take off; from the second on there is.
    expect(mean.events[0]).toEqual(plain.events[0]);
    expect(mean.state).not.toEqual(plain.state);
  });

  it('refuses to leave one sample out of one', () => {
    expect(() => new Trainer(smallVae(), { ...common, objective: 'iwae', estimator: 'vimco' })).toThrow(
      "Trainer: samples is 1; the estimator 'vimco' needs 2 or more",
    );
  });
});

describe('a Trainer with a registered objective', () => {
  it('trains on its loss, and evaluates the test set with it', () => {
    const objective = capacity({ nats: 2, gamma: 3 });
    const trainer = new Trainer(smallVae(), { ...common, objective });
    expect(trainer.objective).toEqual({ name: 'capacity', nats: 2, gamma: 3 });
    for (const event of runUntil(trainer)) {
      if (event.type !== 'step') continue;
      expect(event.loss).toBeCloseTo(event.reconstruction + 3 * Math.abs(event.kl - 2), 4);
    }
    const found = trainer.history[2].test ?? expect.unreachable();
    expect(found.loss).toBeCloseTo(found.reconstruction + 3 * Math.abs(found.kl - 2), 8);
    expect(evaluate(trainer.vae, test, { random: new Random(4), objective })).toEqual(found);
    const plain = new Trainer(smallVae(), common);
    runUntil(plain);
    expect(plain.vae.stateDict()).not.toEqual(trainer.vae.stateDict());
  });

  it('resumes bit for bit from any event, with its objective', () => {
    const make = () => new Trainer(smallVae(), { ...common, objective: capacity({ nats: 1.5 }) });
    const whole = make();
    const events = runUntil(whole);
    for (let stop = 0; stop <= events.length; stop++) {
      let left = stop;
      const half = make();
      if (stop > 0) runUntil(half, () => --left === 0);
      const resumed = Trainer.resume(half.checkpoint(), 'c', { train, test });
      expect(resumed.objective).toEqual({ name: 'capacity', nats: 1.5, gamma: 10 });
      expect(runUntil(resumed).filter(({ type }) => type === 'step')).toEqual(
        events.slice(stop).filter(({ type }) => type === 'step'),
      );
      expect(resumed.vae.stateDict()).toEqual(whole.vae.stateDict());
      expect(timeless(resumed.history)).toEqual(timeless(whole.history));
    }
  });

  it('is the same as beta and freeBits where it is the ELBO, given by function, specification or name', () => {
    const state = (options: object) => {
      const trainer = new Trainer(smallVae(), { ...common, ...options });
      runUntil(trainer);
      return { state: trainer.vae.stateDict(), history: timeless(trainer.history) };
    };
    const weighted = state({ beta: 4, freeBits: 0.1 });
    expect(state({ objective: elbo({ beta: 4, freeBits: 0.1 }) })).toEqual(weighted);
    expect(state({ objective: { name: 'elbo', beta: 4, freeBits: 0.1 } })).toEqual(weighted);
    expect(state({ objective: 'elbo' })).toEqual(state({}));
  });

  it('does not go with the weights of the ELBO', () => {
    for (const weight of [{ beta: 1 }, { freeBits: 0 }, { warmupEpochs: 2 }, { kl: 'sample' as const }]) {
      expect(() => new Trainer(smallVae(), { ...common, objective: elbo(), ...weight })).toThrow(
        'Trainer: beta, freeBits, capacity, kl, warmupEpochs, warmupCycle are settings of the ELBO; give either them or an objective',
      );
    }
    const random = new Random(0);
    expect(() => evaluate(smallVae(), test, { random, objective: 'elbo', beta: 2 })).toThrow(
      'evaluate: beta, freeBits, capacity, kl are settings of the ELBO; give either them or an objective',
    );
  });

  it('refuses what is not registered, or does not fit, and what a resumed training may not change', () => {
    const start = (objective: string | { name: string }) => () =>
      new Trainer(smallVae(), { ...common, objective });
    expect(start('nowhere')).toThrow(
      /no objective named 'nowhere' is registered; .* register it with defineObjective\(\{ name: 'nowhere'/,
    );
    expect(start({ name: 'capacity' })).toThrow(/Trainer, objective 'capacity': nats is undefined/);
    const bytes = new Trainer(smallVae(), common).checkpoint();
    expect(() =>
      Reflect.apply(Trainer.resume, Trainer, [bytes, 'c', { train, test, objective: 'elbo' }]),
    ).toThrow("there is no option 'objective'");
  });

  it('says how to register an objective that a checkpoint names and nobody has', () => {
    const bytes = new Trainer(smallVae(), { ...common, objective: capacity({ nats: 1 }) }).checkpoint();
    const { tensors, metadata } = decodeSafetensors(bytes, 'c');
    const renamed = encodeSafetensors(tensors, {
      ...metadata,
      version: '1',
      objective: metadata.objective.replace('capacity', 'far-away'),
    });
    for (const read of [
      () => Trainer.resume(renamed, 'run', { train, test }),
      () => readCheckpoint(renamed, 'run'),
    ]) {
      expect(read).toThrow(
        /^run: .*register it with defineObjective\(\{ name: 'far-away', \.\.\. \}\) first/,
      );
    }
    expect(readCheckpoint(bytes, 'run').objective).toEqual({ name: 'capacity', nats: 1, gamma: 10 });
    expect(readCheckpoint(new Trainer(smallVae(), common).checkpoint(), 'run').objective).toBeNull();
  });
});
