import { describe, expect, it } from 'vitest';
import { backward } from '../../../src/autograd/index.js';
import {
  brokenObjective,
  compareGradients,
  type MutationName,
  mutationOf,
  rightTrick,
  trickObjective,
} from '../../../src/study/break/index.js';
import { equal } from '../../../src/tensor/compare.js';
import { Random } from '../../../src/tensor/random/index.js';
import { objective } from '../../../src/vae/objective.js';
import { smallSubject } from './subject.js';

const stream = () => new Random(5).stream('redrawn');
const pairsOf = (name: MutationName, beta = 1) => {
  const { vae, x, epsilon } = smallSubject();
  const pairs = compareGradients(mutationOf(name).make(stream()), vae, x, epsilon, { beta });
  return (term: string, tensor: string) => {
    const found = pairs.find((pair) => pair.term === term && pair.tensor === tensor);
    if (found === undefined) throw new Error(`no pair ${term} ${tensor}`);
    return found;
  };
};

describe('the objective with the right trick', () => {
  it.each([1, 0.3])('is the objective bit for bit, gradients too (beta %d)', (beta) => {
    const { vae, x, epsilon } = smallSubject();
    const own = trickObjective(rightTrick, vae, x, epsilon, { beta });
    const right = objective(vae, x, epsilon, { beta });
    for (const term of [
      'loss',
      'reconstruction',
      'kl',
      'klPerDimension',
      'mean',
      'logvar',
      'z',
      'output',
    ] as const)
      expect(equal(own[term], right[term]), term).toBe(true);
    const [g, h] = [backward(own.loss), backward(right.loss)];
    for (const [name, parameter] of vae.namedParameters())
      expect(equal(g.get(parameter), h.get(parameter)), name).toBe(true);
  });

  it('refuses noise of another shape', () => {
    const { vae, x } = smallSubject();
    expect(() => trickObjective(rightTrick, vae, x, x)).toThrow(/epsilon is \[6, 12\]; it must be \[6, 2\]/);
  });
});

describe('the gradients beside each other', () => {
  it('are the same where nothing is mutated', () => {
    const { vae, x, epsilon } = smallSubject();
    const pairs = compareGradients(rightTrick, vae, x, epsilon);
    expect(pairs).toHaveLength(9 + vae.namedParameters().size);
    for (const { difference, cosine } of pairs) {
      expect(difference).toBe(0);
      if (cosine !== null) expect(cosine).toBeCloseTo(1, 12);
    }
  });

  it('are those that backward gives', () => {
    const { vae, x, epsilon } = smallSubject();
    const { loss, logvar } = brokenObjective('drop-half', stream())(vae, x, epsilon);
    const expected = Array.from(backward(loss).get(logvar).data);
    expect(Array.from(pairsOf('drop-half')('loss', 'logvar').values?.wrong ?? [])).toEqual(expected);
  });

  it('double at logvar where the 1/2 is dropped, and nowhere else', () => {
    const pair = pairsOf('drop-half');
    expect(pair('reconstruction', 'logvar').ratio).toBeCloseTo(2, 6);
    expect(pair('reconstruction', 'logvar').cosine).toBeCloseTo(1, 6);
    for (const tensor of ['mean', 'z']) expect(pair('reconstruction', tensor).difference).toBe(0);
    for (const tensor of ['mean', 'logvar']) expect(pair('kl', tensor).difference).toBe(0);
    expect(pair('loss', 'mean.weight').difference).toBe(0);
    expect(pair('loss', 'decoder.0.weight').difference).toBe(0);
    expect(pair('loss', 'logvar.weight').difference).toBeGreaterThan(0.01);
  });

  it('stop at a detached z: mean and logvar hear from the KL alone', () => {
    const pair = pairsOf('detach-z');
    expect(pair('reconstruction', 'z').difference).toBe(0);
    for (const tensor of ['mean', 'logvar']) {
      expect(pair('reconstruction', tensor)).toMatchObject({
        wrongNorm: 0,
        cosine: null,
        ratio: null,
        difference: 1,
      });
      expect(pair('loss', tensor).values?.wrong).toEqual(pair('kl', tensor).values?.wrong);
    }
    expect(pair('loss', 'decoder.2.bias').difference).toBe(0);
  });

  it('turn round in the KL where its sign is flipped', () => {
    const pair = pairsOf('kl-sign', 0.5);
    for (const tensor of ['mean', 'logvar']) {
      expect(pair('kl', tensor).ratio).toBeCloseTo(-1, 12);
      expect(pair('reconstruction', tensor).difference).toBe(0);
    }
  });

  it('do not reach mean and logvar from a z of the prior, but z itself', () => {
    const pair = pairsOf('prior-sample');
    expect(pair('reconstruction', 'mean').wrongNorm).toBe(0);
    expect(pair('reconstruction', 'z').wrongNorm).toBeGreaterThan(0);
  });

  it('differ in direction with other noise, and by the chain rule with another sigma', () => {
    expect(pairsOf('epsilon-redrawn')('reconstruction', 'mean').cosine).toBeLessThan(0.999);
    expect(pairsOf('epsilon-redrawn')('kl', 'mean').difference).toBe(0);
    expect(pairsOf('variance-as-sigma')('reconstruction', 'logvar').ratio).toBeGreaterThan(1.5);
  });
});

describe('mutationOf', () => {
  it('names what there is', () => {
    expect(() => mutationOf('half')).toThrow(/no mutation 'half'; there are drop-half, detach-z/);
  });
});
