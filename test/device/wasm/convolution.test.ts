import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Op } from '../../../src/autograd/op.js';
import { conv2d, conv2dWeightGradient, convTranspose2d } from '../../../src/autograd/ops/convolution.js';
import { hasRelaxedSimd } from '../../../src/device/wasm/engine.js';
import {
  convolutionWith,
  fastConvolution,
  fastTransposedConvolution,
  transposedConvolutionWith,
} from '../../../src/device/wasm/kernels/convolution/convolution.js';
import {
  convolutionWeightWith,
  fastConvolutionWeight,
} from '../../../src/device/wasm/kernels/convolution/weight-gradient.js';
import { matmulSettings } from '../../../src/device/wasm/kernels/matmul/settings.js';
import { Runtime } from '../../../src/device/wasm/runtime.js';
import { Memory } from '../../../src/tensor/memory/memory.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import { expectSameBits } from './bits.js';
import { resultOf, runKernel, runtime } from './runtime.js';
import { draw, kinds } from './special.js';

const several = new Runtime(runtime.memory, 3);

type Pair = readonly [number, number];

interface Call {
  readonly batch: number;
  readonly groups: number;
  /** Channels of a group. */
  readonly inputs: number;
  readonly outputs: number;
  readonly image: Pair;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
  readonly padding: readonly [Pair, Pair];
  readonly kind: string;
  readonly seed: number;
}

const pair = (min: number, max: number): fc.Arbitrary<Pair> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

const callsOf = (
  sizes: {
    readonly [K in 'inputs' | 'outputs']: fc.Arbitrary<number>;
  } & { readonly [K in 'image' | 'kernel']: fc.Arbitrary<Pair> },
): fc.Arbitrary<Call> =>
  fc
    .record({
      batch: fc.integer({ min: 1, max: 5 }),
      groups: fc.integer({ min: 1, max: 3 }),
      ...sizes,
      stride: pair(1, 3),
      dilation: pair(1, 3),
      padding: fc.tuple(pair(0, 4), pair(0, 4)),
      kind: kinds,
      seed: fc.nat(1e6),
    })
    .filter(({ image, kernel, dilation, padding }) =>
      image.every((n, axis) => n + padding[axis][0] + padding[axis][1] > (kernel[axis] - 1) * dilation[axis]),
    );

const calls = callsOf({
  inputs: fc.integer({ min: 1, max: 7 }),
  outputs: fc.integer({ min: 1, max: 9 }),
  image: pair(1, 13),
  kernel: pair(1, 4),
});

/** So many channels that panels of gathered columns pay, whose rows are those of kernels in the gradient by the weight. */
const large = callsOf({
  inputs: fc.integer({ min: 1, max: 12 }),
  outputs: fc.integer({ min: 9, max: 24 }),
  image: pair(3, 9),
  kernel: pair(1, 8),
});

/** Few channels on one side or both. */
const narrow = fc.integer({ min: 1, max: 20 }).chain((most) =>
  callsOf({
    inputs: fc.integer({ min: 1, max: most > 10 ? 3 : most }),
    outputs: fc.integer({ min: 1, max: most > 10 ? most : 3 }),
    image: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 45 })),
    kernel: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 14 })),
  }),
);

/**
 * Compares a fast kernel with the plain one, on one thread and several, in place and copied. Returns whether it took the call, where
 * all must agree.
 */
function both(op: Op, kernel: typeof fastConvolution, inputs: readonly Tensor[], given: object): boolean {
  const shapes = inputs.map((x) => x.shape);
  const attributes = op.attributes(given, shapes);
  const shape = op.shape(shapes, attributes);
  const expected = Tensor.empty(shape, 'float32');
  op.forward(expected, inputs, attributes);
  const results = [runtime, several].flatMap((on) =>
    [true, false].map((copied) => resultOf(kernel, shape, inputs, attributes as never, { copied, on })),
  );
  for (const result of results) if (result !== null) expectSameBits(result.data, expected.data);
  const done = results.map((result) => result !== null);
  expect(new Set(done).size).toBe(1);
  return done[0];
}

/** The three maps of one convolution, each by its fast kernel. */
function all({ batch, groups, inputs, outputs, image, kernel, kind, seed, ...windows }: Call): boolean[] {
  const options = { ...windows, groups };
  const x = draw([batch, groups * inputs, ...image], seed, kind);
  const weight = draw([groups * outputs, inputs, ...kernel], seed + 1, kind);
  const bias = draw([groups * outputs], seed + 2, kind);
  const attributes = conv2d.op.attributes(options, [x.shape, weight.shape]);
  const { padding } = attributes as { readonly padding: readonly [Pair, Pair] };
  const g = draw(conv2d.op.shape([x.shape, weight.shape], attributes), seed + 3, kind);
  const activation = seed % 2 === 0 ? 'relu' : 'none';
  return [
    both(conv2d.op, fastConvolution, [x, weight, bias], { ...options, activation }),
    both(convTranspose2d.op, fastTransposedConvolution, [g, weight], { ...options, padding }),
    both(conv2dWeightGradient.op, fastConvolutionWeight as never, [x, g], { ...options, padding, kernel }),
  ];
}

describe('fast convolutions', () => {
  it.each([
    ['whatever the sizes', calls],
    ['of few channels, wide images and wide kernels', narrow],
    ['of many channels and large kernels', large],
  ])('have the bits of the plain ones, %s', (_, given) => {
    let [taken, made] = [0, 0];
    fc.assert(
      fc.property(given, (call) => {
        for (const done of all(call)) {
          made++;
          if (done) taken++;
        }
      }),
      { numRuns: 120 },
    );
    expect(taken).toBeGreaterThan(0.2 * made);
  });

  const layer = (inputs: number, outputs: number, size: number, more: Partial<Call> = {}): Call => ({
    batch: 5,
    groups: 1,
    inputs,
    outputs,
    image: [size, size],
    kernel: [3, 3],
    stride: [2, 2],
    dilation: [1, 1],
    padding: [
      [1, 1],
      [1, 1],
    ],
    kind: 'ordinary',
    seed: 4,
    ...more,
  });

  /** The codes that compute: what brings operands in place is left out. */
  const codesOf = (run: () => unknown): string[] => {
    const split = vi.spyOn(Runtime.prototype, 'split');
    try {
      run();
      const names = split.mock.calls.map(([{ name }]) => name);
      return [...new Set(names)].filter((name) => /direct|gathered|weightSums/.test(name)).sort();
    } finally {
      split.mockRestore();
    }
  };

  it.each([
    ['1 to 32, stride 2', layer(1, 32, 28), ['direct', 'gathered4', 'weightSums']],
    ['32 to 1', layer(32, 1, 28, { stride: [1, 1] }), ['direct', 'weightSums']],
    ['32 to 3', layer(32, 3, 32, { stride: [1, 1] }), ['direct', 'weightSums']],
    ['32 to 64', layer(32, 64, 14), ['gathered4']],
  ] as const)('of %s use the kernels made for such', (_, call, names) => {
    expect(codesOf(() => all(call))).toEqual(names);
  });

  it.each([
    ['1 to 32', layer(1, 32, 28)],
    ['32 to 64, in several chunks', layer(32, 64, 14, { batch: 40 })],
    ['64 to 64 at stride 1', layer(64, 64, 7, { stride: [1, 1] })],
    ['32 to 1', layer(32, 1, 28, { stride: [1, 1] })],
    ['3 to 32', layer(3, 32, 32)],
    ['depthwise', layer(1, 1, 16, { groups: 12 })],
    // Eight columns of a panel begin in one row of a kernel and end in the next.
    ...[4, 5, 6, 7].map((n) => [`kernels of ${n}x${n}`, layer(20, 32, 9, { kernel: [n, n] })] as const),
    [
      'without a border',
      layer(4, 8, 15, {
        padding: [
          [0, 0],
          [0, 0],
        ],
        stride: [4, 3],
      }),
    ],
  ] as const)('of %s take their layers', (_, call) => {
    expect(all(call)).toEqual([true, true, true]);
  });

  it('decline a border beside numbers that are not finite, and windows that cut off', () => {
    const call = layer(4, 8, 14);
    const x = draw([5, 4, 14, 14], 1, 'ordinary');
    const weight = draw([8, 4, 3, 3], 2, 'ordinary');
    weight.data[5] = Number.POSITIVE_INFINITY;
    const { stride, padding } = call;
    expect(both(conv2d.op, fastConvolution, [x, weight], { stride, padding })).toBe(false);
    expect(both(conv2d.op, fastConvolution, [x, weight], { stride })).toBe(true);
    weight.data[5] = 1;
    expect(both(conv2d.op, fastConvolution, [x, weight], { stride, padding })).toBe(true);
    const cut = { padding: [[-1, 2], 0] };
    expect(both(conv2d.op, fastConvolution, [x, weight], cut)).toBe(false);
  });

  it('gather into one panel a thread', () => {
    const x = draw([8, 32, 14, 14], 1, 'ordinary');
    const weight = draw([64, 32, 3, 3], 2, 'ordinary');
    const attributes = conv2d.op.attributes({ stride: 2, padding: 1 }, [x.shape, weight.shape]);
    const scratch = (threads: number): number => {
      const memory = new Memory(16);
      const out = Tensor.empty([8, 64, 7, 7], 'float32');
      expect(
        runKernel(fastConvolution, out, [x, weight], attributes as never, new Runtime(memory, threads)),
      ).toBe(true);
      return memory.use().scopesPeak;
    };
    // Eight columns of all products of an element, and a tile of four rows.
    const panel = 4 * 8 * (32 * 9 + 4);
    expect(scratch(3) - scratch(1)).toBe(2 * panel);
  });

  it.runIf(hasRelaxedSimd()).each([
    ['direct', 3, 2],
    ['gathered', 8, 16],
  ])('are close with fastMath: %s', (_, inputs, outputs) => {
    const settings = { ...matmulSettings(), fastMath: true };
    const x = draw([6, inputs, 12, 12], 1, 'ordinary');
    const weight = draw([outputs, inputs, 3, 3], 2, 'ordinary');
    const g = draw([6, outputs, 12, 12], 3, 'ordinary');
    const wide = (t: Tensor): Tensor => t.to('float64');
    const sizes = (t: Tensor): Tensor => new Tensor(Float64Array.from(t.data, Math.abs), t.shape);
    const calls = [
      { op: conv2d.op, kernel: convolutionWith, operands: [x, weight], products: inputs * 9, given: {} },
      {
        op: convTranspose2d.op,
        kernel: transposedConvolutionWith,
        operands: [g, weight],
        products: outputs * 9,
        given: {},
      },
      {
        op: conv2dWeightGradient.op,
        kernel: convolutionWeightWith,
        operands: [x, g],
        products: 6 * 144,
        given: { kernel: 3 },
      },
    ];
    for (const { op, kernel, operands, products, given } of calls) {
      const shapes = operands.map((t) => t.shape);
      const attributes = op.attributes({ ...given, padding: 1 }, shapes);
      const shape = op.shape(shapes, attributes);
      const exact = Tensor.empty(shape, 'float64');
      op.forward(exact, operands.map(wide), attributes);
      const magnitude = Tensor.empty(shape, 'float64');
      op.forward(magnitude, operands.map(sizes), attributes);
      const fast = resultOf(
        kernel(() => settings) as typeof fastConvolution,
        shape,
        operands,
        attributes as never,
        {
          copied: false,
        },
      );
      expect(fast?.size).toBe(exact.size);
      fast?.data.forEach((value, i) => {
        // One rounding for each product and sum, or one for both.
        expect(Math.abs(value - exact.data[i])).toBeLessThanOrEqual(products * 2 ** -24 * magnitude.data[i]);
      });
    }
  });
});
