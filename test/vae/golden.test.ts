import { describe, expect, it } from 'vitest';
import { backward } from '../../src/autograd/index.js';
import { Adam } from '../../src/nn/index.js';
import { tensor } from '../../src/tensor/create.js';
import type { DType } from '../../src/tensor/dtype.js';
import { Random } from '../../src/tensor/random/index.js';
import { formatShape } from '../../src/tensor/shape.js';
import type { Tensor } from '../../src/tensor/tensor.js';
import { objective } from '../../src/vae/objective.js';
import { VAE } from '../../src/vae/vae.js';
import { type GoldenArray, type GoldenArrays, loadGolden, type VaeCase } from '../golden/load.js';

const golden = loadGolden('vae_step');
const [, features] = golden.x.shape;

/** The model of a case at its starting weights; PyTorch's names fit as they are. */
function start({ activation, likelihood, sigma, extraWeights }: VaeCase, dtype: DType): VAE {
  const learnSigma = sigma === 'learned';
  const fixed = typeof sigma === 'number' ? { sigma } : {};
  const config = { features, hidden: [8, 6], latent: 3, activation, likelihood, learnSigma, ...fixed };
  const vae = new VAE(config, { stream: new Random(0).stream('init'), dtype });
  const weights = Object.entries({ ...golden.weights, ...extraWeights });
  vae.loadStateDict(new Map(weights.map(([name, array]) => [name, load(array, dtype)])));
  return vae;
}

const load = ({ shape, data }: GoldenArray, dtype: DType): Tensor => tensor([...data], { shape, dtype });

describe.each([
  ['float64', 1e-12],
  ['float32', 1e-5],
] as const)("PyTorch's values, in %s", (dtype, tolerance) => {
  const compareNumber = (got: number, expected: number, what: string) => {
    const error = Math.abs(got - expected) / Math.max(1, Math.abs(expected));
    expect(error, `${what}: ${got}, not ${expected}`).toBeLessThanOrEqual(tolerance);
  };
  const compare = (got: Tensor, { shape, data }: GoldenArray, what: string) => {
    expect(formatShape(got.shape), what).toBe(formatShape(shape));
    data.forEach((expected, i) => {
      compareNumber(got.data[i], expected, `${what}[${i}]`);
    });
  };
  const compareAll = (got: ReadonlyMap<string, Tensor>, expected: GoldenArrays, what: string) => {
    expect([...got.keys()].sort()).toEqual(Object.keys(expected).sort());
    for (const [name, t] of got) compare(t, expected[name], `${what} ${name}`);
  };
  const x = load(golden.x, dtype);
  const epsilon = load(golden.epsilon, dtype);

  describe.each(golden.cases)('$name', (example) => {
    const options = { beta: example.beta };

    it.each([false, true])('values and every gradient (the trick taken apart: %s)', (composed) => {
      const vae = start(example, dtype);
      const found = objective(vae, x, epsilon, { ...options, composed });
      const gradients = backward(found.loss);
      const constant = vae.likelihood.constant(features);
      compareNumber(found.loss.item() + constant, example.loss, 'loss');
      compareNumber(found.reconstruction.item() + constant, example.reconstruction, 'reconstruction');
      compareNumber(found.kl.item(), example.kl, 'kl');
      const { mean, logvar, z, output: logits } = found;
      for (const [name, t] of Object.entries({ mean, logvar, z, logits })) {
        if (name !== 'mean' && name !== 'logvar' && name !== 'z' && name !== 'logits') continue;
        compare(t, example.intermediates[name], name);
        compare(gradients.get(t), example.intermediateGradients[name], `gradient of ${name}`);
      }
      const all = [...vae.namedParameters()].map(([name, t]) => [name, gradients.get(t)] as const);
      compareAll(new Map(all), example.gradients, 'gradient of');
    });

    it('weights after one step of Adam and after three', () => {
      const vae = start(example, dtype);
      const optimizer = new Adam(vae.namedParameters(), { learningRate: golden.lr });
      example.losses.forEach((expected, i) => {
        const { loss } = objective(vae, x, epsilon, options);
        compareNumber(loss.item() + vae.likelihood.constant(features), expected, `loss ${i}`);
        optimizer.step(backward(loss));
        if (i === 0) compareAll(vae.stateDict(), example.step1, 'after one step');
      });
      expect(example.losses).toHaveLength(3);
      compareAll(vae.stateDict(), example.step3, 'after three steps');
    });
  });
});
