import { describe, expect, it } from 'vitest';
import { assertGradients, gradcheck } from '../../../src/check.js';
import {
  abs,
  add,
  clamp,
  concat,
  createOp,
  exp,
  greater,
  linear,
  log,
  matmul,
  max,
  maximum,
  min,
  mul,
  relu,
  reshape,
  sin,
  square,
  stopGradient,
  sub,
  sum,
  Tensor,
  tensor,
  where,
  zeros,
} from '../../../src/index.js';

const at = (...values: number[]): Tensor => tensor(values, { dtype: 'float64' });

/** x times a number, with a rule that is wrong by a factor. */
const scaledWith = (factor: number, wrong: number) => {
  const op = createOp<1>({
    name: 'scaled',
    doc: 'A multiple of x.',
    arity: 1,
    shape: ([x]) => x,
    forward: (out, [x]) => out.data.set(x.data.map((value) => value * factor)),
    saves: [],
    vjp: [(g) => mul(g, factor * wrong)],
    domain: { inputs: [{ range: [-1, 1] }], cases: [{ shapes: 'any' }] },
  });
  return (x: Tensor): Tensor => op(x);
};

describe('gradcheck of a function that writes into its inputs', () => {
  const rounded = (x: Tensor): Tensor => {
    x.data.set(x.data.map(Math.round));
    return square(x);
  };

  it('names the input and the element', () => {
    expect(String(gradcheck(rounded, [at(1, 2.25)], { names: ['x'] }))).toBe(
      "gradcheck failed: the function writes into input 0 'x': element [1] was 2.25 and became 2; " +
        'a function that changes its inputs cannot be differentiated by differences: compute on x.clone()',
    );
    expect(() => assertGradients(rounded, [at(2.25)])).toThrow('writes into input 0');
    expect(gradcheck((x) => rounded(x.clone()), [at(1.25)]).passed).toBe(false);
  });

  it('knows a write through a view, and into an input that is held', () => {
    const throughView = (x: Tensor): Tensor => {
      x.detach().view([4]).data[3] = 7;
      return sum(square(x));
    };
    const x = reshape(at(1, 2, 3, 4), { shape: [2, 2] });
    expect(String(gradcheck(throughView, [x]))).toContain(
      'writes into input 0: element [1, 1] was 4 and became 7',
    );
    const intoHeld = (a: Tensor, b: Tensor): Tensor => {
      b.data[0] += 1;
      return mul(a, b);
    };
    expect(String(gradcheck(intoHeld, [at(1), at(2)], { held: [1] }))).toContain('writes into input 1');
    expect(String(gradcheck(intoHeld, [at(1), at(2)], { held: [1], order: 2 }))).toContain(
      'writes into input 1',
    );
  });

  it('knows a write that comes later, into what an earlier call was given', () => {
    const kept: { inputs: Tensor[] } = { inputs: [] };
    const late = (x: Tensor): Tensor => {
      for (const before of kept.inputs) before.data.fill(0);
      kept.inputs.push(x);
      return square(x);
    };
    const wrong = scaledWith(2, 1.5);
    // The second derivative of the check backpropagates again through what the first call recorded.
    expect(gradcheck((x) => wrong(late(x)), [at(1, 2)]).passed).toBe(false);
    kept.inputs = [];
    const report = gradcheck((x) => wrong(late(x)), [at(1, 2)]);
    expect(String(report)).toContain('writes into input 0');
  });

  it('leaves the tensors of the caller as they are, and lets one tensor be two inputs', () => {
    const x = at(0.5, 1.5);
    gradcheck(rounded, [x]);
    expect([...x.data]).toEqual([0.5, 1.5]);
    expect(gradcheck((a, b) => mul(a, square(b)), [x, x]).passed).toBe(true);
  });

  it('is not deceived by a result that is written anew at every call', () => {
    const buffer = zeros([2], { dtype: 'float64' });
    const reused = (x: Tensor): Tensor => {
      buffer.data.set(x.data.map((value) => 3 * value));
      return buffer;
    };
    expect(String(gradcheck(reused, [at(1, 2)]))).toMatch(/analytic 0, numeric 3 ± /);
  });
});

describe('gradcheck of derivatives that are not finite', () => {
  const withRule = (forward: (x: number) => number, rule: (x: number) => number) =>
    createOp<1>({
      name: 'mine',
      doc: 'A function with a rule.',
      arity: 1,
      shape: ([x]) => x,
      forward: (out, [x]) => out.data.set(x.data.map(forward)),
      saves: ['inputs'],
      vjp: [(g, { x }) => mul(g, new Tensor(x.data.map(rule), x.shape))],
      domain: { inputs: [{ range: [-1, 1] }], cases: [{ shapes: 'any' }] },
    });

  it.each<[string, number, number]>([
    ['NaN against NaN', Number.NaN, Number.NaN],
    ['infinity against infinity', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ['NaN against a number', 1, Number.NaN],
    ['infinity against a number', 1, Number.POSITIVE_INFINITY],
    ['a number against NaN', Number.NaN, 1],
    ['a number against infinity', Number.NEGATIVE_INFINITY, 1],
  ])('never passes %s', (_, slope, rule) => {
    const op = withRule(
      (x) => x * slope,
      () => rule,
    );
    for (const mode of ['elements', 'directions'] as const) {
      for (const order of [1, 2] as const) {
        const report = gradcheck((x) => op(x), [at(1, 2)], { mode, order });
        expect(report.passed).toBe(false);
        expect(String(report)).toMatch(/NaN|Infinity/);
      }
    }
  });

  it('never passes a derivative that overflows, or that is NaN next to the point alone', () => {
    expect(gradcheck((x) => mul(mul(x, 1e300), 1e300), [at(1e-300)]).passed).toBe(false);
    const hole = withRule(
      (x) => (x === 1 ? 3 : Number.NaN),
      () => 3,
    );
    expect(String(gradcheck((x) => hole(x), [at(1)]))).toMatch(/is NaN at .* however small the step/);
  });
});

describe('gradcheck of outputs and inputs of unlike size', () => {
  it.each([2, 0.5, 1.01, 0.99])('sees a rule that is wrong by a factor of %s wherever it hides', (wrong) => {
    const hidden = scaledWith(1, wrong);
    const small = scaledWith(1e-9, wrong);
    const wrongOnes: [string, (x: Tensor) => Tensor | Tensor[], Tensor][] = [
      ['a large input', (x) => hidden(x), at(1e12, 1e15)],
      ['a small input beside large ones', (x) => square(hidden(x)), at(1e-12, 1e15)],
      ['a small output beside a large one', (x) => [mul(exp(x), 1e12), small(x)], at(1, 2)],
      ['a small derivative beside a large one', (x) => concat([mul(x, 1e10), small(x)]), at(3)],
      ['a large value', (x) => add(hidden(x), 1e6), at(1)],
      ['values that cancel', (x) => sub(add(hidden(x), 1e8), 1e8), at(1)],
    ];
    for (const [name, f, x] of wrongOnes) {
      const report = gradcheck(f, [x]);
      expect(report.passed, name).toBe(false);
      expect(report.undecided, name).toEqual([]);
    }
  });

  it('passes the same functions with right rules', () => {
    const right = scaledWith(1, 1);
    const small = scaledWith(1e-9, 1);
    assertGradients((x) => right(x), [at(1e12, 1e15)]);
    assertGradients((x) => square(right(x)), [at(1e-12, 1e15)]);
    assertGradients((x) => [mul(exp(x), 1e12), small(x)], [at(1, 2)]);
    assertGradients((x) => concat([mul(x, 1e10), small(x)]), [at(3)]);
    assertGradients((x) => add(right(x), 1e6), [at(1)]);
    assertGradients((x) => sub(add(right(x), 1e8), 1e8), [at(1)]);
  });

  it('says that a derivative is not decided where rounding hides it', () => {
    for (const wrong of [1, 1.01, 2]) {
      const small = scaledWith(1e-9, wrong);
      const report = gradcheck((x) => add(small(x), 1e9), [at(1)], { names: ['x'] });
      expect(report.passed).toBe(false);
      expect(report.undecided).toHaveLength(1);
      expect(String(report)).toMatch(
        /^gradcheck failed: 'add', input 0 'x', element \[0\]: analytic \S+, numeric \S+ ± \S+: not decided: rounding hides/,
      );
    }
  });

  it('takes a gradient that rounding alone makes for the zero that it is', () => {
    const softmaxed = (x: Tensor): Tensor => {
      const e = exp(sub(x, max(stopGradient(x))));
      return sum(mul(e, exp(mul(log(sum(e)), -1))));
    };
    assertGradients(softmaxed, [at(0.3, 1.7, -0.4, 2.2)]);
  });

  it('decides terms of a matrix product that cancel', () => {
    const a = reshape(at(1e8, -1e8, 1), { shape: [1, 3] });
    const b = reshape(at(1, 1, 1e-3), { shape: [3, 1] });
    assertGradients((x, y) => matmul(x, y), [a, b]);
  });
});

describe('gradcheck at a kink', () => {
  const named = (f: (...xs: Tensor[]) => Tensor, xs: Tensor[], op: string): void => {
    const report = gradcheck(f, xs);
    expect(report.passed, op).toBe(false);
    expect(String(report), op).toContain(`'${op}' has a kink or a tie at the point`);
  };

  it('names the op that bends', () => {
    named((x) => relu(x), [at(1, 0)], 'relu');
    named((x) => abs(x), [at(0)], 'abs');
    named((x) => sum(clamp(x, { min: -0.5, max: 2 })), [at(0, 2)], 'minimum');
    named((x) => clamp(x, { min: -0.5 }), [at(-0.5)], 'maximum');
    named((x) => where(greater(x, 1), mul(x, 2), x), [at(1)], 'greater');
  });

  it('names ties that arise inside', () => {
    named((x) => max(mul(x, at(2, 1, 3))), [at(3, 1, 2)], 'max');
    named((x) => min(square(x)), [at(1, -1)], 'min');
    named((x, y) => maximum(sin(x), sin(y)), [at(1), at(1)], 'maximum');
    named((x) => exp(relu(sub(x, 0.25))), [at(0.25)], 'relu');
    const weight = reshape(at(1, 1), { shape: [1, 2] });
    named(
      (x) => linear(x, weight, zeros([1], { dtype: 'float64' }), { activation: 'relu' }),
      [reshape(at(1, -1), { shape: [1, 2] })],
      'relu',
    );
  });

  it('names a jump that no op declares', () => {
    const bent = createOp<1>({
      name: 'bent',
      doc: 'A bend that is not declared.',
      arity: 1,
      shape: ([x]) => x,
      forward: (out, [x]) => out.data.set(x.data.map((value) => Math.max(value, 3 * value))),
      saves: [],
      vjp: [(g) => g],
      domain: { inputs: [{ range: [1, 2] }], cases: [{ shapes: 'any' }] },
    });
    expect(String(gradcheck((x) => bent(x), [at(0)]))).toContain('the function bends at the point');
  });

  it('is not kept from deciding by one that is near, or that does not bend the result', () => {
    for (const near of [1e-6, 1e-9, 1e-12, -1e-12]) {
      assertGradients((x) => relu(x), [at(near)]);
      const wrong = scaledWith(1, 0.5);
      if (near > 0) expect(gradcheck((x) => relu(wrong(x)), [at(near)]).passed).toBe(false);
    }
    assertGradients((x) => relu(sub(x, 0.25)), [at(0.25 + 1e-7)]);
    assertGradients((x) => mul(x, abs(x)), [at(0)]);
    assertGradients((x) => max(concat([x, x])), [at(1)]);
  });
});
