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
    for (const weight of [{ beta: 1 }, { freeBits: 0 }, { warmupEpochs: 2 }]) {
      expect(() => new Trainer(smallVae(), { ...common, objective: 'elbo', ...weight })).toThrow(
        'Trainer: beta, freeBits, warmupEpochs are settings of the ELBO; give either them or an objective',
      );
    }
    const random = new Random(0);
    expect(() => evaluate(smallVae(), test, { random, objective: 'elbo', beta: 2 })).toThrow(
      'evaluate: beta, freeBits are settings of the ELBO; give either them or an objective',
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
