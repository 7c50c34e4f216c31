import { describe, expect, it } from 'vitest';
import { apply } from '../../src/autograd/apply.js';
import { registeredOps } from '../../src/autograd/index.js';
import type { Op } from '../../src/autograd/op.js';
import * as pathwise from '../../src/index.js';
import { type Shape, scope, setBackend, type Tensor } from '../../src/index.js';
import * as nn from '../../src/nn.js';
import { sizeOf } from '../../src/tensor/shape.js';
import * as vae from '../../src/vae.js';

const publicOps: readonly Op[] = registeredOps().filter(({ name }) =>
  [pathwise, nn, vae].some((entry) => name in entry),
);

/** Large, of every rank from 1 to 4. */
const LARGE: readonly Shape[] = [[40_000], [200, 300], [30, 40, 50], [8, 20, 30, 10]];

/** What an op is called with: the shapes of its inputs, and its attributes. */
interface Call {
  readonly shapes: readonly Shape[];
  readonly given?: object | undefined;
}

/** Shapes that broadcast to a large one: all of it, a number, a row, a column, one that repeats along a middle axis. */
const broadcasts = (shape: Shape): Shape[] => [
  shape,
  [],
  shape.slice(-1),
  shape.map((n, d) => (d === shape.length - 1 ? 1 : n)),
  shape.map((n, d) => (d === shape.length >> 1 ? 1 : n)),
  shape.map((n, d) => (d === 0 ? 1 : n)),
];

const SAME_SHAPES = new Set(['bernoulliNll']);

/** Calls of an elementwise op. */
const elementwise = ({ name }: Op, arity: number): Call[] =>
  LARGE.flatMap((shape) => {
    const others = arity === 1 || SAME_SHAPES.has(name) ? [shape] : broadcasts(shape);
    return others.map((other) => ({ shapes: [shape, other, other].slice(0, arity) }));
  });

const axesOf = ({ length }: Shape): number[] => Array.from({ length }, (_, axis) => axis);

/** Calls over each axis, over the first and the last, and over all. */
const overAxes: readonly Call[] = LARGE.flatMap((shape) =>
  [...axesOf(shape), [0, shape.length - 1], axesOf(shape)].map((axes) => ({
    shapes: [shape],
    given: { axes: typeof axes === 'number' || shape.length > 1 ? axes : 0 },
  })),
);

const each = (given: (shape: Shape) => object | undefined): Call[] =>
  LARGE.map((shape) => ({ shapes: [shape], given: given(shape) }));

const eachAxis = (call: (shape: Shape, axis: number) => Call): Call[] =>
  LARGE.flatMap((shape) => axesOf(shape).map((axis) => call(shape, axis)));

const first = (n: number): number[] => Array.from({ length: n }, (_, i) => (i * 7) % n);

/** Calls of ops that are not elementwise, all of which a fast kernel must take. */
const CALLS: Readonly<Record<string, readonly Call[]>> = {
  alias: each(() => undefined),
  stopGradient: each(() => undefined),
  scaleGradient: each(() => ({ by: () => 1 })),
  reshape: each((shape) => ({ shape: [sizeOf(shape)] })),
  transpose: [
    ...each(() => undefined),
    { shapes: [[30, 40, 50]], given: { axes: [1, 0, 2] } },
    { shapes: [[30, 40, 50]], given: { axes: [2, 0, 1] } },
    { shapes: [[8, 20, 30, 10]], given: { axes: [0, 2, 1, 3] } },
  ],
  flip: [...each(() => undefined), ...eachAxis((shape, axis) => ({ shapes: [shape], given: { axis } }))],
  broadcastTo: LARGE.flatMap((shape) =>
    broadcasts(shape).map((own) => ({ shapes: [own], given: { shape } })),
  ),
  slice: each((shape) => ({ start: shape.map(() => 1), step: shape.map((_, d) => 1 + (d % 2)) })),
  unslice: each((shape) => ({
    shape: shape.map((n) => 2 * n),
    start: shape.map(() => 1),
    step: shape.map((_, d) => 1 + (d % 2)),
  })),
  concat: eachAxis((shape, axis) => ({ shapes: [shape, shape], given: { axis } })),
  stack: eachAxis((shape, axis) => ({ shapes: [shape, shape, shape], given: { axis: axis + 1 } })),
  gather: eachAxis((shape, axis) => ({ shapes: [shape], given: { axis, indices: first(shape[axis]) } })),
  scatterAdd: eachAxis((shape, axis) => ({
    shapes: [shape],
    given: { axis, indices: first(shape[axis]), size: shape[axis] + 3 },
  })),
  sum: overAxes,
  mean: overAxes,
  max: overAxes,
  min: overAxes,
  softmax: overAxes,
  logSoftmax: overAxes,
  logsumexp: overAxes,
  matmul: [
    {
      shapes: [
        [200, 300],
        [300, 100],
      ],
    },
    {
      shapes: [
        [300, 200],
        [300, 100],
      ],
      given: { transposeA: true },
    },
    {
      shapes: [
        [200, 300],
        [100, 300],
      ],
      given: { transposeB: true },
    },
    {
      shapes: [
        [20, 30, 40],
        [20, 40, 50],
      ],
    },
  ],
  linear: [{ shapes: [[200, 300], [100, 300], [100]] }],
  conv2d: [
    { shapes: [[4, 3, 20, 30], [8, 3, 3, 3], [8]], given: { stride: 2, padding: 1, activation: 'relu' } },
    { shapes: [[4, 6, 20, 30], [6, 1, 3, 3], [6]], given: { groups: 6 } },
  ],
  convTranspose2d: [
    { shapes: [[4, 8, 10, 15], [8, 3, 3, 3], [3]], given: { stride: 2, padding: 1, outputPadding: 1 } },
  ],
  conv2dWeightGradient: [
    {
      shapes: [
        [4, 3, 20, 30],
        [4, 8, 20, 30],
      ],
      given: { kernel: 3, padding: 1 },
    },
  ],
};

/** Ops without a fast kernel, each with the reason. */
const PLAIN: Readonly<Record<string, string>> = {
  argmax: 'finding where the largest stands is a search that ends early',
  argmin: 'finding where the smallest stands is a search that ends early',
  cumsum: 'each sum waits for the one before',
  solveTriangular: 'each unknown waits for those before it',
  maxPool2d: 'finding where the largest of a window stands is a search, and windows are small',
  cast: 'it changes the dtype, and kernels take float32 alone',
};

function callsOf(op: Op): readonly Call[] | undefined {
  const isElementwise = op.primitive !== undefined || op.traced !== undefined;
  return isElementwise && op.arity !== 'many' ? elementwise(op, op.arity) : CALLS[op.name];
}

/** Positive numbers, each a transposed copy, in the memory of the scope under way. */
function operand(shape: Shape): Tensor {
  const reversed = pathwise.zeros([...shape].reverse());
  reversed.data.forEach((_, i) => {
    reversed.data[i] = 0.1 + (i % 89) / 100;
  });
  return pathwise.transpose(reversed);
}

describe('the fast kernel', () => {
  it('is asked of every public op, or its absence has a reason', () => {
    expect(publicOps.length).toBeGreaterThan(50);
    const unknown = publicOps.filter((op) => callsOf(op) === undefined && PLAIN[op.name] === undefined);
    expect(unknown.map(({ name }) => name)).toEqual([]);
  });

  const rows = publicOps.filter(({ name }) => PLAIN[name] === undefined).map((op) => ({ op, name: op.name }));

  it.each(rows)('of $name runs on every large shape', ({ op }) => {
    setBackend('simd');
    const plain = (callsOf(op) ?? []).filter(({ shapes, given }) =>
      scope(() => {
        const inputs = shapes.map(operand);
        const before = { ...op.runs };
        apply(op, inputs, given);
        return op.runs.plain > before.plain || op.runs.fast === before.fast;
      }),
    );
    expect(plain).toEqual([]);
  });
});
