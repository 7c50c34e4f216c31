import { describe, expect, it } from 'vitest';
import { imageDataset } from '../../src/data/dataset.js';
import { drawGlyphs } from '../../src/data/glyphs/index.js';
import { DEFAULTS, type Settings } from '../../src/page/shared/settings.js';
import { Session } from '../../src/page/worker/session.js';
import { Random } from '../../src/tensor/random/index.js';
import { presets } from '../../src/vae/config.js';
import { Trainer } from '../../src/vae/training/index.js';
import { VAE } from '../../src/vae/vae.js';
import { advance } from './advance.js';
import { parametersOf } from './parameters.js';

const settings: Settings = { ...DEFAULTS, count: 200, latent: 3, beta: 2, learningRate: 2e-3, seed: 4 };

/** The same training as a person would write it with the library. */
function byHand(): Trainer {
  const { count, seed, latent, beta, learningRate } = settings;
  const { hidden, likelihood } = presets.small2;
  const vae = new VAE(
    { features: 784, hidden, latent, likelihood },
    { stream: new Random(seed).stream('init') },
  );
  return new Trainer(vae, {
    train: imageDataset(drawGlyphs({ count, seed })),
    test: imageDataset(drawGlyphs({ count, seed, start: 60_000 })),
    epochs: 10,
    beta,
    learningRate,
    seed,
  });
}

describe('a session', () => {
  it('is the training of the library, bit for bit, over the end of an epoch too', () => {
    const session = new Session(settings);
    const trainer = byHand();
    const events = trainer.run();
    for (let at = 1; at <= 3; at++) {
      const { loss, reconstruction, kl } = advance(session);
      let event = events.next();
      while (!event.done && event.value.type === 'epoch') event = events.next();
      expect(event.value).toMatchObject({ type: 'step', loss, reconstruction, kl });
      expect(session.at).toBe(at);
    }
    expect(parametersOf(session.vae)).toEqual(parametersOf(trainer.vae));
    expect(session.lastEpoch?.epoch).toBe(1);
    expect(session.lastEpoch?.test).toEqual(trainer.history[0].test);
  });

  it('evaluates an epoch in turns of their own after its last step, and not before', () => {
    const session = new Session({ ...settings, warmupEpochs: 4 });
    session.turn();
    session.turn();
    // The next step is of the next epoch already.
    expect([session.at, session.evaluates, session.lastEpoch, session.beta]).toEqual([2, true, null, 0.5]);
    expect(session.turn()).toBeNull();
    expect(session.turn()?.type).toBe('epoch');
    expect([session.evaluates, session.lastEpoch?.epoch, session.beta]).toEqual([false, 1, 0.5]);
  });

  it('is another one with another seed', () => {
    const other = new Session({ ...settings, seed: 5 });
    expect(parametersOf(other.vae)).not.toEqual(parametersOf(new Session(settings).vae));
  });
});
