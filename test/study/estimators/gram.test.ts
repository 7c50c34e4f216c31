import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backward } from '../../../src/autograd/index.js';
import { maxExamples, vaePoint } from '../../../src/study/estimators/index.js';
import { dot } from '../../../src/study/estimators/metric.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import type { VAE } from '../../../src/vae/vae.js';
import { architectures, likelihoods, uniformTensor } from '../../vae/arbitraries.js';
import { heads } from '../../vae/heads.js';
import { tinyVae } from './points.js';

/** The squared length of the gradient by each group's parameters, by backward passes through the encoder. */
function squares(vae: VAE, x: Tensor, v: Float64Array): Record<string, number> {
  const { mean, logvar } = vae.encode(x);
  const half = v.length / 2;
  const passes = [
    backward(mean, { cotangent: new Tensor(v.slice(0, half), mean.shape) }),
    backward(logvar, { cotangent: new Tensor(v.slice(half), logvar.shape) }),
  ];
  const groups = { encoder: vae.encoder, 'mean head': heads(vae).mean, 'logvar head': heads(vae).logvar };
  return Object.fromEntries(
    Object.entries(groups).map(([name, module]) => {
      const each = [...module.namedParameters().values()].map((parameter) => {
        const total = new Float64Array(parameter.size);
        for (const pass of passes) {
          pass.find(parameter)?.data.forEach((g, i) => {
            total[i] += g;
          });
        }
        return dot(total, total);
      });
      return [name, each.reduce((a, b) => a + b, 0)];
    }),
  );
}

describe('the Gram matrices of a point', () => {
  it('give the length of the gradient by the encoder and its heads, for any gradient by mean and logvar', () => {
    const choice = likelihoods['gaussian, sigma fixed'];
    fc.assert(
      fc.property(
        architectures(choice),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(1000),
        (config, batch, seed) => {
          const { vae, x } = tinyVae(config, batch, seed);
          const { metrics } = vaePoint(vae, x);
          const v = Float64Array.from(uniformTensor([2 * batch * config.latent], seed).data);
          const expected = squares(vae, x, v);
          const image = new Float64Array(v.length);
          for (const metric of metrics.slice(2)) {
            metric.times(v, image);
            const expectedSquare = expected[metric.name];
            expect(Math.abs(dot(v, image) - expectedSquare)).toBeLessThan(
              1e-10 * Math.max(1, expectedSquare),
            );
          }
          expect(metrics.map(({ name }) => name)).toEqual([
            'mean',
            'logvar',
            ...(config.hidden.length > 0 ? ['encoder'] : []),
            'mean head',
            'logvar head',
          ]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('tell how many numbers a group´s gradient has', () => {
    const { vae, x } = tinyVae();
    const sizes = Object.fromEntries(vaePoint(vae, x).metrics.map(({ name, size }) => [name, size]));
    expect(sizes).toEqual({ mean: 6, logvar: 6, encoder: 35, 'mean head': 12, 'logvar head': 12 });
  });
});

describe('vaePoint', () => {
  it('is held: training the model afterwards does not move it', () => {
    const { vae, x } = tinyVae();
    const point = vaePoint(vae, x);
    const z = uniformTensor([6, 2], 5);
    const before = Array.from(point.reconstruction(z).data);
    for (const parameter of vae.namedParameters().values()) parameter.data.fill(0.1);
    x.data.fill(0);
    expect(Array.from(point.reconstruction(z).data)).toEqual(before);
  });

  it('refuses a batch that does not fit, or is too large for its matrices', () => {
    const { vae } = tinyVae();
    expect(() => vaePoint(vae, uniformTensor([3, 5], 0, 0, 1))).toThrow(/must be \[batch, 6\]/);
    const most = maxExamples(2);
    expect(() => vaePoint(vae, uniformTensor([most + 1, 6], 0, 0, 1))).toThrow(RangeError);
    expect(maxExamples(5000)).toBe(1);
  });
});
