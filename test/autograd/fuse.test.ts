import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { backward, fuse, greater, noGrad, type Operand, variable, where } from '../../src/autograd/index.js';
import { add, div, exp, mul, sigmoid, sub, sum, tanh } from '../../src/autograd/ops/index.js';
import { backend, setBackend } from '../../src/device/current.js';
import { scope, type Tensor, tensor } from '../../src/tensor/index.js';
import { expectBits, operands } from '../device/wasm/elementwise-cases.js';
import { inPlace } from '../device/wasm/runtime.js';

/** Functions of three inputs with constants, branches and inner results that are used twice. */
const functions: readonly [string, (a: Tensor, b: Tensor, c: Tensor) => Tensor][] = [
  ['a chain', (a, b, c) => mul(a, mul(b, sub(1, c)))],
  [
    'a shared inner result',
    (a, b, c) => (([s, t]) => add(mul(s, t), div(s, t)))([sigmoid(a), tanh(sub(b, c))]),
  ],
  ['a choice', (a, b, c) => where(greater(a, b), exp(c), mul(a, -0.1))],
  ['inputs in another order', (a, b, c) => mul(sub(c, a), exp(b))],
  ['one input alone', (_a, b, _c) => mul(b, b)],
];

/** How many passes of a name the device was asked for, and how many it did, while `f` ran. */
function passes(name: string, f: () => unknown): { asked: number; done: number } {
  const run = vi.spyOn(backend(), 'run');
  try {
    f();
    const own = run.mock.calls.flatMap(([{ wasm }], i) => (wasm?.name === name ? [run.mock.results[i]] : []));
    return { asked: own.length, done: own.filter(({ value }) => value === true).length };
  } finally {
    run.mockRestore();
  }
}

afterEach(() => setBackend('simd'));

describe.each(functions)('%s', (name, f) => {
  const fused = fuse(name, f);

  it('has in one pass the bits of its ops one by one', () => {
    fc.assert(
      fc.property(operands(3, 320), ([inputs]) => {
        const [a, b, c] = inputs;
        setBackend('plain');
        const plain = f(a, b, c);
        setBackend('simd');
        const count = passes(name, () => expectBits(fused(a, b, c), plain, { place: 'copied' }));
        expect(count).toEqual({ asked: 1, done: Number(plain.size >= 320) });
        scope(() => expectBits(fused(inPlace(a), inPlace(b), inPlace(c)), plain, { place: 'in place' }));
      }),
      { numRuns: 60 },
    );
  });

  it('runs its ops one by one in float64, while it is recorded and on a backend of plain kernels', () => {
    const [a, b, c] = [1, 2, 3].map((seed) =>
      tensor(
        Float64Array.from({ length: 40 }, (_, i) => Math.sin(seed * i)),
        { shape: [2, 20] },
      ),
    );
    const apart = (...inputs: [Operand, Operand, Operand]): Tensor => {
      const results: Tensor[] = [];
      expect(passes(name, () => results.push(fused(...inputs))).asked).toBe(0);
      return results[0];
    };
    expectBits(apart(a, b, c), f(a, b, c), {});
    const [p, q, r] = [a, b, c].map((x) => variable(x.to('float32')));
    expect(apart(p, q, r).origin).not.toBe(null);
    expect([...backward(sum(apart(p, q, r))).entries()].length).toBeGreaterThan(2);
    expect(passes(name, () => noGrad(() => fused(p, q, r))).asked).toBe(1);
    setBackend('plain');
    expectBits(fused(p, q, r), f(p, q, r), {});
  });
});

describe('fuse', () => {
  const x = tensor(Float32Array.from({ length: 40 }, (_, i) => i / 8));

  it('takes numbers for scalars, rounded to the dtype of the tensors', () => {
    const scaled = fuse('scaled', (a, b) => mul(a, b));
    expectBits(scaled(x, 0.1), mul(x, 0.1), {});
    expectBits(scaled(0.1, x.to('float64')), mul(x.to('float64'), 0.1), {});
    expect(scaled(2, 3).item()).toBe(6);
  });

  it('takes inputs of any shape, and empty ones', () => {
    const product = fuse('product', (a, b) => mul(mul(a, b), 2));
    const shapes = [
      [
        [4, 1, 3],
        [2, 3],
      ],
      [[0, 3], [3]],
      [[0], [0]],
      [[], []],
    ];
    for (const [p, q] of shapes) {
      const [a, b] = [p, q].map((shape) =>
        tensor(
          Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, (_, i) => i),
          { shape },
        ),
      );
      expect(product(a, b).shape).toEqual(mul(a, b).shape);
      expectBits(product(a, b), mul(mul(a, b), 2), {});
    }
    expect(() => product(tensor([1, 2]), tensor([1, 2, 3]))).toThrow(/^mul: /);
  });

  it('is differentiated like its ops, twice too', () => {
    const cube = fuse('cube', (a) => mul(a, mul(a, a)));
    const leaf = variable(tensor([1.5, -2], { dtype: 'float64' }));
    const first = backward(sum(cube(leaf)), { createGraph: true }).get(leaf);
    expect([...first.data]).toEqual([6.75, 12]);
    expect([...backward(sum(first)).get(leaf).data]).toEqual([9, -12]);
  });

  it('refuses ops that are not elementwise, by name', () => {
    const total = fuse('total', (a) => mul(sum(a), 2));
    expect(() => total(x)).toThrow("'total' uses the op 'sum', which is not elementwise");
  });

  it('refuses functions that look at values, or use other tensors, or do nothing', () => {
    const byValue = fuse('by value', (a) => (a.data[0] > 0 ? mul(a, 2) : mul(a, 3)));
    const detached = fuse('detached', (a) =>
      mul(
        a,
        noGrad(() => exp(a)),
      ),
    );
    for (const f of [byValue, detached]) {
      expect(() => f(x)).toThrow(
        /depends on the values of its inputs other than through ops; write the choice as an op/,
      );
    }
    const other = fuse('with another', (a) => mul(a, x));
    expect(() => other(x)).toThrow("'with another' uses a tensor that is none of its inputs; make it one");
    expect(() => fuse('nothing', (a) => a)(x)).toThrow("'nothing' applies no op to its inputs");
  });

  it('says how many inputs it takes', () => {
    const two: (...inputs: Tensor[]) => Tensor = fuse('two', (a, b) => mul(a, b));
    expect(() => two(x)).toThrow('two: takes 2 inputs, but got 1');
  });
});
