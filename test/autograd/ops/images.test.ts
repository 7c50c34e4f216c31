import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { gradcheck } from '../../../src/check.js';
import * as engine from '../../../src/index.js';
import { Random, Tensor, tensor, zeros } from '../../../src/index.js';
import {
  avgPool2d,
  batchNorm,
  conv1d,
  conv2d,
  conv2dWeightGradient,
  convTranspose2d,
  fold,
  groupNorm,
  maxPool2d,
  unfold,
  upsample,
} from '../../../src/nn.js';

const { allClose, equal, full, mul, pad, reshape, sum } = engine;

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** A float64 tensor of ordinary numbers, always the same for a name. */
const draw = (shape: readonly number[], name = 'x'): Tensor =>
  new Tensor(new Random(3).stream(name).normal(new Float64Array(sizeOf(shape))), shape);

describe('gradients of functions of images made of ops', () => {
  const x = draw([2, 2, 3, 4]);
  const channels = draw([2], 'channels');
  const options = { kernel: 2, stride: [1, 2], padding: [1, 0] } as const;
  const functions: readonly [string, (...inputs: Tensor[]) => Tensor, Tensor[]][] = [
    [
      'conv1d',
      (a, w, b) => conv1d(a, w, b, { stride: 2, padding: [0, 1], dilation: 2, activation: 'relu' }),
      [draw([2, 3, 6]), draw([2, 3, 2], 'w'), draw([2], 'b')],
    ],
    ['avgPool2d', (a) => avgPool2d(a, options), [x]],
    ['avgPool2d, padding left out', (a) => avgPool2d(a, { ...options, countPadding: false }), [x]],
    ['unfold', (a) => unfold(a, options), [x]],
    ['fold', (a) => fold(a, { ...options, size: [3, 4] }), [draw([1, 4, 8])]],
    ['upsample, nearest', (a) => upsample(a, { scale: [1.5, 2] }), [x]],
    ['upsample, bilinear', (a) => upsample(a, { size: [5, 3], mode: 'bilinear' }), [x]],
    ['upsample, corners', (a) => upsample(a, { size: 4, mode: 'bilinear', alignCorners: true }), [x]],
    [
      'pad, reflect',
      (a) =>
        pad(a, {
          padding: [
            [0, 1],
            [2, 1],
          ],
          mode: 'reflect',
        }),
      [draw([2, 3])],
    ],
    ['batchNorm', (a, w, b) => batchNorm(a, { weight: w, bias: b }), [x, channels, draw([2], 'bias')]],
    [
      'batchNorm, given statistics',
      (a, mean, variance) => batchNorm(a, { mean, variance: mul(variance, variance), eps: 0.1 }),
      [x, channels, draw([2], 'variance')],
    ],
    [
      'groupNorm',
      (a, w, b) => groupNorm(a, { groups: 2, weight: w, bias: b }),
      [draw([2, 4, 3]), draw([4], 'weight'), draw([4], 'bias')],
    ],
  ];

  it.each(functions)('%s', (_, f, inputs) => {
    const report = gradcheck(f, inputs, { order: 2, tolerance: 1e-7, mode: 'directions', directions: 3 });
    expect(report.passed, String(report)).toBe(true);
    expect(report.cases).toBeGreaterThan(4);
  });
});

/** A convolution's sizes and options. */
interface Call {
  readonly x: Tensor;
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly stride: readonly [number, number];
  readonly padding: readonly [readonly [number, number], readonly [number, number]];
  readonly dilation: readonly [number, number];
  readonly groups: number;
}

const per = (min: number, max: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }));

/** Ordinary numbers, and now and then zeros of both signs and numbers that are none. */
const element = fc.oneof(
  { weight: 30, arbitrary: fc.float({ min: -4, max: 4, noNaN: true }) },
  { weight: 3, arbitrary: fc.constantFrom(0, -0) },
  { weight: 1, arbitrary: fc.constantFrom(Number.POSITIVE_INFINITY, Number.NaN, 1e-42) },
);

const filled = (shape: readonly number[]): fc.Arbitrary<Tensor> =>
  fc
    .array(element, { minLength: sizeOf(shape), maxLength: sizeOf(shape) })
    .map((list) => tensor(list, { shape }));

/** Convolutions of all kinds, each with room for a window. */
const calls: fc.Arbitrary<Call> = fc
  .record({
    batch: fc.integer({ min: 0, max: 2 }),
    groups: fc.integer({ min: 1, max: 2 }),
    channels: per(1, 2),
    image: per(1, 5),
    kernel: per(1, 3),
    stride: per(1, 3),
    dilation: per(1, 2),
    padding: fc.tuple(per(0, 2), per(0, 2)),
  })
  .filter(({ image, kernel, dilation, padding }) =>
    image.every((n, axis) => n + padding[axis][0] + padding[axis][1] > (kernel[axis] - 1) * dilation[axis]),
  )
  .chain(({ batch, groups, channels: [c, o], image, kernel, ...windows }) =>
    fc.record({
      x: filled([batch, groups * c, ...image]),
      weight: filled([groups * o, c, ...kernel]),
      bias: filled([groups * o]),
      stride: fc.constant(windows.stride),
      dilation: fc.constant(windows.dilation),
      padding: fc.constant(windows.padding),
      groups: fc.constant(groups),
    }),
  );

const f = Math.fround;

/** One element, by the definition: a tap outside is left out, each product and sum rounded. */
function byDefinition(call: Call, n: number, o: number, row: number, column: number): number {
  const { x, weight, bias, stride, padding, dilation, groups } = call;
  const [, inputs, rows, columns] = weight.shape;
  const first = Math.floor(o / (weight.shape[0] / groups)) * inputs;
  let total = 0;
  for (let c = 0; c < inputs; c++) {
    for (let ky = 0; ky < rows; ky++) {
      for (let kx = 0; kx < columns; kx++) {
        const y = row * stride[0] + ky * dilation[0] - padding[0][0];
        const z = column * stride[1] + kx * dilation[1] - padding[1][0];
        if (y < 0 || z < 0 || y >= x.shape[2] || z >= x.shape[3]) continue;
        total = f(total + f(x.at(n, first + c, y, z) * weight.at(o, c, ky, kx)));
      }
    }
  }
  return f(total + bias.data[o]);
}

describe('laws', () => {
  test.prop([calls], { numRuns: 200 })('conv2d is its definition, in every bit', (call) => {
    const { x, weight, bias, ...options } = call;
    const y = conv2d(x, weight, bias, options);
    const [batch, outputs, height, width] = y.shape;
    const expected: number[] = [];
    for (let n = 0; n < batch; n++) {
      for (let o = 0; o < outputs; o++) {
        for (let row = 0; row < height; row++) {
          for (let column = 0; column < width; column++) expected.push(byDefinition(call, n, o, row, column));
        }
      }
    }
    expect([...y.data]).toEqual(expected);
    const active = conv2d(x, weight, bias, { ...options, activation: 'relu' });
    expect([...active.data]).toEqual(expected.map((value) => Math.max(value, 0)));
  });

  test.prop([calls], { numRuns: 200 })(
    'the three maps are adjoint to each other',
    ({ x, weight, ...call }) => {
      const { bias: _, ...options } = call;
      const [image, kernel] = [engine.sign(x.to('float64')), engine.sign(weight.to('float64'))];
      fc.pre(image.data.every(Number.isFinite) && kernel.data.every(Number.isFinite));
      const y = conv2d(image, kernel, null, options);
      // Small integers: the sums are exact, in whatever order.
      const g = new Tensor(
        y.data.map((_, i) => (i % 5) - 2),
        y.shape,
      );
      const by = (a: Tensor, b: Tensor): number => sum(mul(a, b)).item();
      const size = [weight.shape[2], weight.shape[3]] as const;
      const slope = conv2dWeightGradient(image, g, { ...options, kernel: size });
      expect(by(slope, kernel)).toBe(by(y, g));
      // What a stride leaves over at the end is not reached.
      const [back] = engine.grad((t: Tensor) => sum(mul(conv2d(t, kernel, null, options), g)))(image);
      expect(by(back, image)).toBe(by(y, g));
    },
  );

  test.prop([calls], { numRuns: 100 })(
    'conv2d is a product with the unfolded image',
    ({ x, weight, ...call }) => {
      const { bias: _, groups, ...options } = call;
      fc.pre(groups === 1 && [...x.data, ...weight.data].every(Number.isFinite));
      const kernel = [weight.shape[2], weight.shape[3]] as const;
      const columns = unfold(x.to('float64'), { ...options, kernel });
      const rows = reshape(weight.to('float64'), { shape: [weight.shape[0], columns.shape[1]] });
      const y = conv2d(x.to('float64'), weight.to('float64'), null, options);
      const product = reshape(engine.matmul(rows, columns), { shape: y.shape });
      expect(allClose(product, y, { relative: 1e-12, absolute: 1e-12 })).toBe(true);
    },
  );

  it('fold counts how many windows hold a pixel', () => {
    const options = { kernel: 3, stride: 2, padding: 1 } as const;
    const counts = fold(unfold(engine.ones([1, 1, 5, 5]), options), { ...options, size: 5 });
    expect(counts.toArray()).toEqual([
      [
        [
          [1, 2, 1, 2, 1],
          [2, 4, 2, 4, 2],
          [1, 2, 1, 2, 1],
          [2, 4, 2, 4, 2],
          [1, 2, 1, 2, 1],
        ],
      ],
    ]);
  });

  it("'same' keeps ceil(size / stride), and a transposed convolution undoes it", () => {
    for (const [size, kernel, stride] of [
      [7, 3, 1],
      [7, 4, 2],
      [6, 3, 2],
      [6, 1, 3],
      [5, 2, 4],
    ]) {
      const weight = full([1, 1, kernel, kernel], 1);
      const y = conv2d(zeros([1, 1, size, size]), weight, null, { padding: 'same', stride });
      expect(y.shape).toEqual([1, 1, Math.ceil(size / stride), Math.ceil(size / stride)]);
      const larger = convTranspose2d(y, weight, null, { padding: 'same', stride });
      expect(larger.shape[2]).toBe(y.shape[2] * stride);
    }
  });

  it('a maximum of NaN is NaN, and padding is no maximum', () => {
    const x = tensor([-1, -2, Number.NaN, -4], { shape: [1, 1, 2, 2] });
    expect(maxPool2d(x, { kernel: 2, stride: 1, padding: 1 }).toArray()).toEqual([
      [
        [
          [-1, -1, -2],
          [Number.NaN, Number.NaN, -2],
          [Number.NaN, Number.NaN, -4],
        ],
      ],
    ]);
  });

  it('leaves an image of another dtype and of no example as it is', () => {
    const empty = zeros([0, 2, 4, 4], { dtype: 'float64' });
    expect(equal(upsample(empty, { scale: 2 }), zeros([0, 2, 8, 8], { dtype: 'float64' }))).toBe(true);
    expect(avgPool2d(empty, { kernel: 2 }).shape).toEqual([0, 2, 2, 2]);
    expect(groupNorm(empty, { groups: 2 }).shape).toEqual([0, 2, 4, 4]);
    expect(unfold(empty, { kernel: 2 }).shape).toEqual([0, 8, 9]);
  });
});

describe('what does not fit is named, with the sizes and the nearest that would', () => {
  const x = zeros([1, 4, 5, 6]);
  const refusals: readonly [string, () => unknown, string][] = [
    [
      'channels',
      () => conv2d(x, zeros([8, 3, 3, 3])),
      'conv2d: x [1, 4, 5, 6] has 4 channels, but weight [8, 3, 3, 3] with groups 1 takes 3; ' +
        'give x [batch, 3, height, width] or a weight [8, 4, 3, 3]',
    ],
    [
      'channels, transposed',
      () => convTranspose2d(x, zeros([3, 8, 3, 3])),
      'convTranspose2d: x [1, 4, 5, 6] has 4 channels, but weight [3, 8, 3, 3] with groups 1 takes 3; ' +
        'give x [batch, 3, height, width] or a weight [4, 8, 3, 3]',
    ],
    [
      'groups',
      () => conv2d(x, zeros([8, 1, 3, 3]), null, { groups: 3 }),
      'conv2d: groups 3 do not divide 8 channels; the nearest that do: 2 or 4',
    ],
    [
      'groups of a norm',
      () => groupNorm(x, { groups: 5 }),
      'groups 5 do not divide 4 channels; the nearest that do: 4',
    ],
    [
      'bias',
      () => conv2d(x, zeros([8, 4, 3, 3]), zeros([4])),
      'conv2d: the bias is [4], but there are 8 channels in the result; give [8]',
    ],
    [
      'kernel and padding',
      () => conv2d(x, zeros([2, 4, 4, 3]), null, { dilation: 2, padding: [0, 1] }),
      'conv2d: the height has no room for a window: 5 with padding 0 + 0 is 5, but a kernel of 4 at dilation 2 spans 7; ' +
        'the nearest that fits: 2 more pixels of padding, or a kernel of 3',
    ],
    [
      'padding, transposed',
      () => convTranspose2d(zeros([1, 4, 1, 3]), zeros([4, 1, 3, 3]), null, { padding: 2 }),
      'convTranspose2d: the height comes out as -1: 1 positions at stride 1 with a kernel of 3 at dilation 1 cover 3, ' +
        'and padding takes 2 + 2; padding of at most 2 in all fits',
    ],
    [
      'outputPadding',
      () => convTranspose2d(x, zeros([4, 1, 3, 3]), null, { stride: 2, outputPadding: [1, 2] }),
      'convTranspose2d: outputPadding along width is 2, but must be below stride 2 or dilation 1: at most 1',
    ],
    [
      'stride',
      () => conv2d(x, zeros([1, 4, 3, 3]), null, { stride: [1, 0] }),
      'conv2d: stride along width is 0; it must be an integer of 1 or more',
    ],
    [
      'padding below 0',
      () => conv2d(x, zeros([1, 4, 3, 3]), null, { padding: -1 }),
      'conv2d: padding along height is -1; it must be an integer of 0 or more',
    ],
    [
      'padding of three',
      () => Reflect.apply(conv2d, null, [x, zeros([1, 4, 3, 3]), null, { padding: [1, 1, 1] }]),
      'conv2d: padding is [1, 1, 1]; give a number, or a list of two',
    ],
    [
      'options in the place of the bias',
      () => Reflect.apply(conv2d, null, [x, zeros([1, 4, 3, 3]), { stride: 2 }]),
      'conv2d: the bias is an object; options come fourth, as in conv2d(x, weight, null, { stride: 2 })',
    ],
    [
      'one image',
      () => conv2d(zeros([4, 5, 6]), zeros([1, 4, 3, 3])),
      'conv2d: takes images [batch, channels, height, width], but got [4, 5, 6]; reshape one image to [1, 4, 5, 6]',
    ],
    [
      'a flat weight',
      () => conv2d(x, zeros([4, 9])),
      'conv2d: takes a weight [out, in / groups, kh, kw], but got [4, 9]',
    ],
    ['an empty kernel', () => conv2d(x, zeros([1, 4, 0, 3])), 'the kernel of weight [1, 4, 0, 3] is empty'],
    [
      'an activation',
      () => Reflect.apply(conv2d, null, [x, zeros([1, 4, 3, 3]), null, { activation: 'tanh' }]),
      "conv2d: there is no activation 'tanh'; there are none, relu",
    ],
    [
      'a signal',
      () => conv1d(zeros([1, 2, 3]), zeros([1, 2, 4])),
      'conv1d: the width has no room for a window: 3 with padding 0 + 0 is 3, but a kernel of 4 at dilation 1 spans 4; ' +
        'the nearest that fits: 1 more pixel of padding, or a kernel of 3',
    ],
    ['a signal that is an image', () => conv1d(x, zeros([1, 4, 3])), 'conv1d: takes x [batch, in, length]'],
    [
      'the gradient of another convolution',
      () => conv2dWeightGradient(x, zeros([1, 2, 3, 3]), { kernel: 3 }),
      'conv2dWeightGradient: the convolution of [1, 4, 5, 6] gives [1, 2, 3, 4], but its gradient is [1, 2, 3, 3]',
    ],
    [
      'a window of padding alone',
      () => maxPool2d(x, { kernel: 2, padding: [2, 0] }),
      'maxPool2d: window 0 of 4 along height holds no pixel: padding 2 + 1 is too large for a kernel of 2 at dilation 1; ' +
        'padding of 1 is the most that is of use',
    ],
    [
      'no kernel',
      () => Reflect.apply(maxPool2d, null, [x, {}]),
      'maxPool2d: needs a kernel, as in { kernel: 2 }',
    ],
    [
      'columns of another image',
      () => fold(zeros([1, 8, 5]), { kernel: 2, size: 3 }),
      'fold: takes [batch, channels * 4, 4] for [3, 3] and a kernel [2, 2], but got [1, 8, 5]',
    ],
    ['neither scale nor size', () => upsample(x, {}), 'upsample: needs scale or size'],
    [
      'a scale that leaves nothing',
      () => upsample(x, { scale: 0.1 }),
      'the size that scale gives 5 pixels is 0',
    ],
    [
      'a mode',
      () => Reflect.apply(upsample, null, [x, { scale: 2, mode: 'cubic' }]),
      "upsample: there is no mode 'cubic'; there are nearest, bilinear",
    ],
    [
      'a mirrored border',
      () =>
        pad(zeros([2, 3]), {
          padding: [
            [0, 0],
            [3, 1],
          ],
          mode: 'reflect',
        }),
      'pad: dimension 1 of [2, 3] is mirrored by 3 before and 1 after, but at most 2 fit',
    ],
    [
      'a mode of padding',
      () => Reflect.apply(pad, null, [zeros([2]), { padding: [[1, 1]], mode: 'edge' }]),
      "pad: there is no mode 'edge'; there are constant, reflect",
    ],
    [
      'statistics of other channels',
      () => batchNorm(x, { mean: zeros([3]), variance: zeros([4]) }),
      'batchNorm: the mean is [3], but x [1, 4, 5, 6] has 4 channels; give [4]',
    ],
    [
      'a mean alone',
      () => batchNorm(x, { mean: zeros([4]) }),
      'mean and variance are given together, or neither',
    ],
    [
      'a list to normalize',
      () => batchNorm(zeros([4])),
      'batchNorm: takes x [batch, channels, ...], but got [4]',
    ],
  ];

  it.each(refusals)('%s', (_, run, message) => {
    expect(run).toThrow(message);
  });
});
