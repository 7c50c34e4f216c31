import { describe, expect, it } from 'vitest';
import { Random } from '../../src/index.js';
import { VAE } from '../../src/vae.js';
import { heads } from './heads.js';

const make = (learnSigma: boolean) =>
  new VAE(
    { features: 5, hidden: [4, 3], latent: 2, likelihood: 'gaussian', learnSigma },
    { stream: new Random(3).stream('init') },
  );

describe.each([false, true])('VAE.copy, learned sigma %s', (learnSigma) => {
  it('has the values of the original in another dtype', () => {
    const vae = make(learnSigma);
    const copy = vae.copy('float64');
    expect(copy.dtype).toBe('float64');
    expect(copy.config).toEqual(vae.config);
    const [own, other] = [vae.stateDict(), copy.stateDict()];
    expect([...other.keys()]).toEqual([...own.keys()]);
    for (const [name, t] of other) {
      expect(t.dtype).toBe('float64');
      expect(Array.from(t.data)).toEqual(Array.from(own.get(name)?.data ?? []));
    }
  });

  it('shares nothing with the original', () => {
    const vae = make(learnSigma);
    const before = Array.from(heads(vae).mean.weight.data);
    heads(vae.copy()).mean.weight.data.fill(7);
    expect(Array.from(heads(vae).mean.weight.data)).toEqual(before);
  });
});
