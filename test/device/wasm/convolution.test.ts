import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import type { Op } from '../../../src/autograd/op.js';
import { conv2d, conv2dWeightGradient, convTranspose2d } from '../../../src/autograd/ops/convolution.js';
import {
  fastConvolution,
  fastTransposedConvolution,
} from '../../../src/device/wasm/kernels/convolution/convolution.js';
import { fastConvolutionWeight } from '../../../src/device/wasm/kernels/convolution/weight-gradient.js';
import { Runtime } from '../../../src/device/wasm/runtime.js';
import { Tensor } from '../../../src/tensor/tensor.js';
import { expectSameBits } from './bits.js';
import { resultOf, runtime } from './runtime.js';
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
});
