import { describe, expect, it } from 'vitest';
import { copyModel } from '../../src/study/copy-model.js';
import { Random } from '../../src/tensor/random/stream.js';
import { VAE } from '../../src/vae/vae.js';
import { heads } from '../vae/heads.js';

const make = (learnSigma: boolean) =>
  new VAE(
    { features: 5, hidden: [4, 3], latent: 2, likelihood: 'gaussian', learnSigma },
    { stream: new Random(3).stream('init') },
  );

describe.each([false, true])('copyModel, learned sigma %s', (learnSigma) => {
  it('has the values of the original in another dtype', () => {
    const vae = make(learnSigma);
    const copy = copyModel(vae, 'float64');
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
    heads(copyModel(vae)).mean.weight.data.fill(7);
    expect(Array.from(heads(vae).mean.weight.data)).toEqual(before);
  });
});
