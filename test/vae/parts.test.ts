import { describe, expect, it } from 'vitest';
import { tensorDataset } from '../../src/data/index.js';
import {
  abs,
  add,
  mul,
  neg,
  normal,
  Random,
  type RandomStream,
  sub,
  type Tensor,
  tensor,
  uniform,
} from '../../src/index.js';
import { integer, number } from '../../src/nn/schema/index.js';
import { Dense, decodeSafetensors, encodeSafetensors, Sequential, Tanh } from '../../src/nn.js';
import {
  categoricalLikelihood,
  decode,
  defineBody,
  defineLikelihood,
  definePrior,
  discretizedLogisticLikelihood,
  encode,
  evaluate,
  gaussianLikelihood,
  gaussianPosterior,
  generate,
  Likelihood,
  label,
  mlp,
  objective,
  Prior,
  poissonLikelihood,
  readCheckpoint,
  reconstruct,
  Trainer,
  VAE,
  type VAEParts,
} from '../../src/vae.js';
import { capacity } from './capacity.js';

const init = () => ({ stream: new Random(1).stream('init') });

const small = (parts: Partial<VAEParts> = {}): VAEParts => ({
  encoder: mlp(6, [5, 4], { activation: 'tanh' }),
  posterior: gaussianPosterior({ latent: 2 }),
  decoder: mlp(2, [4, 5], { activation: 'tanh' }),
  likelihood: 'bernoulli',
  ...parts,
});

const data = (labels?: Uint8Array) =>
  tensorDataset(uniform([20, 6], new Random(2).stream('data')), labels === undefined ? {} : { labels });

const noise = (rows: number) => normal([rows, 2], new Random(3).stream('epsilon'));

/** Values under a Laplace distribution: a likelihood as a user writes one. */
class Laplace extends Likelihood {
  override readonly name = 'laplace';
  override readonly term = 'absolute error';
  override readonly range = { low: -10, high: 10 };
  override readonly mend = 'scale the data first';

  constructor(readonly scale: number) {
    super();
  }

  protected override nll(output: Tensor, x: Tensor): Tensor {
    return mul(abs(sub(x, output)), 1 / this.scale);
  }

  override constant(features: number): number {
    return features * Math.log(2 * this.scale);
  }

  override mean(output: Tensor): Tensor {
    return output;
  }

  override sample(output: Tensor): Tensor {
    return output;
  }
}

const laplace = defineLikelihood({
  name: 'laplace',
  doc: 'Laplace for each value.',
  settings: { scale: number({ above: 0, default: 1, help: 'mean distance from the median' }) },
  build: ({ scale }) => new Laplace(scale),
});

/** N(0, 4), a prior without a formula for its KL. */
class Wide extends Prior {
  override readonly name = 'wide';

  constructor(private readonly latent: number) {
    super();
  }

  override logDensity(z: Tensor): Tensor {
    return neg(add(mul(mul(z, z), 1 / 8), Math.log(2 * Math.sqrt(2 * Math.PI))));
  }

  override sample(count: number, stream: RandomStream): Tensor {
    return normal([count, this.latent], stream, { std: 2 });
  }
}

const wide = definePrior({
  name: 'wide',
  doc: 'N(0, 4).',
  settings: {},
  build: (_, { latent }) => new Wide(latent),
});

describe('a model of parts', () => {
  it.each([
    [{ likelihood: 'bernoulli' }, { likelihood: 'bernoulli' }],
    [{ likelihood: gaussianLikelihood({ sigma: 0.3 }) }, { likelihood: 'gaussian', sigma: 0.3 }],
    [{ likelihood: gaussianLikelihood({ scale: 'learned' }) }, { likelihood: 'gaussian', learnSigma: true }],
  ] as const)('is the model of the presets´ form, name by name and bit by bit: %o', (parts, config) => {
    const ours = new VAE(small(parts), init());
    const preset = new VAE({ features: 6, hidden: [5, 4], latent: 2, activation: 'tanh', ...config }, init());
    expect(ours.stateDict()).toEqual(preset.stateDict());
    const x = data().batch([0, 1, 2], 'float32');
    expect(objective(ours, x, noise(3)).loss.item()).toBe(objective(preset, x, noise(3)).loss.item());
    expect(preset.config.hidden).toEqual([5, 4]);
    expect(() => ours.config).toThrow('made of parts');
  });

  it('is the same from plain JSON', () => {
    const likelihood = gaussianLikelihood({ mean: 'identity', scale: 'decoder' });
    const first = new VAE(small({ likelihood, condition: label({ classes: 3 }) }), init());
    const json: VAEParts = JSON.parse(JSON.stringify(first.spec));
    const again = new VAE(json, init());
    expect(again.spec).toEqual(first.spec);
    expect(again.stateDict()).toEqual(first.stateDict());
    expect(json).toEqual({
      encoder: { name: 'mlp', inputs: 6, hidden: [5, 4], activation: 'tanh', initialize: 'torch' },
      decoder: { name: 'mlp', inputs: 2, hidden: [4, 5], activation: 'tanh', initialize: 'torch' },
      posterior: { name: 'gaussian', latent: 2, initialize: 'torch' },
      prior: { name: 'standard-normal' },
      likelihood: { name: 'gaussian', sigma: Math.SQRT1_2, scale: 'decoder', mean: 'identity' },
      condition: { name: 'label', classes: 3 },
    });
  });

  it('takes examples in the shape of the data set', () => {
    const vae = new VAE(small(), init());
    const flat = data().batch([0, 1], 'float32');
    const shaped = tensor(flat.data, { shape: [2, 1, 2, 3] });
    expect(objective(vae, shaped, noise(2)).loss.item()).toBe(objective(vae, flat, noise(2)).loss.item());
    expect(encode(vae, shaped).mean.toArray()).toEqual(encode(vae, flat).mean.toArray());
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'a part that is not registered',
      { likelihood: 'beta' },
      /no likelihood named 'beta' is registered; there are .*bernoulli.*defineLikelihood\({ name: 'beta'/,
    ],
    [
      'a setting that does not exist',
      { likelihood: { name: 'gaussian', sigm: 1 } },
      /likelihood 'gaussian': there is no option 'sigm'; there are sigma, scale, mean/,
    ],
    [
      'a setting out of range',
      { posterior: { name: 'gaussian', latent: 0 } },
      /posterior 'gaussian': latent is 0; it must be an integer of 1 or more/,
    ],
    ['a role that does not exist', { lielihood: 'bernoulli' }, /no option 'lielihood'; .*likelihood/],
    [
      'a missing part',
      { decoder: undefined },
      /needs encoder, decoder, posterior, likelihood, but got no decoder/,
    ],
    [
      'a part without a name',
      { decoder: { inputs: 2 } },
      /the body needs a name, as in { name: '(conv|mlp)' }/,
    ],
    ['a decoder for another z', { decoder: mlp(3, [4]) }, /the decoder takes \[3\], but z has 2 dimensions/],
  ])('is refused with %s', (_, wrong, problem) => {
    const parts: VAEParts = Object.assign(small(), wrong);
    expect(() => new VAE(parts, init())).toThrow(problem);
  });
});

describe('likelihoods in a model', () => {
  it.each([
    [poissonLikelihood(), 6],
    [categoricalLikelihood({ values: 4 }), 24],
    [discretizedLogisticLikelihood(), 12],
    [gaussianLikelihood({ scale: 'decoder' }), 12],
    [laplace({ scale: 2 }), 6],
  ])('train, evaluate and resume: %o', (likelihood, outputs) => {
    const x = tensor(
      Array.from({ length: 16 }, (_, i) => Array.from({ length: 6 }, (_, j) => (i * 7 + j * j) % 2)),
    );
    const train = tensorDataset(x);
    const vae = new VAE(small({ likelihood }), init());
    expect(vae.decode(noise(1)).shape).toEqual([1, outputs]);
    const trainer = new Trainer(vae, { train, test: train, epochs: 4, batchSize: 8, learningRate: 0.01 });
    for (const event of trainer.run()) if (event.type === 'epoch' && event.metrics.epoch === 2) break;
    const resumed = Trainer.resume(trainer.checkpoint(), 'c', { train, test: train });
    expect(resumed.vae.spec).toEqual(vae.spec);
    for (const one of [trainer, resumed]) for (const _ of one.run());
    expect(resumed.vae.stateDict()).toEqual(vae.stateDict());
    const [first, last] = [trainer.history[0], trainer.history[3]].map(
      ({ test }) => test?.loss ?? Number.NaN,
    );
    expect(last).toBeLessThan(first);
    expect(reconstruct(vae, x).shape).toEqual([16, 6]);
  });
});

describe('a conditional model', () => {
  const labels = Uint8Array.from({ length: 20 }, (_, i) => i % 3);
  const model = () => new VAE(small({ condition: label({ classes: 3 }) }), init());

  it('tells encoder and decoder the label', () => {
    const vae = model();
    expect(vae.namedParameters().get('encoder.0.weight')?.shape).toEqual([5, 9]);
    expect(vae.namedParameters().get('decoder.0.weight')?.shape).toEqual([4, 5]);
    const pictures = [0, 1, 2].map((digit) => decode(vae, noise(1), [digit]).toArray());
    expect(new Set(pictures.map(String)).size).toBe(3);
    const x = data().batch([4], 'float32');
    expect(encode(vae, x, [0]).mean.toArray()).not.toEqual(encode(vae, x, [1]).mean.toArray());
    expect(generate(vae, 2, new Random(1).stream('z'), [0, 2]).shape).toEqual([2, 6]);
  });

  it('trains with the labels of its examples, and resumes bit for bit', () => {
    const train = data(labels);
    const run = (stop: number) => {
      const trainer = new Trainer(model(), { train, test: train, epochs: 2, batchSize: 8 });
      let steps = 0;
      for (const event of trainer.run()) if (event.type === 'step' && ++steps === stop) break;
      return trainer;
    };
    const whole = run(100);
    const resumed = Trainer.resume(run(4).checkpoint(), 'c', { train, test: train });
    for (const _ of resumed.run());
    expect(resumed.vae.stateDict()).toEqual(whole.vae.stateDict());
    expect(resumed.history.map(({ test }) => test)).toEqual(whole.history.map(({ test }) => test));
    const [other, options] = [data(labels.toReversed()), { random: new Random(0) }];
    expect(evaluate(whole.vae, other, options).loss).not.toBe(evaluate(whole.vae, train, options).loss);
  });

  it('wants labels, each of a class that there is; another model wants none', () => {
    const [vae, x] = [model(), data().batch([0], 'float32')];
    expect(() => objective(vae, x, noise(1))).toThrow('conditioned (label); give the labels');
    expect(() => objective(vae, x, noise(1), { labels: [3] })).toThrow(
      'the label of example 0 is 3; there are 3 classes',
    );
    expect(() => objective(new VAE(small(), init()), x, noise(1), { labels: [0] })).toThrow('no condition');
    expect(() => new Trainer(vae, { train: data(), epochs: 1 })).toThrow('the data set has no labels');
  });
});

describe('parts of a user´s own', () => {
  it('a prior without a formula has its KL at the sample', () => {
    const vae = new VAE(small({ prior: wide() }), init());
    const { kl, mean, logvar, z } = objective(vae, data().batch([0, 1], 'float32'), noise(2));
    let expected = 0;
    for (let i = 0; i < 4; i++) {
      const [m, l, at] = [mean.data[i], logvar.data[i], z.data[i]];
      const logq = -0.5 * ((at - m) ** 2 / Math.exp(l) + l);
      expected += (logq + at ** 2 / 8 + Math.log(2)) / 2;
    }
    expect(kl.item()).toBeCloseTo(expected, 5);
    expect(generate(vae, 5, new Random(1).stream('z')).shape).toEqual([5, 6]);
  });

  it('an objective of another kind', () => {
    const vae = new VAE(small(), init());
    const [x, three] = [data().batch([0, 1], 'float32'), capacity({ nats: 3 })];
    const { loss, kl, reconstruction } = objective(vae, x, noise(2), { objective: three });
    expect(loss.item()).toBeCloseTo(reconstruction.item() + 10 * Math.abs(kl.item() - 3), 4);
    const options = { random: new Random(0), objective: { name: 'capacity', nats: 3 } };
    const found = evaluate(vae, data(), options);
    expect(found.loss).toBeCloseTo(found.reconstruction + 10 * Math.abs(found.kl - 3), 8);
    expect(() => objective(vae, x, noise(2), { objective: three, beta: 2 })).toThrow('give either');
  });

  it('a body that is registered is found again, one that is not is refused when the model is saved', () => {
    class Narrow extends Sequential {
      readonly takes = [6];
      readonly outputs = 3;
    }
    const layers = (stream: RandomStream) => [new Dense({ inputs: 6, outputs: 3, stream }), new Tanh()];
    const narrow = defineBody({
      name: 'narrow',
      doc: 'One layer of three.',
      settings: { units: integer({ min: 3, max: 3, default: 3, help: 'units' }) },
      build: (_, { stream }) => new Narrow(...layers(stream)),
    });
    const train = data();
    const known = new Trainer(new VAE(small({ encoder: narrow() }), init()), { train, epochs: 1 });
    expect(readCheckpoint(known.checkpoint(), 'c').vae.stateDict()).toEqual(known.vae.stateDict());

    const given = new VAE(small({ encoder: new Narrow(...layers(init().stream)) }), init());
    const unknown = new Trainer(given, { train, epochs: 1 });
    for (const _ of unknown.run());
    expect(() => unknown.checkpoint()).toThrow(
      /body 'Narrow' is not registered, .* register it with defineBody\({ name: 'Narrow'/,
    );
    const unsaved = new VAE(small({ likelihood: new Laplace(1) }), init());
    expect(() => new Trainer(unsaved, { train, epochs: 1 }).checkpoint()).toThrow(
      /likelihood 'laplace' is not registered/,
    );
  });

  it('are named by a checkpoint that is read where they are not registered', () => {
    const vae = new VAE(small({ likelihood: laplace() }), init());
    const bytes = new Trainer(vae, { train: data(), epochs: 1 }).checkpoint();
    expect(readCheckpoint(bytes, 'c').vae.likelihood).toBeInstanceOf(Laplace);
    const { tensors, metadata } = decodeSafetensors(bytes, 'c');
    const other = { ...metadata, version: '1', config: metadata.config.replace('laplace', 'cauchy') };
    expect(() => readCheckpoint(encodeSafetensors(tensors, other), 'model.safetensors')).toThrow(
      /model\.safetensors: .*no likelihood named 'cauchy' is registered; .*defineLikelihood\({ name: 'cauchy'/,
    );
  });

  it('cannot take the name of another', () => {
    const again = () =>
      definePrior({ name: 'wide', doc: '', settings: {}, build: (_, { latent }) => new Wide(latent) });
    expect(again).toThrow("definePrior: a prior named 'wide' exists already");
  });
});
