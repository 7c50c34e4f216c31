import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gradcheck } from '../../src/check.js';
import { normal, Random, RandomStream, Tensor, tensor } from '../../src/index.js';
import { logFactorial } from '../../src/vae/likelihoods/poisson.js';
import {
  Bernoulli,
  Categorical,
  DiscretizedLogistic,
  Gaussian,
  type Likelihood,
  Poisson,
} from '../../src/vae.js';

const float64 = { dtype: 'float64' } as const;

/** Every likelihood over countable values, with all values that matter at the outputs of these tests. */
const discrete: Readonly<Record<string, { make: () => Likelihood; values: readonly number[] }>> = {
  bernoulli: { make: () => new Bernoulli(), values: [0, 1] },
  poisson: { make: () => new Poisson(), values: Array.from({ length: 200 }, (_, k) => k) },
  categorical: { make: () => new Categorical({ values: 5 }), values: [0, 1, 2, 3, 4] },
  'discretized logistic': {
    make: () => new DiscretizedLogistic(),
    values: Array.from({ length: 256 }, (_, k) => k / 255),
  },
};

const gaussians: Readonly<Record<string, () => Likelihood>> = {
  'gaussian, fixed': () => new Gaussian({ sigma: 0.7, mean: 'identity', ...float64 }),
  'gaussian, learned': () => new Gaussian({ sigma: 0.7, scale: 'learned', mean: 'identity', ...float64 }),
  'gaussian, decoder': () => new Gaussian({ sigma: 0.7, scale: 'decoder', mean: 'identity', ...float64 }),
};

const all: [string, () => Likelihood][] = [
  ...Object.entries(discrete).map(([name, { make }]): [string, () => Likelihood] => [name, make]),
  ...Object.entries(gaussians),
  ['gaussian, sigmoid, decoder', () => new Gaussian({ scale: 'decoder', ...float64 })],
];

/** The outputs for one value, repeated in `rows` rows. */
const repeated = (output: readonly number[], rows: number): Tensor =>
  tensor(
    Array.from({ length: rows }, () => [...output]),
    float64,
  );

const column = (values: readonly number[]): Tensor =>
  tensor(
    values.map((x) => [x]),
    float64,
  );

const meanOf = ({ data }: Tensor): number => Array.from(data).reduce((a, b) => a + b, 0) / data.length;

const varianceOf = (t: Tensor): number => {
  const mean = meanOf(t);
  return Array.from(t.data).reduce((sum, x) => sum + (x - mean) ** 2, 0) / t.size;
};

/** What the decoder puts out for one value. */
const outputs = (likelihood: Likelihood, far = 3): fc.Arbitrary<number[]> =>
  fc.array(
    fc.integer({ min: -1000, max: 1000 }).map((n) => (far * (n + 0.5)) / 1000),
    { minLength: likelihood.outputs, maxLength: likelihood.outputs },
  );

describe.each(Object.entries(discrete))('%s', (_, { make, values }) => {
  const likelihood = make();

  it('gives all values together a probability of 1, and their mean is E[x | z]', () => {
    fc.assert(
      fc.property(outputs(likelihood), (output) => {
        const each = likelihood.perExample(repeated(output, values.length), column(values));
        const probabilities = Array.from(each.data, (nats) => Math.exp(-nats - likelihood.constant(1)));
        const total = probabilities.reduce((a, b) => a + b, 0);
        expect(total).toBeCloseTo(1, 11);
        const mean = probabilities.reduce((sum, p, i) => sum + p * values[i], 0);
        expect(likelihood.mean(repeated(output, 1)).item()).toBeCloseTo(mean, 9);
      }),
    );
  });

  it('keeps finite at outputs far out, at every value', () => {
    for (const far of [-60, -12, 12, 60]) {
      for (const x of values) {
        const nats = likelihood
          .perExample(repeated(Array(likelihood.outputs).fill(far), 1), column([x]))
          .item();
        expect(Number.isFinite(nats) && nats >= 0).toBe(true);
      }
    }
  });
});

describe.each(all)('%s', (_, make) => {
  const likelihood = make();
  const values = Object.values(discrete).find((one) => one.make().name === likelihood.name)?.values ?? [
    0, 0.2, 0.5, 1,
  ];

  it('has the gradient of a central difference, at the ends of the range too', () => {
    const points = fc.integer({ min: 1, max: 3 }).chain((features) =>
      fc.tuple(
        fc.array(outputs(likelihood, 2), { minLength: features, maxLength: features }),
        fc.array(fc.constantFrom(values[0], values[1], values[values.length - 1], ...values.slice(0, 9)), {
          minLength: features,
          maxLength: features,
        }),
      ),
    );
    fc.assert(
      fc.property(points, ([of, x]) => {
        const blocks = Array.from({ length: likelihood.outputs }, (_, k) =>
          of.map((output) => output[k]),
        ).flat();
        const data = tensor([x], float64);
        const report = gradcheck(
          (output) => likelihood.reconstruction(output, data),
          [tensor([blocks], float64)],
          {
            mode: 'elements',
            tolerance: 1e-6,
          },
        );
        expect(report.toString(), report.toString()).toSatisfy(() => report.passed);
      }),
      { numRuns: 40 },
    );
  });

  it('averages over the batch what it gives each example, and reads the output block by block', () => {
    const random = new Random(3);
    const output = normal([4, 3 * likelihood.outputs], random.stream('output'), float64);
    const x = new Tensor(
      Float64Array.from({ length: 12 }, (_, i) => values[i % values.length]),
      [4, 3],
    );
    const each = likelihood.perExample(output, x);
    expect(each.shape).toEqual([4]);
    const mean = meanOf(each);
    expect(likelihood.reconstruction(output, x).item()).toBeCloseTo(mean, 11);
    const one = (row: number, i: number): number =>
      likelihood
        .perExample(
          tensor([Array.from({ length: likelihood.outputs }, (_, k) => output.at(row, 3 * k + i))], float64),
          tensor([[x.at(row, i)]], float64),
        )
        .item();
    expect(each.at(2)).toBeCloseTo(one(2, 0) + one(2, 1) + one(2, 2), 11);
    expect(likelihood.mean(output).shape).toEqual([4, 3]);
  });

  it('gives log p(x | z) of several samples of a batch, with its constant', () => {
    const random = new Random(5);
    const output = normal([6, 3 * likelihood.outputs], random.stream('output'), float64);
    const x = new Tensor(
      Float64Array.from({ length: 6 }, (_, i) => values[i % values.length]),
      [2, 3],
    );
    const thrice = new Tensor(
      Float64Array.from({ length: 18 }, (_, i) => x.data[i % 6]),
      [6, 3],
    );
    const each = Array.from(
      likelihood.perExample(output, thrice).data,
      (nats) => -(nats + likelihood.constant(3)),
    );
    expect(Array.from(likelihood.logDensity(output, x).data)).toEqual(each);
    expect(() =>
      likelihood.logDensity(normal([5, 3 * likelihood.outputs], random.stream('odd'), float64), x),
    ).toThrow(/the decoder's output \[5, /);
  });

  it('draws values of its range whose mean is E[x | z]', () => {
    const rows = 4000;
    for (const [i, at] of [-1, 0.3, 1.2].entries()) {
      const output = repeated(
        Array.from({ length: likelihood.outputs }, (_, k) => at - 0.4 * k),
        rows,
      );
      const drawn = likelihood.sample(output, new Random(i).stream('sample'));
      expect(drawn.shape).toEqual([rows, 1]);
      if (likelihood.range.step !== undefined) likelihood.checkData(drawn, 'a draw');
      const expected = likelihood.mean(repeated([...output.data.slice(0, likelihood.outputs)], 1)).item();
      const mean = meanOf(drawn);
      const variance = varianceOf(drawn);
      expect(Math.abs(mean - expected)).toBeLessThan(5 * Math.sqrt(variance / rows));
    }
  });

  it('refuses data of another shape', () => {
    const features = 3 * likelihood.outputs;
    const output = new Tensor(new Float64Array(2 * features), [2, features]);
    expect(() => likelihood.reconstruction(output, new Tensor(new Float64Array(8), [2, 4]))).toThrow(
      /likelihood: the decoder's output \[2, \d+\] and the data \[2, 4\] must/,
    );
  });
});

describe('the data that a likelihood takes', () => {
  it.each<[Likelihood, number, RegExp]>([
    [
      new Bernoulli(),
      200,
      /bernoulli likelihood takes values from 0 to 1, but element 1 of example 0 is 200; scale/,
    ],
    [new Gaussian(), -0.1, /gaussian likelihood takes values from 0 to 1, .* is -0.1; .* mean: 'identity'/],
    [
      new Gaussian({ mean: 'identity' }),
      Number.NaN,
      /takes finite numbers, but element 1 of example 0 is NaN/,
    ],
    [
      new Poisson(),
      0.5,
      /poisson likelihood takes whole numbers from 0 on, but element 1 of example 0 is 0.5/,
    ],
    [
      new Categorical({ values: 3 }),
      3,
      /takes whole numbers from 0 to 2, but element 1 of example 0 is 3; .*values/,
    ],
    [
      new DiscretizedLogistic(),
      0.5,
      /takes multiples of 1\/255 from 0 to 1, but element 1 of example 0 is 0.5/,
    ],
  ])('%s', (likelihood, value, problem) => {
    const x = tensor([[0, value]], float64);
    const output = new Tensor(new Float64Array(2 * likelihood.outputs), [1, 2 * likelihood.outputs]);
    expect(() => likelihood.reconstruction(output, x)).toThrow(problem);
    expect(() => likelihood.reconstruction(output, tensor([[0, 1]], float64))).not.toThrow();
  });
});

/** Gives the same number, whatever is drawn. */
class Always extends RandomStream {
  constructor(readonly u: number) {
    super(0, 'always');
  }
  override uniform<T extends Float32Array | Float64Array>(data: T): T {
    data.fill(this.u);
    return data;
  }
}

describe('draws at the ends of the unit interval', () => {
  const below1 = 1 - 2 ** -53;

  it('are values that have a probability', () => {
    const categorical = new Categorical({ values: 3 });
    const draw = (logits: number[], u: number): number =>
      categorical.sample(tensor([logits], float64), new Always(u)).item();
    expect(draw([-1000, 0, 0], 0)).toBe(1);
    expect(draw([0, 0, 0], 0)).toBe(0);
    // The thirds add up to less than 1 when rounded.
    expect(draw([0, 0, 0], below1)).toBe(2);
    const poisson = (rate: number, u: number): number =>
      new Poisson().sample(tensor([[Math.log(rate)]], float64), new Always(u)).item();
    expect([poisson(0, 0.5), poisson(0.1, 0), poisson(7, 0)]).toEqual([0, 0, 7]);
    const logistic = (u: number): number =>
      new DiscretizedLogistic().sample(tensor([[0, 0]], float64), new Always(u)).item();
    expect([logistic(0), logistic(0.5), logistic(below1)]).toEqual([0, 128 / 255, 1]);
  });
});

describe('outputs that are not in as many blocks as a value takes', () => {
  it('are refused', () => {
    const five = new Categorical({ values: 5 });
    expect(() => five.mean(new Tensor(new Float64Array(7), [1, 7]))).toThrow(
      "categorical likelihood: the decoder's output [1, 7] must be [batch, 5 * features]",
    );
  });
});

describe('Poisson', () => {
  it('has the logarithm of n!', () => {
    let [exact, n] = [0, 0];
    for (const at of [0, 1, 2, 20, 1000, 1023, 1024, 5000]) {
      while (n < at) exact += Math.log(++n);
      expect(Math.abs(logFactorial(at) - exact)).toBeLessThanOrEqual(1e-12 * Math.max(1, exact));
    }
    // To the last digits, and in no time.
    expect(Math.abs(logFactorial(1024) - 6078.21188475005)).toBeLessThan(2e-12);
    expect(logFactorial(1e12)).toBe(26_631_021_115_943.28);
  });

  it('draws counts of rates from next to nothing to thousands', () => {
    for (const rate of [1e-3, 0.5, 7, 300, 5000]) {
      const drawn = new Poisson().sample(repeated([Math.log(rate)], 3000), new Random(1).stream('counts'));
      const mean = meanOf(drawn);
      const variance = varianceOf(drawn);
      expect(Math.abs(mean - rate)).toBeLessThan(5 * Math.sqrt(rate / 3000));
      // The sample variance of a Poisson variable has variance (rate + 2 rate^2) / n, about.
      expect(Math.abs(variance - rate)).toBeLessThan(5 * Math.sqrt((rate + 2 * rate * rate) / 3000));
    }
  });
});

describe('settings that a likelihood refuses', () => {
  it.each([1, 2.5, Number.NaN])('values of %d', (values) => {
    expect(() => new Categorical({ values })).toThrow(
      `values is ${values}; it must be an integer of 2 or more`,
    );
  });

  it('options that do not exist', () => {
    const wrong = { sigma: 1, learned: true };
    expect(() => new Gaussian(wrong)).toThrow("no option 'learned'; there are sigma, scale, mean");
  });
});
