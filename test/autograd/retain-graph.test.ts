import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  add,
  backend,
  backward,
  concat,
  createOp,
  linear,
  matmul,
  memoryUse,
  mul,
  normal,
  Random,
  relu,
  reshape,
  StaleTensorError,
  scope,
  setBackend,
  sigmoid,
  slice,
  softmax,
  square,
  sub,
  sum,
  type Tensor,
  transpose,
  variable,
} from '../../src/index.js';
import { batchNorm, conv2d, convTranspose2d } from '../../src/nn.js';
import { engineMemory, Memory } from '../../src/tensor/memory/memory.js';

/** Large enough for the engine's memory and for its kernels. */
const N = 20;
const draw = (name: string, shape = [N, N]): Tensor => normal(shape, new Random(3).stream(name));
const bias = draw('bias', [N]);
const kernel = draw('kernel', [2, 1, 3, 3]);

const { name: usual } = backend();
/** What is given back is NaN at once, so that reading it shows. */
beforeAll(() => {
  // Plain kernels give nothing back early.
  setBackend('simd');
  const memory = engineMemory();
  if (memory === null) throw new Error('there is no memory to look at');
  const { give } = Memory.prototype;
  vi.spyOn(memory, 'give').mockImplementation((address, count, free) => {
    memory.floats(address, count).fill(Number.NaN);
    give.call(memory, address, count, free);
  });
});
afterAll(() => {
  vi.restoreAllMocks();
  setBackend(usual);
});

const images = (x: Tensor): Tensor => reshape(x, { shape: [1, 1, N, N] });

/** Maps of squares to squares that keep their elements small. */
const STEPS: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
  (a, b) => add(a, b),
  (a, b) => mul(sigmoid(a), b),
  (a, b) => mul(matmul(a, b), 0.1),
  (a) => relu(a),
  (a) => relu(sub(a, 0.25)),
  (a, b) => mul(linear(a, b, bias, { activation: 'relu' }), 0.1),
  (a) => reshape(transpose(reshape(a, { shape: [4, 5, N] }), { axes: [1, 0, 2] }), { shape: [N, N] }),
  (a, b) => add(softmax(a), sum(b, { axes: 0 })),
  (a, b) => concat([slice(a, { start: [10], stop: [20] }), slice(b, { start: [0], stop: [10] })]),
  (a) => reshape(batchNorm(images(a)), { shape: [N, N] }),
  (a) => {
    const hidden = conv2d(images(a), kernel, null, { stride: 2, padding: 1, activation: 'relu' });
    const back = convTranspose2d(hidden, kernel, null, { stride: 2, padding: 1, outputPadding: 1 });
    return mul(reshape(back, { shape: [N, N] }), 0.1);
  },
];

/** What a user may do with a tensor of a step before `backward`. */
const HOLDS = ['nothing', 'tensor', 'data', 'detach', 'view', 'keep', 'inner scope'] as const;

interface Step {
  readonly map: number;
  readonly a: number;
  readonly b: number;
  readonly hold: (typeof HOLDS)[number];
}

const programs: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    map: fc.nat(STEPS.length - 1),
    a: fc.nat(20),
    b: fc.nat(20),
    hold: fc.constantFrom(...HOLDS),
  }),
  { minLength: 1, maxLength: 12 },
);

const numbers = (t: Tensor): readonly number[] => Array.from(t.data);

/** Runs a program on `leaves`; each thing that its user holds tells its numbers when it is asked. */
function runSteps(steps: readonly Step[], leaves: readonly Tensor[]) {
  const pool = [...leaves];
  const held: (() => readonly number[])[] = [];
  for (const { map, a, b, hold } of steps) {
    const made = STEPS[map](pool[a % pool.length], pool[b % pool.length]);
    pool.push(made);
    if (hold === 'tensor') held.push(() => numbers(made));
    if (hold === 'keep') held.push(() => numbers(made.keep()));
    if (hold === 'inner scope') held.push(() => scope(() => numbers(mul(made, 2))));
    if (hold === 'data') {
      const { data } = made;
      held.push(() => Array.from(data));
    }
    if (hold === 'detach' || hold === 'view') {
      const other = hold === 'detach' ? made.detach() : made.detach().view([N * N]);
      held.push(() => numbers(other));
    }
    if (hold === 'keep') made.keep();
  }
  return { output: pool[pool.length - 1], held };
}

const inputs = [draw('x'), draw('w')];

/** What a held thing gives: its numbers, or null where it says that it is gone. */
function ask(f: () => readonly number[]): readonly number[] | null {
  try {
    return f();
  } catch (error) {
    if (error instanceof StaleTensorError) return null;
    throw error;
  }
}

/** Gradients of the leaves, what the user still has, and what is computed afterwards in the same memory. */
function outcome(steps: readonly Step[], retainGraph: boolean, second: boolean, nested: boolean) {
  return scope(() => {
    const leaves = inputs.map((x) => variable(x));
    const { output, held } = runSteps(steps, leaves);
    let loss = sum(square(output));
    if (second) {
      const first = backward(loss, { createGraph: true });
      loss = leaves.reduce((total, x) => add(total, sum(sigmoid(first.find(x) ?? x))), loss);
    }
    const pass = () => {
      const found = backward(loss, { retainGraph });
      const gradients = leaves.map((x) => found.find(x));
      const after = [mul(inputs[0], 3), relu(inputs[1]), matmul(inputs[0], inputs[1])];
      return [...gradients.map((g) => g && numbers(g)), ...after.map(numbers)];
    };
    const numbersOf = nested ? scope(pass) : pass();
    return { numbers: numbersOf, held: held.map(ask), loss: loss.item() };
  });
}

describe('backward that does not retain the graph', () => {
  it('gives the same bits, and whatever a user holds is whole or says that it is gone', () => {
    let gone = 0;
    fc.assert(
      fc.property(programs, fc.boolean(), fc.boolean(), (steps, second, nested) => {
        const expected = outcome(steps, true, second, nested);
        const found = outcome(steps, false, second, nested);
        expect(found.numbers).toEqual(expected.numbers);
        expect(found.loss).toBe(expected.loss);
        found.held.forEach((values, i) => {
          const { hold } = steps.filter((step) => step.hold !== 'nothing')[i];
          if (values !== null) expect(values).toEqual(expected.held[i]);
          else {
            gone++;
            expect(['tensor', 'inner scope']).toContain(hold);
          }
        });
      }),
      { numRuns: 150, seed: 1 },
    );
    expect(gone).toBeGreaterThan(10);
  });

  it('uses the memory of what it has read again, in the scope', () => {
    const peaks = [true, false].map((retainGraph) =>
      scope(() => {
        const before = memoryUse().scopes;
        let y = variable(draw('x', [100, 100]));
        for (let i = 0; i < 10; i++) y = sigmoid(y);
        const loss = sum(y);
        const forward = memoryUse().scopes - before;
        backward(loss, { retainGraph });
        return (memoryUse().scopes - before) / forward;
      }),
    );
    // Ten values and ten gradients; and the variable with its own gradient, not far from each other.
    expect(peaks[0]).toBeGreaterThan(1.9);
    expect(peaks[1]).toBeLessThan(0.5);
  });

  it('names what was given back, and how to have it', () => {
    scope(() => {
      const x = variable(inputs[0]);
      const h = relu(mul(x, 2)).named('h');
      const kept = sigmoid(h).keep();
      const found = backward(sum(square(kept)), { retainGraph: false });
      expect(() => h.data).toThrow(StaleTensorError);
      expect(() => add(h, 1)).toThrow(
        "'h' is gone, since backward did not retain the graph; call .keep() before it",
      );
      expect(kept.data).toHaveLength(N * N);
      expect(found.get(x).data).toHaveLength(N * N);
      for (const t of [h, kept]) {
        expect(() => found.find(t)).toThrow(/it is no variable, and backward did not retain the graph/);
      }
      expect([...found.entries()].map(([t]) => t)).toEqual([x]);
    });
  });

  it('leaves alone a cotangent, the output and gradients that rules took from elsewhere', () => {
    scope(() => {
      const x = variable(inputs[0]);
      const y = relu(x);
      const cotangent = mul(inputs[1], 2);
      const expected = numbers(mul(inputs[1], 2));
      const output = numbers(relu(inputs[0]));
      backward(y, { cotangent, retainGraph: false });
      expect(numbers(cotangent)).toEqual(expected);
      expect(numbers(y)).toEqual(output);
    });
    // Its gradient, where that of the sum is 1, is what was saved itself.
    const halfSquare = createOp({
      name: 'halfSquare',
      doc: 'x^2 / 2, elementwise, at the end of a loss.',
      arity: 1,
      body: (x) => mul(square(x), 0.5),
      saves: ['inputs'],
      vjp: [(_, { x }) => x],
      domain: { cases: [{ shapes: 'any' }] },
    });
    const [expected, found] = [true, false].map((retainGraph) =>
      scope(() => {
        const x = variable(inputs[0]);
        return numbers(backward(sum(halfSquare(mul(x, 2))), { retainGraph }).get(x));
      }),
    );
    expect(found).toEqual(expected);
  });

  it('cannot be differentiated', () => {
    const loss = sum(square(variable(inputs[0])));
    expect(() => backward(loss, { createGraph: true, retainGraph: false })).toThrow(
      'backward: createGraph needs to retain the graph',
    );
  });

  it('changes nothing outside of scopes but which gradients there are', () => {
    const x = variable(inputs[0]);
    const h = relu(x);
    const loss = sum(square(h));
    const [first, second] = [1, 2].map(() => backward(loss, { retainGraph: false }).get(x).toArray());
    expect(second).toEqual(first);
    expect(h.data).toHaveLength(N * N);
  });
});
