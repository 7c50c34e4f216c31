import { describe, expect, it } from 'vitest';
import { checkParts } from '../../src/check.js';
import {
  add,
  mul,
  neg,
  normal,
  type RandomStream,
  square,
  stopGradient,
  type Tensor,
} from '../../src/index.js';
import { defineLikelihood, definePrior, Likelihood, Prior } from '../../src/vae.js';

/** N(1, 4), without a formula for its KL, so that the objective takes it at the sample. */
class Elsewhere extends Prior {
  override readonly name = 'elsewhere';

  constructor(private readonly latent: number) {
    super();
  }

  override logDensity(z: Tensor): Tensor {
    return neg(mul(square(add(z, -1)), 1 / 8));
  }

  override sample(count: number, stream: RandomStream): Tensor {
    return normal([count, this.latent], stream);
  }
}

/** A squared error of which half the gradient is missing. */
class Half extends Likelihood {
  override readonly name = 'half';
  override readonly term = 'squared error';
  override readonly range = { low: 0, high: 1 };
  override readonly mend = 'scale it';

  protected override nll(output: Tensor, x: Tensor): Tensor {
    const difference = add(output, neg(x));
    return mul(difference, stopGradient(difference));
  }

  override mean(output: Tensor): Tensor {
    return output;
  }

  override sample(output: Tensor): Tensor {
    return output;
  }
}

describe('every registered part in small whole models', () => {
  it('has the gradients of central differences, in random combinations with the others', () => {
    definePrior({
      name: 'elsewhere',
      doc: 'N(1, 4).',
      settings: {},
      build: (_, { latent }) => new Elsewhere(latent),
    });
    const { models, gradients, worst, undecided, parts, failures } = checkParts({ models: 140, seed: 1 });
    console.log(
      `parts in combination: ${models} random models of ${parts.size} parts, ${gradients} gradients, ` +
        `worst error ${worst.toExponential(1)} (allowed 1e-7)`,
    );
    expect(failures).toEqual([]);
    expect(gradients).toBeGreaterThan(2000);
    expect(undecided).toBeLessThan(0.01 * gradients);
    expect(worst).toBeLessThan(1e-7);
    expect([...parts.keys()].sort()).toEqual([
      'body conv',
      'body conv-transposed',
      'body mlp',
      'condition label',
      'likelihood bernoulli',
      'likelihood categorical',
      'likelihood discretized-logistic',
      'likelihood gaussian',
      'likelihood poisson',
      'objective elbo',
      'objective iwae',
      'posterior flow',
      'posterior full-gaussian',
      'posterior gaussian',
      'prior conditional',
      'prior elsewhere',
      'prior mixture',
      'prior standard-normal',
      'prior vamp',
    ]);
    for (const count of parts.values()) expect(count).toBeGreaterThan(10);
  });

  it('is named where its gradient is wrong', () => {
    defineLikelihood({ name: 'half', doc: 'Wrong on purpose.', settings: {}, build: () => new Half() });
    const { failures, parts } = checkParts({ models: 30, seed: 2 });
    expect(parts.get('likelihood half')).toBeGreaterThan(1);
    expect(failures).toHaveLength(parts.get('likelihood half') ?? 0);
    for (const { model, rows } of failures) {
      expect(model).toMatchObject({ likelihood: { name: 'half' } });
      expect(rows[0].message).toMatch(/gradcheck failed: 'loss'/);
    }
  });

  it('refuses no models', () => {
    expect(() => checkParts({ models: 0 })).toThrow('models is 0; it must be an integer of 1 or more');
  });
});
