import { describe, expect, it } from 'vitest';
import { Random } from '../../src/tensor/random/index.js';
import { completeConfig, presets, VAE, type VAEConfig } from '../../src/vae/index.js';

const small = { features: 6, hidden: [5, 4], latent: 2 };
const stream = () => new Random(1).stream('init');

describe('completeConfig', () => {
  it('fills in dense layers, ReLU, Bernoulli and sigma^2 = 1/2 fixed', () => {
    const config = completeConfig(small);
    expect(config).toEqual({
      ...small,
      shape: null,
      classes: null,
      body: 'dense',
      channels: [32, 64],
      kernel: 3,
      stride: 2,
      norm: 'none',
      residual: 0,
      condition: 'none',
      posterior: 'diagonal',
      couplings: 4,
      prior: 'standard',
      components: 50,
      activation: 'relu',
      initialize: 'torch',
      likelihood: 'bernoulli',
      sigma: Math.SQRT1_2,
      learnSigma: false,
    });
    expect(completeConfig(config)).toEqual(config);
    expect(completeConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
    expect(config.hidden).not.toBe(small.hidden);
  });

  it.each(Object.keys(presets))('takes the preset %s', (name) => {
    const preset = Object.entries(presets).find(([key]) => key === name)?.[1] ?? expect.unreachable();
    expect(completeConfig({ features: 784, shape: [1, 28, 28], classes: 10, ...preset })).toMatchObject(
      preset,
    );
  });

  // As they may come from a file or a command line.
  it.each([
    ['features', 0, 'features is 0'],
    ['features', '784', 'features is "784"'],
    ['features', undefined, 'features is undefined'],
    ['latent', 1.5, 'latent is 1.5'],
    ['latent', Number.NaN, 'latent is NaN'],
    ['hidden', [5, 0], 'hidden is [5,0]'],
    ['hidden', 5, 'hidden is 5'],
    ['hidden', undefined, 'hidden is undefined'],
    ['activation', 'cosh', "activation is \"cosh\"; it must be 'relu', 'leakyRelu', "],
    ['likelihood', 'poisson', "likelihood is \"poisson\"; it must be 'bernoulli', 'gaussian' or"],
    ['body', 'recurrent', "body is \"recurrent\"; it must be 'dense' or 'conv'"],
    ['kernel', 0, 'kernel is 0'],
    ['norm', 'layer', 'norm is "layer"'],
    ['condition', 'label', "condition 'label' needs classes"],
    ['components', 0, 'components is 0'],
    ['posterior', 'planar', "posterior is \"planar\"; it must be 'diagonal', 'full' or 'flow'"],
    ['sigma', 0, 'sigma is 0'],
    ['sigma', -1, 'sigma is -1'],
    ['sigma', Number.POSITIVE_INFINITY, 'sigma is Infinity'],
    ['learnSigma', 'yes', 'learnSigma is "yes"'],
    ['learnSigma', true, 'learnSigma is true; it must be false: the bernoulli likelihood has no sigma'],
  ])('names the field that is wrong: %s %j', (field, value, message) => {
    const given: VAEConfig = JSON.parse(JSON.stringify(completeConfig(small)));
    expect(() => completeConfig({ ...given, [field]: value })).toThrow(RangeError);
    expect(() => completeConfig({ ...given, [field]: value })).toThrow(message);
    expect(() => new VAE({ ...given, [field]: value }, { stream: stream() })).toThrow(message);
  });
});

describe('VAE', () => {
  it("names its parameters as PyTorch does, the decoder mirroring the encoder's widths", () => {
    const vae = new VAE({ ...small, likelihood: 'gaussian', learnSigma: true }, { stream: stream() });
    const shapes = [...vae.namedParameters()].map(([name, { shape, label }]) => {
      expect(label).toBe(name);
      return [name, shape];
    });
    expect(Object.fromEntries(shapes)).toEqual({
      'encoder.0.weight': [5, 6],
      'encoder.0.bias': [5],
      'encoder.2.weight': [4, 5],
      'encoder.2.bias': [4],
      'mean.weight': [2, 4],
      'mean.bias': [2],
      'logvar.weight': [2, 4],
      'logvar.bias': [2],
      'decoder.0.weight': [4, 2],
      'decoder.0.bias': [4],
      'decoder.2.weight': [5, 4],
      'decoder.2.bias': [5],
      'decoder.4.weight': [6, 5],
      'decoder.4.bias': [6],
      'likelihood.logsigma': [],
    });
    expect(String(vae)).toContain('(likelihood): Gaussian(mean=sigmoid, sigma=learned)');
  });

  it('starts from its stream, the same in every dtype but for rounding', () => {
    const first = new VAE(small, { stream: stream() }).stateDict();
    const again = new VAE(small, { stream: stream() }).stateDict();
    const double = new VAE(small, { stream: stream(), dtype: 'float64' }).stateDict();
    const other = new VAE(small, { stream: new Random(2).stream('init') }).stateDict();
    for (const [name, t] of first) {
      expect(again.get(name)?.data).toEqual(t.data);
      expect(other.get(name)?.data).not.toEqual(t.data);
      t.data.forEach((v, i) => {
        expect(Math.abs(v - (double.get(name)?.data[i] ?? Number.NaN))).toBeLessThan(1e-6);
      });
    }
  });
});
