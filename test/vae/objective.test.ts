import { describe, expect, it } from 'vitest';
import { backward, concat } from '../../src/autograd/index.js';
import { equal } from '../../src/tensor/compare.js';
import { full, tensor } from '../../src/tensor/create.js';
import { Random } from '../../src/tensor/random/index.js';
import { klWarmup, type ObjectiveOptions, objective, VAE } from '../../src/vae/index.js';
import { uniformTensor } from './arbitraries.js';

const make = (dtype: 'float32' | 'float64' = 'float64') =>
  new VAE({ features: 6, hidden: [5], latent: 3 }, { stream: new Random(2).stream('init'), dtype });
const x = uniformTensor([4, 6], 3, 0, 1);
const epsilon = uniformTensor([4, 3], 4, -2, 2);

describe('objective', () => {
  it('does not change, nor its gradients, when the batch is repeated', () => {
    const vae = make();
    const once = objective(vae, x, epsilon);
    const twice = objective(vae, concat([x, x]), concat([epsilon, epsilon]));
    const [g1, g2] = [backward(once.loss), backward(twice.loss)];
    for (const term of ['loss', 'reconstruction', 'kl'] as const) {
      expect(twice[term].item()).toBeCloseTo(once[term].item(), 13);
    }
    for (const parameter of vae.namedParameters().values()) {
      parameter.data.forEach((_, i) => {
        expect(g2.get(parameter).data[i]).toBeCloseTo(g1.get(parameter).data[i], 13);
      });
    }
  });

  it('is the reconstruction plus the KL, summed over dimensions', () => {
    const { loss, reconstruction, kl, klPerDimension } = objective(make(), x, epsilon);
    expect(loss.item()).toBe(reconstruction.item() + kl.item());
    expect(klPerDimension.shape).toEqual([3]);
    expect(Array.from(klPerDimension.data).reduce((sum, v) => sum + v, 0)).toBeCloseTo(kl.item(), 14);
    expect([loss, reconstruction, kl].map((t) => t.label)).toEqual(['loss', 'reconstruction', 'kl']);
  });

  it('weighs the KL by beta, 1 unless given, in value and gradient', () => {
    const vae = make();
    const beta = 4;
    const plain = objective(vae, x, epsilon);
    const weighted = objective(vae, x, epsilon, { beta });
    expect(weighted.loss.item()).toBeCloseTo(plain.reconstruction.item() + beta * plain.kl.item(), 13);
    expect(equal(objective(vae, x, epsilon, { beta: 1 }).loss, plain.loss)).toBe(true);
    const [g, kl, reconstruction] = [weighted.loss, plain.kl, plain.reconstruction].map((t) => backward(t));
    for (const parameter of vae.namedParameters().values()) {
      parameter.data.forEach((_, i) => {
        const expected =
          (reconstruction.find(parameter)?.data[i] ?? 0) + beta * (kl.find(parameter)?.data[i] ?? 0);
        expect(g.get(parameter).data[i]).toBeCloseTo(expected, 13);
      });
    }
    expect(objective(vae, x, epsilon, { beta: 0 }).loss.item()).toBe(plain.reconstruction.item());
  });

  it('gives terms of the ELBO at beta 1, whatever beta and free bits', () => {
    const vae = make();
    const plain = objective(vae, x, epsilon);
    const variants: ObjectiveOptions[] = [
      { beta: 4 },
      { beta: 0 },
      { freeBits: 2 },
      { beta: 3, freeBits: 0.5 },
    ];
    for (const options of variants) {
      const { reconstruction, kl, klPerDimension } = objective(vae, x, epsilon, options);
      expect(equal(reconstruction, plain.reconstruction)).toBe(true);
      expect(equal(kl, plain.kl)).toBe(true);
      expect(equal(klPerDimension, plain.klPerDimension)).toBe(true);
    }
  });

  it('counts a dimension at least its free bits, and takes the KL out of the gradient below them', () => {
    const vae = make();
    const { reconstruction, klPerDimension } = objective(vae, x, epsilon);
    const freeBits = Math.max(...klPerDimension.data) + 1;
    const found = objective(vae, x, epsilon, { freeBits, beta: 2 });
    expect(found.loss.item()).toBeCloseTo(reconstruction.item() + 2 * 3 * freeBits, 12);
    const [whole, floored] = [backward(reconstruction), backward(found.loss)];
    for (const [name, parameter] of vae.namedParameters()) {
      expect(equal(floored.get(parameter), whole.get(parameter)), name).toBe(true);
    }
  });

  it('holds the KL at a capacity, whichever side it is on', () => {
    const vae = make();
    const { reconstruction, kl } = objective(vae, x, epsilon);
    for (const capacity of [0, kl.item() / 2, kl.item() + 3]) {
      const found = objective(vae, x, epsilon, { capacity, beta: 5 });
      expect(found.loss.item()).toBeCloseTo(reconstruction.item() + 5 * Math.abs(kl.item() - capacity), 12);
      expect(equal(found.kl, kl)).toBe(true);
    }
    expect(equal(objective(vae, x, epsilon, { capacity: 0 }).loss, objective(vae, x, epsilon).loss)).toBe(
      true,
    );
  });

  it('takes the KL at the sample where asked to: log q(z | x) - log p(z)', () => {
    const vae = make();
    const { mean, logvar, z, kl, klPerDimension, reconstruction, loss } = objective(vae, x, epsilon, {
      kl: 'sample',
    });
    const each = Array.from(z.data, (at, i) => {
      const [m, l] = [mean.data[i], logvar.data[i]];
      return at ** 2 / 2 - (at - m) ** 2 / (2 * Math.exp(l)) - l / 2;
    });
    expect(kl.item()).toBeCloseTo(each.reduce((a, b) => a + b, 0) / 4, 12);
    expect(klPerDimension.shape).toEqual([3]);
    expect(loss.item()).toBe(reconstruction.item() + kl.item());
  });

  it('averages over several samples of each example, as over a batch of repeated examples', () => {
    const vae = make();
    const second = uniformTensor([4, 3], 5, -2, 2);
    const both = concat([epsilon, second]);
    for (const kl of ['analytic', 'sample'] as const) {
      const found = objective(vae, x, both.view([2, 4, 3]), { kl });
      const repeated = objective(vae, concat([x, x]), both, { kl });
      expect(found.loss.item()).toBeCloseTo(repeated.loss.item(), 13);
      expect([found.mean.shape, found.z.shape, found.output.shape]).toEqual([
        [4, 3],
        [8, 3],
        [8, 6],
      ]);
      const [g1, g2] = [backward(found.loss), backward(repeated.loss)];
      for (const parameter of vae.namedParameters().values()) {
        parameter.data.forEach((_, i) => {
          expect(g1.get(parameter).data[i]).toBeCloseTo(g2.get(parameter).data[i], 13);
        });
      }
    }
  });

  it('comes out the same in every bit with the trick taken apart', () => {
    const vae = make('float32');
    const [one, composed] = [false, true].map((apart) =>
      objective(vae, x.to('float32'), epsilon.to('float32'), { composed: apart }),
    );
    expect(equal(one.loss, composed.loss)).toBe(true);
    const [g1, g2] = [backward(one.loss), backward(composed.loss)];
    for (const [name, parameter] of vae.namedParameters()) {
      expect(equal(g1.get(parameter), g2.get(parameter)), name).toBe(true);
    }
  });

  it.each([1e30, -1e30])('stays finite where the encoder gives logits of %d, gradients too', (value) => {
    const vae = make('float32');
    for (const name of ['logvar.bias', 'decoder.2.bias'] as const) {
      vae.namedParameters().get(name)?.data.fill(value);
    }
    const found = objective(vae, x.to('float32'), epsilon.to('float32'));
    expect(found.loss.data.every(Number.isFinite)).toBe(true);
    expect(found.logvar.data.every((v) => v === 15 * Math.sign(value))).toBe(true);
    for (const [, gradient] of backward(found.loss).entries()) {
      expect(gradient.data.every(Number.isFinite)).toBe(true);
    }
  });

  it('refuses weights and noise that make no sense', () => {
    const vae = make();
    expect(() => objective(vae, x, epsilon, { beta: -1 })).toThrow('beta is -1');
    expect(() => objective(vae, x, epsilon, { beta: Number.POSITIVE_INFINITY })).toThrow('beta is Infinity');
    expect(() => objective(vae, x, epsilon, { freeBits: Number.NaN })).toThrow('freeBits is NaN');
    // Broadcast, one draw would serve the whole batch.
    for (const shape of [[3], [1, 3], [4, 1], [5, 3], [], [2, 3], [2, 5, 3], [1, 2, 4, 3]]) {
      expect(() => objective(vae, x, full(shape, 1, { dtype: 'float64' }))).toThrow(
        `epsilon is [${shape.join(', ')}]; it must be [4, 3]`,
      );
    }
    expect(() => objective(vae, tensor([[1, 2]], { dtype: 'float64' }), epsilon)).toThrow('Dense: takes');
  });
});

describe('klWarmup', () => {
  it('rises in a straight line from 0 in epoch 1 and stays at beta', () => {
    const weights = [1, 2, 3, 4, 5, 6, 100].map((epoch) => klWarmup(epoch, { beta: 2, epochs: 4 }));
    expect(weights).toEqual([0, 0.5, 1, 1.5, 2, 2, 2]);
  });

  it('begins anew after a cycle', () => {
    const weights = [1, 2, 3, 4, 5, 6, 7].map((epoch) => klWarmup(epoch, { beta: 2, epochs: 2, cycle: 3 }));
    expect(weights).toEqual([0, 1, 2, 0, 1, 2, 0]);
    expect(klWarmup(4, { epochs: 2, cycle: null })).toBe(1);
  });

  it('is beta from the start unless asked for, and 1 unless given', () => {
    expect(klWarmup(1)).toBe(1);
    expect(klWarmup(7, { beta: 0.5 })).toBe(0.5);
    expect(klWarmup(3, { epochs: 4 })).toBe(0.5);
    expect(() => klWarmup(0)).toThrow('epochs count from 1');
  });
});
