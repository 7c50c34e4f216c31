import { describe, expect, it } from 'vitest';
import { backward, linear, relu, sum, tanh, variable } from '../../src/autograd/index.js';
import { withParameters } from '../../src/nn/with-parameters.js';
import { tensor, zeros } from '../../src/tensor/create.js';
import { Random } from '../../src/tensor/random/index.js';
import { kinkDistance } from '../../src/vae/kink-distance.js';
import { VAE } from '../../src/vae/vae.js';

const make = () =>
  new VAE(
    { features: 3, hidden: [4], latent: 2 },
    { stream: new Random(1).stream('init'), dtype: 'float64' },
  );

describe('withParameters', () => {
  it('evaluates the model at other parameters and connects them to the result, for every parameter', () => {
    const vae = make();
    const x = tensor([[0.1, 0.5, 0.9]], { dtype: 'float64' });
    const before = vae.stateDict();
    const output = () => vae.decode(vae.encode(x).mean);
    for (const [name, parameter] of vae.namedParameters()) {
      const other = variable(zeros(parameter.shape, { dtype: 'float64' }));
      const inside = withParameters(vae, new Map([[name, other]]), () => {
        expect(vae.namedParameters().get(name)).toBe(other);
        return name.startsWith('logvar') ? vae.encode(x).logvar : output();
      });
      expect(backward(sum(inside)).get(other).shape).toEqual(parameter.shape);
      expect(vae.namedParameters().get(name)).toBe(parameter);
    }
    expect([...vae.stateDict()].map(([name, t]) => [name, t.data])).toEqual(
      [...before].map(([name, t]) => [name, t.data]),
    );
  });

  it('puts the parameters back when the function throws', () => {
    const vae = make();
    const parameters = [...vae.namedParameters()];
    const zero = new Map(parameters.map(([name, t]) => [name, zeros(t.shape)]));
    const fail = () => {
      throw new Error('inside');
    };
    expect(() => withParameters(vae, zero, fail)).toThrow('inside');
    expect([...vae.namedParameters()]).toEqual(parameters);
  });

  it('refuses unknown names and other shapes, before anything is replaced', () => {
    const vae = make();
    const never = () => expect.unreachable();
    const t = zeros([2]);
    expect(() => withParameters(vae, new Map([['encoder.9.weight', t]]), never)).toThrow(
      "no parameter is named 'encoder.9.weight'; there are encoder.0.weight, ",
    );
    expect(() => withParameters(vae, new Map([['config', t]]), never)).toThrow("'config'");
    expect(() => withParameters(vae, new Map([['mean.weight', t]]), never)).toThrow(
      "'mean.weight' has shape [2, 4], not [2]",
    );
  });
});

describe('kinkDistance', () => {
  it('is the least distance of an activation from its kink', () => {
    const x = variable(tensor([0.5, -0.25, 3]));
    expect(kinkDistance(sum(relu(x)))).toBe(0.25);
    expect(kinkDistance(sum(relu(tanh(relu(x)))))).toBe(0);
    expect(kinkDistance(sum(tanh(x)))).toBe(Number.POSITIVE_INFINITY);
  });

  it('looks into ops that do the work of several', () => {
    const [x, weight] = [
      variable(tensor([[1, 2]])),
      tensor([
        [1, 0],
        [0, -1],
        [1, 1],
      ]),
    ];
    const map = (activation: 'none' | 'relu') => linear(x, weight, tensor([0.5, 1.75, -4]), { activation });
    expect(kinkDistance(sum(map('relu')))).toBe(0.25);
    expect(kinkDistance(sum(map('none')))).toBe(Number.POSITIVE_INFINITY);
  });
});
