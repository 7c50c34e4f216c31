import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tensorDataset } from '../../src/data/index.js';
import { backward, normal, Random, type Tensor, tensor, uniform } from '../../src/index.js';
import { Conv2d, Dense, init, ReLU, Residual } from '../../src/nn.js';
import {
  bernoulliLikelihood,
  convDecoder,
  convEncoder,
  discretizedLogisticLikelihood,
  gaussianPosterior,
  label,
  objective,
  presets,
  Trainer,
  VAE,
} from '../../src/vae.js';

const stream = (seed = 0) => new Random(seed).stream('init');
const keras = () => new VAE({ features: 784, shape: [1, 28, 28], ...presets.conv2 }, { stream: stream() });
const countOf = (parameters: ReadonlyMap<string, Tensor>, part: RegExp): number =>
  [...parameters].reduce((sum, [name, { size }]) => sum + (part.test(name) ? size : 0), 0);

/** Images, channels, kernel and stride of any kind. */
const anyShape = fc.tuple(
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: 1, max: 11 }),
  fc.integer({ min: 1, max: 11 }),
);
const anyConvolutions = fc.record({
  channels: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
  kernel: fc.integer({ min: 1, max: 5 }),
  stride: fc.integer({ min: 1, max: 3 }),
  norm: fc.constantFrom('none', 'batch', 'group'),
  residual: fc.integer({ min: 0, max: 1 }),
});

describe('a body of convolutions', () => {
  it("has the parameters of Keras's example, by PyTorch's names", () => {
    const parameters = keras().namedParameters();
    // 69,076 of its encoder, heads included, and 65,089 of its decoder.
    expect(countOf(parameters, /^(encoder|mean|logvar)/)).toBe(69_076);
    expect(countOf(parameters, /^decoder/)).toBe(65_089);
    expect([...parameters].map(([name, { shape }]) => `${name} ${shape.join('x')}`)).toEqual([
      'encoder.0.weight 32x1x3x3',
      'encoder.0.bias 32',
      'encoder.2.weight 64x32x3x3',
      'encoder.2.bias 64',
      'encoder.5.weight 16x3136',
      'encoder.5.bias 16',
      'mean.weight 2x16',
      'mean.bias 2',
      'logvar.weight 2x16',
      'logvar.bias 2',
      'decoder.0.weight 3136x2',
      'decoder.0.bias 3136',
      'decoder.3.weight 64x64x3x3',
      'decoder.3.bias 64',
      'decoder.5.weight 64x32x3x3',
      'decoder.5.bias 32',
      'decoder.7.weight 1x32x3x3',
      'decoder.7.bias 1',
    ]);
  });

  it('decodes to the size that it encodes, whatever kernel and stride are', () => {
    fc.assert(
      fc.property(anyShape, anyConvolutions, fc.boolean(), (shape, convolutions, logistic) => {
        const likelihood = logistic ? discretizedLogisticLikelihood() : bernoulliLikelihood();
        const vae = new VAE(
          {
            encoder: convEncoder({ shape, ...convolutions, hidden: [3] }),
            posterior: gaussianPosterior({ latent: 2 }),
            decoder: convDecoder({ inputs: 2, shape, ...convolutions }),
            likelihood,
          },
          { stream: stream() },
        );
        const { mean, output } = vae.forward(uniform([3, ...shape], stream(1)), normal([3, 2], stream(2)));
        expect(mean.shape).toEqual([3, 2]);
        expect(output.shape).toEqual([3, vae.likelihood.outputs * vae.features]);
        expect(output.data.every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('decodes several samples of each code as it decodes each', () => {
    const vae = keras();
    const z = normal([3, 2, 2], stream(1));
    const together = vae.decode(z);
    expect(together.shape).toEqual([3, 2, 784]);
    const apart = [0, 1, 2].flatMap((k) => [
      ...vae.decode(tensor([...z.data.slice(4 * k, 4 * k + 4)], { shape: [2, 2] })).data,
    ]);
    expect([...together.data]).toEqual(apart);
  });

  it('takes a condition in encoder and decoder', () => {
    const shape = [1, 4, 4];
    const vae = new VAE(
      {
        encoder: convEncoder({ shape, channels: [2], hidden: [4] }),
        posterior: gaussianPosterior({ latent: 2 }),
        decoder: convDecoder({ inputs: 2, shape, channels: [2] }),
        likelihood: bernoulliLikelihood(),
        condition: label({ classes: 3 }),
      },
      { stream: stream() },
    );
    const x = uniform([2, ...shape], stream(1));
    const [one, other] = [
      [0, 1],
      [0, 2],
    ].map((labels) => vae.forward(x, normal([2, 2], stream(2)), { labels }));
    expect([...one.mean.data.slice(0, 2)]).toEqual([...other.mean.data.slice(0, 2)]);
    expect([...one.mean.data.slice(2)]).not.toEqual([...other.mean.data.slice(2)]);
    expect([...one.output.data.slice(0, 16)]).toEqual([...other.output.data.slice(0, 16)]);
  });

  it('starts from the initialisation that it is given, the heads too', () => {
    const glorot = new VAE(
      {
        features: 16,
        shape: [1, 4, 4],
        body: 'conv',
        channels: [2],
        hidden: [],
        latent: 1,
        initialize: 'glorotUniform',
      },
      { stream: stream() },
    );
    const parameters = glorot.namedParameters();
    for (const [name, t] of parameters) if (name.endsWith('bias')) expect([...new Set(t.data)]).toEqual([0]);
    const first = new Float32Array(18);
    init.glorotUniform(first, { fanIn: 9, fanOut: 18 }, stream());
    expect(parameters.get('encoder.0.weight')?.data).toEqual(first);
  });

  it('trains, and goes on from a checkpoint with the same bits, its running statistics too', () => {
    const config = {
      features: 48,
      shape: [3, 4, 4],
      body: 'conv',
      channels: [4, 4],
      hidden: [],
      latent: 2,
      norm: 'batch',
      residual: 1,
    } as const;
    const data = tensorDataset(uniform([12, 3, 4, 4], stream(3)));
    const settings = { train: data, test: data, epochs: 4, batchSize: 5 };
    const train = (trainer: Trainer, epochs: number): Trainer => {
      for (const event of trainer.run()) if (event.type === 'epoch' && event.metrics.epoch === epochs) break;
      return trainer;
    };
    const whole = train(new Trainer(new VAE(config, { stream: stream() }), settings), 4);
    const half = train(new Trainer(new VAE(config, { stream: stream() }), settings), 2);
    const resumed = Trainer.resume(half.checkpoint(), 'run.safetensors', { train: data, test: data });
    expect(resumed.vae.spec).toEqual(whole.vae.spec);
    train(resumed, 4);
    expect([...resumed.vae.stateDict()]).toEqual([...whole.vae.stateDict()]);
    expect([...whole.vae.stateDict().keys()]).toContain('encoder.1.running_mean');
  });

  it('has a finite loss and gradients of all parameters in colour, by the logistic likelihood', () => {
    const vae = new VAE(
      { features: 3072, shape: [3, 32, 32], ...presets.residual32, channels: [4, 4, 4], hidden: [8] },
      { stream: stream() },
    );
    const bytes = uniform([2, 3072], stream(1));
    for (let i = 0; i < bytes.size; i++) bytes.data[i] = Math.round(255 * bytes.data[i]) / 255;
    const { loss } = objective(vae, bytes, normal([2, 64], stream(2)));
    expect(Number.isFinite(loss.item())).toBe(true);
    const gradients = backward(loss);
    for (const [name, parameter] of vae.namedParameters()) {
      const { data } = gradients.get(parameter);
      expect(data.every(Number.isFinite) && data.some((value) => value !== 0), name).toBe(true);
    }
  });

  it('says what is wrong', () => {
    const make = (config: object) => () =>
      new VAE({ features: 16, hidden: [4], latent: 2, body: 'conv', ...config }, { stream: stream() });
    expect(make({})).toThrow(
      "VAE: body is 'conv', which needs images: give shape, as in shape: [1, 28, 28] (channels, rows, columns)",
    );
    expect(make({ shape: [1, 4, 5] })).toThrow(
      'VAE: shape is [1, 4, 5], which has 20 numbers, but features is 16',
    );
    expect(make({ shape: [16] })).toThrow(
      'VAE: shape is [16]; it must be a list of 3, each an integer of 1 or more, or null',
    );
    expect(make({ shape: [1, 4, 4], channels: [] })).toThrow(
      'VAE: channels is []; it must be a list of 1 at least and 1000 at most, each an integer of 1 or more',
    );
    expect(make({ shape: [1, 4, 4], initialize: 'zeros' })).toThrow(
      'VAE: initialize is "zeros"; it must be \'torch\'',
    );
    const parts = {
      encoder: convEncoder({ shape: [1, 4, 4] }),
      posterior: gaussianPosterior({ latent: 2 }),
      decoder: convDecoder({ inputs: 2, shape: [1, 3, 3] }),
      likelihood: bernoulliLikelihood(),
    };
    expect(() => new VAE(parts, { stream: stream() })).toThrow(
      'VAE: a decoder of images [1, 3, 3] has to put out 16 numbers for each example, which is no multiple of 9 pixels',
    );
  });
});

describe('Residual', () => {
  const conv = (outputs: number, seed: number) =>
    new Conv2d({ inputs: 2, outputs, kernel: 3, padding: 1, stream: stream(seed) });

  it('adds what its layers make of x to x', () => {
    const layers = [new ReLU(), conv(2, 0), new ReLU(), conv(2, 1)] as const;
    const x = normal([2, 2, 3, 3], stream(2));
    const change = layers.reduce<Tensor>((y, layer) => layer.forward(y), x);
    const { data } = new Residual(...layers).forward(x);
    expect([...data]).toEqual([...x.data].map((value, i) => Math.fround(value + change.data[i])));
  });

  it('refuses layers that change the shape, also where a sum would be possible', () => {
    const x = normal([2, 2, 3, 3], stream(2));
    expect(() => new Residual(conv(1, 0)).forward(x)).toThrow(
      'Residual: the layers make [2, 1, 3, 3] of [2, 2, 3, 3]; they must keep the shape',
    );
    expect(() => new Residual(new Dense({ inputs: 3, outputs: 1, stream: stream() })).forward(x)).toThrow(
      'they must keep the shape',
    );
  });
});
