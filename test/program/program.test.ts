import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import {
  add,
  createOp,
  defineUpdate,
  div,
  exp,
  greater,
  mul,
  setBackend,
  sub,
  sum,
  type Tensor,
  tensor,
  where,
} from '../../src/index.js';
import { expectBits, operands } from '../device/wasm/elementwise-cases.js';

afterEach(() => setBackend('simd'));

/** Bodies of three inputs, and the same in ops one by one. */
const bodies: readonly [string, (a: Tensor, b: Tensor, c: Tensor) => Tensor][] = [
  ['a chain', (a, b, c) => mul(a, mul(b, sub(1, c)))],
  ['a choice', (a, b, c) => where(greater(a, b), exp(c), div(a, -0.1))],
  ['an inner result used twice', (a, b, c) => ((s) => add(mul(s, s), c))(sub(a, b))],
  ['one input alone', (_a, b) => mul(b, mul(b, b))],
  ['an input as it is', (a) => a],
];

describe.each(bodies)('an op whose body is %s', (_, body) => {
  const op = createOp({
    name: 'bodied',
    doc: 'A body.',
    arity: 3,
    body,
    saves: [],
    vjp: ['constant', 'constant', 'constant'],
    domain: { cases: [{ shapes: 'broadcast' }], derivative: 'none' },
  });

  it.each(['simd', 'plain'] as const)('has the bits of its ops one by one, %s, in any shape', (name) => {
    fc.assert(
      fc.property(operands(3, 1), ([[a, b, c]]) => {
        setBackend('plain');
        // Beside a + b + c, which broadcasts: an input that is not used still stretches the result.
        const shape = add(add(a, b), c).shape;
        const expected = body(a, b, c);
        setBackend(name);
        const actual = op(a, b, c);
        expect(actual.shape).toEqual(shape);
        if (expected.size === actual.size) expectBits(actual, expected, { name });
      }),
      { numRuns: 60 },
    );
  });

  it('is computed in float64 where its inputs are, without rounding to float32 in between', () => {
    const [a, b, c] = [0.1, 0.7, 1 / 3].map((x) => tensor(Float64Array.of(x, -x, 2 * x)));
    expectBits(op(a, b, c), body(a, b, c), {});
  });
});

describe('a body', () => {
  const spec = { doc: '.', saves: [], vjp: ['constant'], domain: { cases: [{ shapes: 'any' }] } } as const;

  it('takes its attributes as scalars', () => {
    const scaled = createOp({
      ...spec,
      name: 'scaled',
      arity: 1,
      options: ['by'],
      attributes: (given: { readonly by?: number } | undefined) => ({ by: given?.by ?? 2 }),
      body: (x, { by }) => mul(x, by),
    });
    const x = tensor(Float32Array.from({ length: 400 }, (_, i) => i / 7));
    expectBits(scaled(x), mul(x, 2), {});
    expectBits(scaled(x, { by: 0.1 }), mul(x, 0.1), {});
    expectBits(scaled(x.to('float64'), { by: 0.1 }), mul(x.to('float64'), 0.1), {});
  });

  it('may not sum, and says so', () => {
    const total = createOp({ ...spec, name: 'total', arity: 1, body: (x) => mul(sum(x), 2) });
    expect(() => total(tensor([1, 2]))).toThrow("'total' uses the op 'sum', which is not elementwise");
  });

  it('may not look at values', () => {
    const peeking = createOp({
      ...spec,
      name: 'peeking',
      arity: 1,
      body: (x) => (x.data[0] > 0 ? mul(x, 2) : mul(x, 3)),
    });
    expect(() => peeking(tensor([1, 2]))).toThrow("'peeking' depends on the values of its inputs");
  });
});

describe('an update', () => {
  /** Averages the gradient, and moves against the average. */
  const heavyBall = defineUpdate({
    name: 'heavy ball',
    state: ['p', 'v'],
    scalars: ['rate', 'keep'],
    body: (g, { p, v }, { rate, keep }) => {
      const after = add(mul(keep, v), g);
      return { v: after, p: sub(p, mul(rate, after)) };
    },
  });

  it.each(['simd', 'plain'] as const)('writes its new state in place, %s, in both dtypes', (name) => {
    setBackend(name);
    for (const dtype of ['float32', 'float64'] as const) {
      const make = (f: (i: number) => number): Tensor =>
        tensor(
          Array.from({ length: 1000 }, (_, i) => f(i)),
          { dtype },
        );
      const [p, v, gradient] = [make(Math.sin), make(Math.cos), make((i) => i / 1000)];
      const velocity = add(mul(0.9, v), gradient);
      const moved = sub(p, mul(0.1, velocity));
      heavyBall([{ gradient, state: { p, v }, scalars: { rate: 0.1, keep: 0.9 } }]);
      expectBits(v, velocity, { name, dtype });
      expectBits(p, moved, { name, dtype });
    }
  });

  it('does nothing where there is nothing to do', () => {
    expect(() => heavyBall([])).not.toThrow();
  });
});
