import fc from 'fast-check';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { backward, gradcheck, mul, noGrad, stopGradient, variable } from '../../src/autograd/index.js';
import { bernoulliNll, sumPerExample } from '../../src/nn/index.js';
import { normal, tensor } from '../../src/tensor/create.js';
import { Random } from '../../src/tensor/random/index.js';
import { Tensor } from '../../src/tensor/tensor.js';
import { checkedTerms, checkVae } from '../../src/vae/check.js';
import { objective, objectiveOf } from '../../src/vae/objective.js';
import { reparameterize } from '../../src/vae/reparameterize.js';
import { VAE } from '../../src/vae/vae.js';
import { architectures, likelihoods, uniformTensor } from './arbitraries.js';

const RUNS = 16;
const TOLERANCE = 1e-7;

describe('KL, reconstruction and loss against central differences', () => {
  const seen = { models: 0, gradients: 0, elements: 0, worst: 0 };

  afterAll(() => {
    const { models, gradients, elements, worst } = seen;
    console.log(
      `VAE gradient checks: ${models} random models, ${gradients} gradients, ${elements} derivatives, ` +
        `worst error ${worst.toExponential(1)} (allowed ${TOLERANCE.toExponential()})`,
    );
  });

  it.each(Object.keys(likelihoods))('for random architectures and inputs: %s', (likelihood) => {
    const size = fc.integer({ min: 1, max: 5 });
    let [gradients, undecided] = [0, 0];
    fc.assert(
      fc.property(architectures(likelihoods[likelihood]), size, fc.nat(), (config, batch, seed) => {
        const rows = checkVae({ config, batch, seed, tolerance: TOLERANCE });
        const { hidden, learnSigma } = config;
        const tensors = 3 + 2 * (2 * hidden.length + 3) + (learnSigma ? 1 : 0);
        expect(rows).toHaveLength(checkedTerms.length * tensors);
        seen.models++;
        seen.gradients += rows.length;
        for (const { elements, worst, passed, message, ...row } of rows) {
          // Before two flat activations a derivative may be too small beside the loss for float64 to tell.
          expect(row.failures, message).toBe(row.undecided);
          gradients++;
          undecided += Number(!passed);
          if (!passed) continue;
          seen.elements += elements;
          seen.worst = Math.max(seen.worst, worst);
        }
      }),
      { numRuns: RUNS },
    );
    expect(undecided).toBeLessThan(0.02 * gradients);
  });

  it('finds no KL gradient with respect to z and the decoder, and one everywhere else', () => {
    const vae = new VAE(
      { features: 4, hidden: [3], latent: 2, activation: 'tanh' },
      { stream: new Random(1).stream('init'), dtype: 'float64' },
    );
    const found = objective(vae, uniformTensor([2, 4], 1, 0, 1), uniformTensor([2, 2], 2));
    const kl = backward(found.kl);
    const reconstruction = backward(found.reconstruction);
    expect(kl.find(found.z)).toBeUndefined();
    for (const [name, parameter] of vae.namedParameters()) {
      expect(kl.find(parameter) === undefined, name).toBe(name.startsWith('decoder'));
      expect(
        reconstruction.get(parameter).data.some((g) => g !== 0),
        name,
      ).toBe(true);
    }
  });
});

describe('one backward pass of the whole objective', () => {
  it.each([
    { likelihood: 'bernoulli' },
    { likelihood: 'gaussian' },
    { likelihood: 'gaussian', learnSigma: true },
  ] as const)('agrees with differences taken by moving the parameters themselves: %j', (choice) => {
    const vae = new VAE(
      { features: 5, hidden: [4], latent: 2, activation: 'gelu', ...choice },
      { stream: new Random(5).stream('init'), dtype: 'float64' },
    );
    const x = uniformTensor([3, 5], 6, 0, 1);
    const epsilon = uniformTensor([3, 2], 7, -2, 2);
    const options = { beta: 2.5, freeBits: 0.01 };
    const loss = () => noGrad(() => objective(vae, x, epsilon, options).loss.item());
    const gradients = backward(objective(vae, x, epsilon, options).loss);
    const STEP = 1e-5;
    for (const [name, { data }] of vae.namedParameters()) {
      const gradient = gradients.get(vae.namedParameters().get(name) ?? expect.unreachable(name));
      for (let i = 0; i < data.length; i++) {
        const held = data[i];
        data[i] = held + STEP;
        const above = loss();
        data[i] = held - STEP;
        const below = loss();
        data[i] = held;
        expect(Math.abs(gradient.data[i] - (above - below) / (2 * STEP)), `${name}[${i}]`).toBeLessThan(1e-8);
      }
    }
  });
});

describe('checkVae', () => {
  it('gives a row for each term and tensor', () => {
    const rows = checkVae({ config: { hidden: [] } });
    const tensors = ['mean', 'logvar', 'z', 'mean.weight', 'mean.bias', 'logvar.weight', 'logvar.bias'];
    const names = [...tensors, 'decoder.0.weight', 'decoder.0.bias'];
    expect(rows.map(({ term, withRespectTo }) => [term, withRespectTo])).toEqual(
      ['kl', 'reconstruction', 'loss'].flatMap((term) => names.map((name) => [term, name])),
    );
    expect(rows.every(({ passed, elements, worst }) => passed && elements > 0 && worst < 1e-7)).toBe(true);
    expect(rows[0].message).toMatch(/gradcheck passed: 'kl', 6 derivatives/);
  });

  it('is decided by its seed', () => {
    expect(checkVae({ seed: 3 })).toEqual(checkVae({ seed: 3 }));
    expect(checkVae({ seed: 3 })).not.toEqual(checkVae({ seed: 4 }));
  });

  it('fails, and says where, when a rule is wrong', () => {
    const right = reparameterize.op.vjp.bind(reparameterize.op);
    const spoiled = vi.spyOn(reparameterize.op, 'vjp');
    spoiled.mockImplementation((...rule) => mul(right(...rule), 1.01));
    const failed = checkVae().filter(({ passed }) => !passed);
    spoiled.mockRestore();
    expect(failed.map(({ withRespectTo }) => withRespectTo)).toContain('logvar');
    expect(failed.map(({ withRespectTo }) => withRespectTo)).not.toContain('z');
    expect(failed[0].message).toMatch(
      /gradcheck failed: 'reconstruction', input 0 'mean', element \[\d, \d\]/,
    );
  });

  it('refuses what it cannot check', () => {
    expect(() => checkVae({ batch: 0 })).toThrow('batch is 0');
    expect(() => checkVae({ config: { latent: 0 } })).toThrow('latent is 0');
    const wide = { config: { activation: 'relu', hidden: [1000], features: 1 }, batch: 5 } as const;
    expect(() => checkVae(wide)).toThrow(/'relu' was always within 0.005 of its kink.*smooth activation/);
  });
});

describe('epsilon', () => {
  const vae = new VAE(
    { features: 4, hidden: [5], latent: 1, activation: 'tanh' },
    { stream: new Random(8).stream('init'), dtype: 'float64' },
  );
  const x = tensor([[0, 1, 0.3, 1]], { dtype: 'float64' });

  const reconstruction = (mean: Tensor, logvar: Tensor, epsilon: Tensor): Tensor => {
    const z = reparameterize(mean, logvar, epsilon);
    return objectiveOf(vae, x, { mean, logvar, z, output: vae.decode(z) }).reconstruction;
  };
  const mean = tensor([[0.4]], { dtype: 'float64' });
  const logvar = tensor([[0.2]], { dtype: 'float64' });

  it('must be held: drawn anew at each evaluation, the check fails and says why', () => {
    const stream = new Random(9).stream('epsilon');
    const held = normal([1, 1], stream, { dtype: 'float64' });
    const redrawn = () => normal([1, 1], stream, { dtype: 'float64' });
    const names = { names: ['mean', 'logvar'] };
    const good = gradcheck((m, l) => reconstruction(m, l, held), [mean, logvar], names);
    expect(good.passed, String(good)).toBe(true);
    const bad = gradcheck((m, l) => reconstruction(m, l, redrawn()), [mean, logvar], names);
    expect(bad.passed).toBe(false);
    expect(String(bad)).toMatch(/not deterministic.*hold random numbers \(epsilon\) fixed/);
  });

  it('must carry the gradient: a sample cut off from mean and logvar is found', () => {
    const held = tensor([[1.1]], { dtype: 'float64' });
    const cut = gradcheck((m, l) => reconstruction(stopGradient(m), stopGradient(l), held), [mean, logvar], {
      names: ['mean', 'logvar'],
    });
    expect(cut.failures).toHaveLength(2);
    expect(String(cut)).toContain("input 1 'logvar', element [0, 0]: analytic 0, numeric ");
  });

  it('drawn anew still gives the right derivative on average, over many draws and a larger step', () => {
    const DRAWS = 40_000;
    const STEP = 0.2;
    const rows = (t: Tensor, shift = 0) =>
      new Tensor(new Float64Array(DRAWS).fill(t.item() + shift), [DRAWS, 1]);
    const wide = new Tensor(
      Float64Array.from({ length: DRAWS * 4 }, (_, i) => x.data[i % 4]),
      [DRAWS, 4],
    );
    const stream = new Random(10).stream('epsilon');
    const perDraw = (m: Tensor, l: Tensor): Tensor => {
      const z = reparameterize(m, l, normal([DRAWS, 1], stream, { dtype: 'float64' }));
      return sumPerExample(bernoulliNll(vae.decode(z), wide));
    };
    const statistics = (values: ArrayLike<number>) => {
      const list = Array.from(values);
      const average = list.reduce((sum, v) => sum + v, 0) / list.length;
      const variance = list.reduce((sum, v) => sum + (v - average) ** 2, 0) / list.length;
      return { average, error: Math.sqrt(variance / list.length) };
    };

    const [m, l] = [variable(rows(mean)), variable(rows(logvar))];
    const y = perDraw(m, l);
    const gradients = backward(y, { cotangent: new Tensor(new Float64Array(DRAWS).fill(1), [DRAWS]) });
    const moved = (dm: number, dl: number) => noGrad(() => perDraw(rows(mean, dm), rows(logvar, dl))).data;
    const difference = (dm: number, dl: number) => {
      const [above, below] = [moved(dm, dl), moved(-dm, -dl)];
      return above.map((v, i) => (v - below[i]) / (2 * STEP));
    };
    for (const [analytic, numeric] of [
      [gradients.get(m).data, difference(STEP, 0)],
      [gradients.get(l).data, difference(0, STEP)],
    ]) {
      const a = statistics(analytic);
      const n = statistics(numeric);
      expect(Math.abs(a.average - n.average)).toBeLessThan(4 * Math.hypot(a.error, n.error) + STEP ** 2 / 10);
      // The two agree on average, and the pathwise estimate is by far the less noisy one.
      expect(n.error).toBeGreaterThan(3 * a.error);
      expect(Math.abs(a.average)).toBeGreaterThan(4 * Math.hypot(a.error, n.error));
    }
  });
});
