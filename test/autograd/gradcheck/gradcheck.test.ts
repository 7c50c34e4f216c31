import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assertGradients,
  GradcheckError,
  type GradcheckOptions,
  gradcheck,
} from '../../../src/autograd/gradcheck/index.js';
import {
  abs,
  add,
  exp,
  matmul,
  mean,
  mul,
  sin,
  square,
  stopGradient,
  sub,
  sum,
  tanh,
} from '../../../src/autograd/ops/index.js';
import { tensor, zeros } from '../../../src/tensor/create.js';
import { Random } from '../../../src/tensor/random/index.js';
import { Tensor } from '../../../src/tensor/tensor.js';

const normal = (shape: readonly number[], seed = 1): Tensor =>
  new Tensor(
    new Random(seed).stream('test').normal(new Float64Array(shape.reduce((a, b) => a * b, 1))),
    shape,
  );

describe('gradcheck on right rules', () => {
  it('agrees on polynomials of any coefficients, once and twice', () => {
    const coefficient = fc.integer({ min: -8, max: 8 });
    const coefficients = fc.array(coefficient, { minLength: 2, maxLength: 5 });
    const points = fc.array(fc.integer({ min: -12, max: 12 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(coefficients, points, (c, at) => {
        const horner = (x: Tensor): Tensor =>
          c.reduce((p, a) => add(mul(p, x), a), zeros([], { dtype: x.dtype }));
        const report = assertGradients(horner, [tensor(Float64Array.from(at, (k) => k / 8))], { order: 2 });
        // Derivatives by x, then by x and by the cotangent.
        expect(report.cases).toBe(3 * at.length);
      }),
      { numRuns: 50 },
    );
  });

  it('gives the analytic and numeric value of each element', () => {
    const { checks, cases, passed } = gradcheck((x) => sum(square(x)), [tensor([[1, -2, 3]])]);
    expect(passed).toBe(true);
    expect(cases).toBe(3);
    expect(checks.map(({ element }) => element)).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
    ]);
    const ratio = checks[2].analytic / checks[0].analytic;
    expect(ratio).toBeCloseTo(3, 12);
    for (const { analytic, numeric, error } of checks) {
      expect(Math.abs(numeric / analytic - 1)).toBeLessThan(1e-9);
      expect(error).toBeLessThan(1e-9);
    }
  });

  it('takes compositions, several inputs and outputs, and float32 inputs, which it converts', () => {
    const layer = (x: Tensor, w: Tensor, b: Tensor): Tensor[] => {
      const h = tanh(add(matmul(x, w), b));
      return [h, mean(square(h)), exp(sin(b))];
    };
    const inputs = [normal([3, 4]), normal([4, 2], 2), normal([2], 3)].map((x) => x.to('float32'));
    const report = assertGradients(layer, inputs, { names: ['x', 'w', 'b'], order: 2 });
    expect(report.cases).toBe(22 + (22 + 6 + 1 + 2));
    expect(report.worst).toBeLessThan(1e-8);
    expect(report.name).toBe('tanh, mean, exp');
  });

  it('goes along random directions when there are many elements, and when asked to', () => {
    const f = (x: Tensor, w: Tensor): Tensor => tanh(matmul(x, w));
    const many = gradcheck(f, [normal([20, 10]), normal([10, 5])]);
    expect(many.passed).toBe(true);
    expect(many.cases).toBe(8 * 3);
    expect(new Set(many.checks.map(({ inputName }) => inputName))).toEqual(
      new Set(['all inputs', 'input 0', 'input 1']),
    );
    const few = gradcheck(f, [normal([2, 3]), normal([3, 2])], { mode: 'directions', directions: 5 });
    expect(few.cases).toBe(15);
    expect(few.checks.every(({ element, direction }) => element === null && direction !== null)).toBe(true);
    const one = gradcheck((x) => exp(x), [normal([5])], { mode: 'directions' });
    expect(one.cases).toBe(8);
  });

  it('expects zero for an input that is not used, and a constant result', () => {
    const unused = gradcheck((x, y) => add(mul(x, 2), sum(sub(y, y))), [normal([2]), normal([2])]);
    expect(unused.passed).toBe(true);
    const report = gradcheck((x, _unused) => exp(x), [normal([2]), normal([3])]);
    expect(report.passed).toBe(true);
    expect(report.checks.slice(2).every(({ analytic, numeric }) => analytic === 0 && numeric === 0)).toBe(
      true,
    );
    expect(gradcheck(() => zeros([2], { dtype: 'float64' }), [normal([2])]).passed).toBe(true);
    expect(gradcheck((x) => x, [normal([2])], { order: 2 }).passed).toBe(true);
  });

  it('leaves held inputs alone', () => {
    const epsilon = normal([4]);
    const f = (mu: Tensor, e: Tensor): Tensor => add(mu, mul(exp(mu), e));
    const report = gradcheck(f, [normal([4], 2), epsilon], { held: [1], order: 2 });
    expect(report.passed).toBe(true);
    expect(new Set(report.checks.map(({ input }) => input))).toEqual(new Set([0, 2]));
  });

  it('fails where there is nothing to compare, and says why', () => {
    const why = (inputs: Tensor[], options: GradcheckOptions = {}): string => {
      const report = gradcheck((x) => sum(x), inputs, options);
      expect(report.passed).toBe(false);
      expect(report.cases).toBe(0);
      expect(report.worst).toBe(0);
      expect(() => assertGradients((x) => sum(x), inputs, options)).toThrow(String(report));
      return String(report);
    };
    const nothing = 'gradcheck failed: nothing was compared:';
    expect(why([zeros([0, 3])])).toBe(`${nothing} the inputs have no elements`);
    expect(why([zeros([0, 3])], { mode: 'directions' })).toBe(`${nothing} the inputs have no elements`);
    expect(why([zeros([3]), zeros([])], { held: [0, 1] })).toBe(`${nothing} all inputs are held`);
    expect(why([zeros([3])], { elements: [[]] })).toBe(`${nothing} no elements are chosen`);
    expect(why([zeros([3]), zeros([2])], { elements: [[0], []], held: [0] })).toBe(
      `${nothing} the inputs whose elements are chosen are held`,
    );
    expect(gradcheck((x, y) => sum(add(x, sum(y))), [zeros([1]), zeros([2])]).passed).toBe(true);
  });

  it('is the same with the same seed, and another with another', () => {
    const f = (x: Tensor): Tensor => sin(x);
    const run = (seed: number) => gradcheck(f, [normal([3])], { seed }).checks;
    expect(run(5)).toEqual(run(5));
    expect(run(5)[0].analytic).not.toBe(run(6)[0].analytic);
  });

  it('is not misled where derivative and value vanish together', () => {
    const power = (n: number) => (x: Tensor) =>
      Array.from({ length: n - 1 }).reduce<Tensor>((p) => mul(p, x), x);
    for (const n of [2, 3, 4, 5, 6]) {
      for (const at of [0, 1e-6, -1e-5, 1e-4]) {
        const report = gradcheck(power(n), [tensor(at, { dtype: 'float64' })]);
        expect(report.passed, `x^${n} at ${at}: ${report}`).toBe(true);
      }
    }
    expect(gradcheck(power(9), [tensor(0)]).passed).toBe(true);
    expect(gradcheck((x) => mul(x, abs(x)), [tensor([0])]).passed).toBe(true);
    // Still, a rule that is off by a little is seen there: x^3 + 1e-12 x against x^3.
    const off = (x: Tensor): Tensor => add(power(3)(x), stopGradient(mul(x, 1e-12)));
    expect(gradcheck(off, [tensor([0])]).passed).toBe(false);
  });

  it('differentiates by chosen elements alone, and knows a wrong one among them', () => {
    const f = (x: Tensor, y: Tensor): Tensor => mul(square(x), y);
    const inputs = [normal([30, 10]), normal([30, 10], 2)];
    const report = gradcheck(f, inputs, { elements: [[0, 299, 12], []] });
    expect(report.passed, String(report)).toBe(true);
    expect(report.checks.map(({ input, element }) => [input, element])).toEqual([
      [0, [0, 0]],
      [0, [29, 9]],
      [0, [1, 2]],
    ]);
    const cut = (x: Tensor): Tensor => add(square(x), stopGradient(x));
    expect(gradcheck(cut, [inputs[0]], { elements: [[7]] }).failures).toHaveLength(1);
  });

  it('refuses elements that there are not', () => {
    const check = (options: object) => () => gradcheck((x) => square(x), [zeros([2, 3])], options);
    expect(check({ elements: [[6]] })).toThrow('an element of input 0 is 6; it must be an index from 0 to 5');
    expect(check({ elements: [[0.5]] })).toThrow('is 0.5');
    expect(check({ elements: [] })).toThrow('got 0 lists of elements for 1 inputs');
    expect(check({ elements: [[0]], mode: 'directions' })).toThrow(
      "mode is directions; it must be 'elements'",
    );
  });

  it('scales its step with large values, whose last bits a fixed one would drown in', () => {
    const report = gradcheck((x) => square(x), [tensor([1e6, 1], { dtype: 'float64' })]);
    expect(report.passed).toBe(true);
    expect(report.checks.map(({ step }) => step)).toEqual([8, 2 ** -17]);
  });
});

describe('assertGradients', () => {
  it('returns the report, or throws it', () => {
    expect(assertGradients((x) => exp(x), [normal([2])]).cases).toBe(2);
    try {
      assertGradients((x) => mul(exp(x), stopGradient(x)), [normal([2])]);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(GradcheckError);
      if (error instanceof GradcheckError) expect(error.message).toBe(String(error.report));
    }
  });
});
