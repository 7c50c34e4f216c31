import { describe, expect, it } from 'vitest';
import { tensorDataset } from '../../src/data/index.js';
import { normal, Random, relu, type Tensor, uniform } from '../../src/index.js';
import { integer } from '../../src/nn/schema/index.js';
import { Dense, Dropout, Module } from '../../src/nn.js';
import {
  type Body,
  type BodyContext,
  decode,
  defineBody,
  encode,
  evaluate,
  gaussianPosterior,
  generate,
  interpolate,
  Likelihood,
  objective,
  reconstruct,
  Trainer,
  VAE,
} from '../../src/vae.js';

/** A user's body: one hidden layer, half of which is dropped while training. */
class Dropping extends Module implements Body {
  readonly takes: readonly number[];
  readonly outputs: number;
  readonly hidden: Dense;
  readonly drop: Dropout;
  readonly out: Dense;

  constructor(inputs: number, { outputs = 5, stream, dtype }: BodyContext) {
    super();
    this.takes = [inputs];
    this.outputs = outputs;
    this.hidden = new Dense({ inputs, outputs: 8, stream, dtype });
    this.drop = new Dropout({ stream });
    this.out = new Dense({ inputs: 8, outputs, stream, dtype });
  }

  forward(x: Tensor): Tensor {
    return this.out.forward(this.drop.forward(relu(this.hidden.forward(x))));
  }
}

const dropping = defineBody({
  name: 'test-dropping',
  doc: 'A hidden layer with dropout.',
  settings: { inputs: integer({ min: 1, help: 'numbers per example' }) },
  build: ({ inputs }, context) => new Dropping(inputs, context),
});

const make = (seed = 1) =>
  new VAE(
    {
      encoder: dropping({ inputs: 6 }),
      posterior: gaussianPosterior({ latent: 2 }),
      decoder: dropping({ inputs: 2 }),
      likelihood: 'bernoulli',
    },
    { stream: new Random(seed).stream('init') },
  );

const data = (seed: number) => tensorDataset(uniform([30, 6], new Random(seed).stream('data')));
const x = data(5).batch([0, 1, 2], 'float32');
const z = normal([3, 2], new Random(6).stream('z'));
const [a, b] = [0, 1].map((i) => data(5).batch([i], 'float32'));

/** Everything that looks at a model without training it. */
const looks: Record<string, (vae: VAE) => unknown> = {
  evaluate: (vae) => evaluate(vae, data(5), { random: new Random(0) }),
  encode: (vae) => encode(vae, x),
  decode: (vae) => decode(vae, z),
  generate: (vae) => generate(vae, 4, new Random(1).stream('samples')),
  reconstruct: (vae) => reconstruct(vae, x),
  interpolate: (vae) => interpolate(vae, a, b),
};

describe('a body with dropout', () => {
  it.each(Object.entries(looks))('%s runs it in evaluation mode, and restores the mode', (_, look) => {
    const vae = make();
    const [stream] = vae.namedStreams().values();
    const { position } = stream;
    const first = look(vae);
    expect(look(vae)).toEqual(first);
    expect(stream.position).toBe(position);
    expect(vae.training && vae.encoder.training).toBe(true);
    vae.decoder.eval();
    expect(look(vae)).toEqual(first);
    expect([vae.training, vae.encoder.training, vae.decoder.training]).toEqual([true, true, false]);
    expect(look(make().eval())).toEqual(first);
  });

  it('gets its mode back also when what runs it throws', () => {
    class Failing extends Likelihood {
      override readonly name = 'failing';
      override readonly term = 'nothing';
      override readonly range = { low: 0, high: 1 };
      override readonly mend = '';
      nll(): Tensor {
        throw new Error('no density');
      }
      override mean(): Tensor {
        throw new Error('no mean');
      }
      override sample(): Tensor {
        throw new Error('no sample');
      }
    }
    const { encoder, posterior, decoder } = make();
    const vae = new VAE(
      { encoder, posterior, decoder, likelihood: new Failing() },
      { stream: new Random(0).stream('init') },
    );
    expect(() => decode(vae, z)).toThrow('no mean');
    expect(() => evaluate(vae, data(5), { random: new Random(0) })).toThrow('no density');
    expect([vae.training, vae.encoder.training]).toEqual([true, true]);
  });

  it('is where it was after an estimate of the time that training takes', () => {
    const trainer = new Trainer(make(), { train: data(1), test: data(2), epochs: 1, batchSize: 10 });
    const positions = () => [...trainer.vae.namedStreams().values()].map((stream) => stream.position);
    const before = positions();
    expect(trainer.estimate()).toBeGreaterThan(0);
    expect(positions()).toEqual(before);
  });

  it('is trained in training mode, whatever mode the model is in', () => {
    const options = { train: data(1), epochs: 1, batchSize: 10, seed: 3 };
    const states = [make(), make().eval()].map((vae) => {
      const before = vae.training;
      const [stream] = vae.namedStreams().values();
      const { position } = stream;
      for (const _ of new Trainer(vae, options).run());
      expect(stream.position).toBeGreaterThan(position);
      expect(vae.training).toBe(before);
      return vae.stateDict();
    });
    expect(states[0]).toEqual(states[1]);
    const vae = make();
    const losses = [1, 2].map(() => objective(vae, x, z).loss.item());
    expect(losses[0]).not.toBe(losses[1]);
  });

  it('resumes bit for bit from any event, whatever stream the model was made from', () => {
    const options = { train: data(1), test: data(2), epochs: 2, batchSize: 10, seed: 3 };
    const whole = new Trainer(make(9), options);
    const events = [...whole.run()];
    for (let stop = 1; stop < events.length; stop++) {
      const half = new Trainer(make(9), options);
      const run = half.run();
      for (let i = 0; i < stop; i++) run.next();
      const resumed = Trainer.resume(half.checkpoint(), 'c', { train: data(1), test: data(2) });
      for (const _ of resumed.run());
      expect(resumed.vae.stateDict()).toEqual(whole.vae.stateDict());
      expect(resumed.history.map(({ test }) => test)).toEqual(whole.history.map(({ test }) => test));
    }
  });

  it('draws in a copy of the model what it would have drawn in the model', () => {
    const vae = make();
    objective(vae, x, z);
    const copy = vae.copy();
    expect(objective(copy, x, z).loss.item()).toBe(objective(vae, x, z).loss.item());
    expect(vae.eval().copy().encoder.training).toBe(false);
  });
});
