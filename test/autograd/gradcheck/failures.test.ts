import { describe, expect, it } from 'vitest';
import { noGrad } from '../../../src/autograd/apply.js';
import { createOp } from '../../../src/autograd/define-op.js';
import { assertGradients, gradcheck } from '../../../src/autograd/gradcheck/index.js';
import type { Rule } from '../../../src/autograd/op.js';
import {
  add,
  concat,
  exp,
  log,
  mul,
  neg,
  sin,
  sqrt,
  stopGradient,
  sum,
} from '../../../src/autograd/ops/index.js';
import { tensor, zeros } from '../../../src/tensor/create.js';
import { map1 } from '../../../src/tensor/kernels/elementwise.js';
import { Random } from '../../../src/tensor/random/index.js';
import { Tensor } from '../../../src/tensor/tensor.js';

/** The exponential with a rule of one's own. */
const expWith = (vjp: Rule<undefined>) =>
  createOp({
    name: 'myExp',
    doc: 'e^x.',
    arity: 1,
    shape: ([x]) => x,
    forward: map1(Math.exp),
    saves: ['inputs', 'output'],
    vjp: [vjp],
    domain: { inputs: [{ range: [-1, 1] }], cases: [{ shapes: 'any' }] },
  });

const x = tensor([
  [0.5, -0.25, 0.75],
  [1, 0.125, -1],
]);

describe('gradcheck on wrong rules', () => {
  it.each<[string, Rule<undefined>, number]>([
    ['scaled', (g, { y }) => mul(mul(g, y), 1.01), 0.01],
    ['with the wrong sign', (g, { y }) => neg(mul(g, y)), 2],
    ['without a factor', (g) => g, 0.1],
    ['of another function', (g, { x: at }) => mul(g, sin(at)), 0.1],
    ['with a term too many', (g, { y }) => mul(g, add(y, 0.001)), 1e-4],
    ['off by a part in a million', (g, { y }) => mul(g, mul(y, 1 + 1e-6)), 9e-7],
    ['that is zero', (g) => mul(g, 0), 1],
  ])('notices a rule %s', (_, rule, least) => {
    const myExp = expWith(rule);
    for (const mode of ['elements', 'directions'] as const) {
      const report = gradcheck((at) => myExp(at), [x], { mode });
      expect(report.passed, mode).toBe(false);
      expect(report.worst, mode).toBeGreaterThan(least * 0.9);
      expect(() => assertGradients((at) => myExp(at), [x], { mode })).toThrow(
        "gradcheck failed: 'myExp', input 0",
      );
    }
  });

  it('says which element is wrong, and nothing of the others', () => {
    const oneWrong = expWith((g, { y }) =>
      mul(
        mul(g, y),
        tensor(
          [
            [1, 1, 1],
            [1, 1, 1.5],
          ],
          { dtype: g.dtype },
        ),
      ),
    );
    const report = gradcheck((at) => oneWrong(at), [x], { names: ['x'] });
    expect(report.failures).toHaveLength(1);
    expect(report.failures[0].entry?.element).toEqual([1, 2]);
    expect(report.cases).toBe(6);
    expect(String(report)).toMatch(
      /^gradcheck failed: 'myExp', input 0 'x', element \[1, 2\], output \[1, 2\]: analytic 0\.\d+, numeric 0\.\d+ ± \S+, error 3\.3e-1 \(allowed 1e-7\)$/,
    );
  });

  it('says which input is wrong along directions, and how to find the element', () => {
    const wrong = expWith((g, { y }) => mul(mul(g, y), 1.01));
    const report = gradcheck((a, b) => add(exp(a), wrong(b)), [x, x], { mode: 'directions' });
    expect(new Set(report.failures.map(({ entry }) => entry?.inputName))).toEqual(
      new Set(['all inputs', 'input 1']),
    );
    expect(String(report)).toContain("'add', input 1, direction 0, output [0, 2]: analytic");
    expect(String(report)).toContain("mode 'elements' says which elements are wrong");
  });

  it('shows ten failures and counts the others', () => {
    const wrong = expWith((g) => neg(g));
    const text = String(gradcheck((at) => wrong(at), [zeros([13])]));
    expect(text.split('\n')).toHaveLength(11);
    expect(text).toContain('... and 3 more of 13 derivatives');
  });

  it('takes labels of tensors for names', () => {
    const wrong = expWith((g) => g);
    expect(String(gradcheck((at) => wrong(at), [tensor(1).named('sigma')]))).toContain(
      "input 0 'sigma', element []",
    );
  });

  it('writes as many digits as it takes to tell the two values apart', () => {
    const wrong = expWith((g, { y }) => mul(mul(g, y), 1 + 1e-9));
    const [{ message }] = gradcheck((at) => wrong(at), [tensor(0.5)], { tolerance: 1e-10 }).failures;
    const [, analytic, numeric] = /analytic (\S+), numeric (\S+) ±/.exec(message) ?? [];
    expect(Number(analytic)).not.toBe(Number(numeric));
  });

  it('notices a gradient that is stopped by mistake', () => {
    expect(gradcheck((at) => mul(at, stopGradient(exp(at))), [x]).passed).toBe(false);
  });

  it('notices in order 2 a rule that is right at each point but not a function of the inputs', () => {
    const detached = expWith((g, { x: at }) =>
      mul(
        g,
        noGrad(() => exp(at)),
      ),
    );
    expect(gradcheck((at) => detached(at), [x]).passed).toBe(true);
    const report = gradcheck((at) => detached(at), [x], { order: 2 });
    expect(report.passed).toBe(false);
    expect(report.failures.every(({ entry }) => entry?.order === 2 && entry.input === 0)).toBe(true);
    expect(String(report)).toContain(
      "gradcheck failed: gradient of 'myExp', input 0, element [0, 0], output [0, 0]: analytic 0,",
    );
  });

  it('names the cotangent when a rule is not linear in it', () => {
    // Right where every cotangent is drawn, and differentiated wrongly with respect to the cotangent.
    const frozen = expWith((g, { y }) =>
      mul(
        noGrad(() => mul(g, 1)),
        y,
      ),
    );
    expect(gradcheck((at) => frozen(at), [x]).passed).toBe(true);
    const report = gradcheck((at) => frozen(at), [x], { order: 2 });
    expect(String(report)).toContain("gradient of 'myExp', cotangent 0, element [0, 0]");
  });
});

describe('gradcheck on functions that cannot be checked', () => {
  it('tells random numbers that are drawn anew', () => {
    const stream = new Random(1).stream('epsilon');
    const redrawn = (mu: Tensor): Tensor => add(mu, new Tensor(stream.normal(new Float64Array(6)), [2, 3]));
    const report = gradcheck(redrawn, [x]);
    expect(report.passed).toBe(false);
    expect(String(report)).toMatch(
      /^gradcheck failed: not deterministic: two evaluations at the same point gave \S+ and \S+; hold random numbers \(epsilon\) fixed across evaluations$/,
    );
    const epsilon = new Tensor(stream.normal(new Float64Array(6)), [2, 3]);
    expect(gradcheck((mu) => add(mu, epsilon), [x]).passed).toBe(true);
  });

  it('says where the output is NaN or infinite', () => {
    const at = tensor([
      [1, 2],
      [-1, 0],
    ]);
    expect(String(gradcheck((v) => log(v), [at]))).toBe(
      "gradcheck failed: 'log', output 0, element [1, 0] is NaN at the given inputs",
    );
    expect(String(gradcheck((v) => log(v), [tensor([1, 0])]))).toContain(
      'element [1] is -Infinity at the given inputs',
    );
  });

  it('says where the gradient is infinite', () => {
    expect(String(gradcheck((v) => sqrt(v), [tensor([1, 0])], { names: ['variance'] }))).toBe(
      "gradcheck failed: 'sqrt', the gradient of input 0 'variance', element [1] is -Infinity at the given inputs",
    );
  });

  it('keeps inside a domain that ends near the point, and says where it cannot', () => {
    for (const at of [1e-6, 1e-12, 1e-300]) {
      expect(gradcheck((v) => log(v), [tensor([1, at], { dtype: 'float64' })]).passed, String(at)).toBe(true);
    }
    // One unit in the last place further down the logarithm is that of 0.
    const edge = tensor([1, -1 + 2 ** -53], { dtype: 'float64' });
    expect(String(gradcheck((v) => add(v, mul(log(add(v, 1)), 0)), [edge], { name: 'edge' }))).toBe(
      "gradcheck failed: the output, element [1] is NaN at 'edge', input 0, element [1], one step down, however small the step",
    );
  });

  it('tells a shape that changes, and results that come and go', () => {
    let calls = 0;
    const growing = (v: Tensor): Tensor => concat(Array.from({ length: ++calls }, () => v));
    expect(String(gradcheck(growing, [tensor([1])]))).toContain(
      'the shape of the result changes between evaluations: [1] at first, [2] at the second',
    );
    const more = (v: Tensor): Tensor[] => Array.from({ length: ++calls }, () => v);
    expect(gradcheck(more, [tensor([1])]).passed).toBe(false);
  });

  it('refuses results that are not tensors', () => {
    const returning = (result: unknown) => (_: Tensor) => result as Tensor;
    const check = (result: unknown) => () => gradcheck(returning(result), [x]);
    expect(check(3)).toThrow(/the function returned a number; it must return a tensor or a list of tensors/);
    expect(check(undefined)).toThrow(/returned undefined/);
    expect(check({})).toThrow(/returned an object/);
    expect(check(Promise.resolve())).toThrow(/returned a promise \(it must not be async\)/);
    expect(check([])).toThrow(/returned an empty list/);
    expect(check([tensor(1, { dtype: 'float64' }), 'y'])).toThrow(/returned a string as output 1/);
    expect(check(tensor(1))).toThrow(/got float64 and returned float32/);
  });

  it('says how to mend a function with float32 constants inside', () => {
    expect(() => gradcheck((v) => mul(v, tensor([1, 2, 3])), [x])).toThrow(
      /mul: inputs mix float64 and float32 .*gradcheck runs the function in float64: .*\{ dtype: x\.dtype \}/,
    );
  });

  it('lets errors of the function through as they are', () => {
    const broken = (): Tensor => {
      throw new RangeError('mine');
    };
    expect(() => gradcheck(broken, [x])).toThrow(new RangeError('mine'));
  });

  it('refuses inputs and options that make no sense', () => {
    const f = (...all: Tensor[]): Tensor => sum(all[0]);
    expect(() => gradcheck(f, [])).toThrow(/needs a list with at least one input/);
    const numbers: unknown[] = [1];
    expect(() => gradcheck(f, numbers as Tensor[])).toThrow(/input 0 is not a tensor/);
    expect(() => gradcheck(f, [x], { step: 0 })).toThrow(/step is 0; it must be between 0 and 1/);
    expect(() => gradcheck(f, [x], { tolerance: Number.NaN })).toThrow(/tolerance is NaN/);
    expect(() => gradcheck(f, [x], { directions: 0.5 })).toThrow(/directions is 0.5/);
    expect(() => gradcheck(f, [x], { names: [] })).toThrow(/got 0 names for 1 inputs/);
    expect(() => gradcheck(f, [x], { held: [1] })).toThrow(/held is 1; it must be from 0 to 0/);
  });
});
