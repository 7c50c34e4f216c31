import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  broadcastTo,
  concat,
  flip,
  gather,
  reshape,
  scatterAdd,
  slice,
  stack,
  stopGradient,
  transpose,
  unslice,
} from '../../../src/autograd/index.js';
import { Runtime } from '../../../src/device/wasm/runtime.js';
import { Random } from '../../../src/index.js';
import { scope } from '../../../src/tensor/memory/scope.js';
import { type Shape, sizeOf } from '../../../src/tensor/shape.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import { edges, expectSameBits, pepper } from './bits.js';
import { inPlace, kernelOf, resultOf, runKernel, runtime } from './runtime.js';

const runtimes = [runtime, new Runtime(runtime.memory, 2), new Runtime(runtime.memory, 3)];

/** A call of an op: what it is applied to, and its attributes as a caller gives them. */
interface Call {
  readonly of: { readonly op: typeof slice.op };
  readonly inputs: readonly Tensor[];
  readonly given?: object;
}

const numbers = (shape: Shape, seed: number): Tensor => {
  const data = new Random(seed).stream('x').normal(new Float32Array(sizeOf(shape)));
  pepper(data, 4, seed, edges);
  return new Tensor(data, shape);
};

function resolve({ of: { op }, inputs, given }: Call) {
  const shapes = inputs.map((x) => x.shape);
  const attributes = op.attributes(given, shapes);
  return { op, kernel: kernelOf(op), attributes, shape: op.shape(shapes, attributes) };
}

/** Compares both ways, on one thread and several, copied and in place. Returns whether the fast one did it in place. */
function both(call: Call): boolean {
  const { op, kernel, attributes, shape } = resolve(call);
  const expected = Tensor.empty(shape, 'float32');
  op.forward(expected, call.inputs, attributes);
  let done = true;
  for (const on of runtimes) {
    for (const copied of [true, false]) {
      const result = resultOf(kernel, shape, call.inputs, attributes, { copied, on });
      if (result !== null) expectSameBits(result.data, expected.data);
      else if (!copied) done = false;
    }
  }
  return done;
}

/** Shapes of ranks 0 to 5: small with sizes of 0 and 1, or large enough to be shared by threads. */
const shapes: fc.Arbitrary<Shape> = fc.oneof(
  { weight: 2, arbitrary: fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 5 }) },
  { weight: 4, arbitrary: fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 3, maxLength: 5 }) },
  { weight: 3, arbitrary: fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 2, maxLength: 3 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Shape>(
      [130, 257],
      [3, 20_011],
      [40_001],
      [20_011, 3],
      [64, 33, 17],
      [2, 3, 5, 7, 211],
      [16, 1, 16, 5, 18],
    ),
  },
);

const seeds = fc.nat(1000);

/** One of `f` of a shape and of a stream of numbers below 1: calls of any rank are easier written than composed. */
const calls = (f: (shape: Shape, draw: (limit: number) => number, seed: number) => Call | null) =>
  fc
    .tuple(shapes, seeds, fc.array(fc.nat(2 ** 20), { minLength: 24, maxLength: 24 }))
    .map(([shape, seed, draws]) => {
      let at = 0;
      return f(shape, (limit) => draws[at++ % draws.length] % limit, seed);
    })
    .filter((call) => call !== null);

const shuffled = (count: number, draw: (limit: number) => number): number[] => {
  const rest = Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: count }, () => rest.splice(draw(rest.length), 1)[0]);
};

/** A window inside a shape, as slice and unslice take it. */
function windowIn(shape: Shape, draw: (limit: number) => number) {
  const step = shape.map(() => 1 + (draw(3) === 0 ? draw(3) : 0));
  const start = shape.map((n) => (draw(2) === 0 ? 0 : draw(Math.min(n, 3) + 1)));
  const stop = shape.map((n, d) => Math.max(start[d], n - (draw(2) === 0 ? 0 : draw(Math.min(n, 3) + 1))));
  return { step, start, stop };
}

const cases: Readonly<Record<string, fc.Arbitrary<Call>>> = {
  stopGradient: calls((shape, _, seed) => ({ of: stopGradient, inputs: [numbers(shape, seed)] })),
  reshape: calls((shape, _, seed) => ({
    of: reshape,
    inputs: [numbers(shape, seed)],
    given: { shape: [sizeOf(shape), 1] },
  })),
  transpose: calls((shape, draw, seed) => ({
    of: transpose,
    inputs: [numbers(shape, seed)],
    given: { axes: shuffled(shape.length, draw) },
  })),
  broadcastTo: calls((shape, draw, seed) => {
    const own = shape.map((n) => (draw(2) === 0 ? 1 : n)).slice(draw(4) === 0 ? draw(shape.length + 1) : 0);
    return { of: broadcastTo, inputs: [numbers(own, seed)], given: { shape } };
  }),
  flip: calls((shape, draw, seed) => ({
    of: flip,
    inputs: [numbers(shape, seed)],
    given: { axes: shape.flatMap((_, d) => (draw(2) === 0 ? [d] : [])) },
  })),
  slice: calls((shape, draw, seed) => ({
    of: slice,
    inputs: [numbers(shape, seed)],
    given: windowIn(shape, draw),
  })),
  unslice: calls((shape, draw, seed) => {
    const { start, step, stop } = windowIn(shape, draw);
    const own = shape.map((_, d) => Math.ceil((stop[d] - start[d]) / step[d]));
    return { of: unslice, inputs: [numbers(own, seed)], given: { shape, start, step } };
  }),
  concat: calls((shape, draw, seed) => {
    if (shape.length === 0) return null;
    const axis = draw(shape.length);
    const sizes = [shape[axis], draw(5), shape[axis] + draw(3)].slice(0, 1 + draw(3));
    return {
      of: concat,
      inputs: sizes.map((n, i) => numbers(shape.with(axis, n), seed + i)),
      given: { axis },
    };
  }),
  stack: calls((shape, draw, seed) => ({
    of: stack,
    inputs: Array.from({ length: 1 + draw(5) }, (_, i) => numbers(shape, seed + i)),
    given: { axis: draw(shape.length + 1) },
  })),
  gather: calls((shape, draw, seed) => {
    const axis = draw(Math.max(1, shape.length));
    if (!(shape[axis] > 0)) return null;
    const indices = Array.from({ length: draw(2 * shape[axis]) }, () => draw(shape[axis]));
    return { of: gather, inputs: [numbers(shape, seed)], given: { axis, indices } };
  }),
  scatterAdd: calls((shape, draw, seed) => {
    const axis = draw(Math.max(1, shape.length));
    if (shape.length === 0) return null;
    const size = 1 + draw(2 * shape[axis] + 1);
    const indices = Array.from({ length: shape[axis] }, () => draw(size));
    return { of: scatterAdd, inputs: [numbers(shape, seed)], given: { axis, indices, size } };
  }),
};

/** From this many results on no fast kernel may decline. */
const LARGE = 2 ** 13;

describe.each(Object.entries(cases))('the fast %s', (_, arbitrary) => {
  it('has the bits of the plain one for any shape, and takes all large ones', () => {
    fc.assert(
      fc.property(arbitrary, (call) => {
        const done = both(call);
        if (sizeOf(resolve(call).shape) >= LARGE) expect(done).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('writes nothing after its result, and leaves its operands as they were', () => {
    fc.assert(
      fc.property(arbitrary, (call) => {
        scope(() => {
          const { kernel, attributes, shape } = resolve(call);
          const inputs = call.inputs.map(inPlace);
          const out = Tensor.uninitialized(shape, 'float32');
          // Buffers are followed by 64 bytes of room.
          const after = runtime.memory.floats(out.address, out.size + 16).subarray(out.size);
          after.fill(7);
          runKernel(kernel, out, inputs, attributes);
          expect([...after]).toEqual(new Array(16).fill(7));
          inputs.forEach((x, i) => {
            expectSameBits(x.data, call.inputs[i].data);
          });
        });
      }),
      { numRuns: 50 },
    );
  });
});

describe('fast layout kernels', () => {
  it('leave a small part of a large array that stands elsewhere to the plain one', () => {
    const x = numbers([1000, 100], 1);
    const call = { of: slice, inputs: [x], given: { start: [0, 10], stop: [200, 90] } };
    const { kernel, attributes, shape } = resolve(call);
    expect(resultOf(kernel, shape, [x], attributes, { copied: true })).toBe(null);
    expect(resultOf(kernel, shape, [x], attributes, { copied: false })).not.toBe(null);
  });

  it('add in the order of the indices, on any number of threads', () => {
    const x = new Tensor(
      Float32Array.from({ length: 3 * 40_000 }, (_, i) => [1e8, 1, -1e8][Math.floor(i / 40_000)]),
      [3, 40_000],
    );
    expect(both({ of: scatterAdd, inputs: [x], given: { indices: [1, 1, 1], size: 2 } })).toBe(true);
  });
});
