import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  add,
  concat,
  cumsum,
  div,
  exp,
  flip,
  gather,
  gelu,
  grad,
  log,
  logsumexp,
  matmul,
  max,
  maximum,
  mean,
  min,
  mul,
  pad,
  type Shape,
  setBackend,
  slice,
  softmax,
  square,
  stack,
  sub,
  sum,
  type Tensor,
  tanh,
  transpose,
} from '../../../src/index.js';
import { avgPool2d, conv2d, convTranspose2d, maxPool2d } from '../../../src/nn.js';
import { draw, kinds } from '../../device/wasm/special.js';
import type { Kind } from '../kind.js';

/** A function of tensors of some shapes. */
interface Call {
  readonly shapes: readonly Shape[];
  readonly call: (inputs: readonly Tensor[]) => Tensor;
}

const size = (max: number, min = 1): fc.Arbitrary<number> => fc.integer({ min, max });
const pair = (max: number, min = 1): fc.Arbitrary<readonly [number, number]> =>
  fc.tuple(size(max, min), size(max, min));

/** Ranks 1 to 4, one axis longer than a register or a thread's share. */
const shape: fc.Arbitrary<Shape> = fc
  .tuple(fc.array(size(6), { maxLength: 3 }), size(300), fc.nat(3))
  .map(([others, long, at]) => [...others.slice(0, at), long, ...others.slice(at)]);
const shaped = shape.chain((shape) =>
  fc.record({ shape: fc.constant(shape), axis: fc.nat(shape.length - 1) }),
);

/** Only what a convolution takes: a kernel is not larger than the image with its border. */
const windows = fc
  .record({
    batch: size(9),
    groups: size(3),
    inputs: size(20),
    outputs: size(40),
    image: pair(18),
    kernel: pair(8),
    stride: pair(4),
    dilation: pair(3),
    padding: pair(3, 0),
  })
  .filter(({ image, kernel, dilation, padding }) =>
    image.every((n, axis) => n + 2 * padding[axis] > (kernel[axis] - 1) * dilation[axis]),
  );

const CALLS: readonly fc.Arbitrary<Call>[] = [
  windows.map(({ batch, groups, inputs, outputs, image, kernel, ...options }) => ({
    shapes: [[batch, groups * inputs, ...image], [groups * outputs, inputs, ...kernel], [groups * outputs]],
    call: ([x, weight, bias]) => conv2d(x, weight, bias, { ...options, groups }),
  })),
  windows.map(({ batch, groups, inputs, outputs, image, kernel, stride, dilation }) => ({
    shapes: [[batch, groups * inputs, ...image], [groups * inputs, outputs, ...kernel], [groups * outputs]],
    call: ([x, weight, bias]) => convTranspose2d(x, weight, bias, { stride, dilation, groups }),
  })),
  fc.tuple(pair(9), pair(20), pair(5), fc.boolean()).map(([outer, image, kernel, isMax]) => ({
    shapes: [[...outer, image[0] + 4, image[1] + 4]],
    call: ([x]) => (isMax ? maxPool2d : avgPool2d)(x, { kernel }),
  })),
  fc
    .tuple(size(4), pair(70), size(90), fc.boolean(), fc.boolean())
    .map(([batch, [m, n], k, left, right]) => ({
      shapes: [[batch, ...(left ? [k, m] : [m, k])], right ? [n, k] : [k, n]],
      call: ([a, b]) => matmul(a, b, { transposeA: left, transposeB: right }),
    })),
  fc
    .tuple(
      shape,
      fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
      fc.constantFrom(add, sub, mul, div, maximum),
    )
    .map(([shape, isOne, op]) => ({
      shapes: [0, 1].map((side) => shape.map((n, axis) => (isOne[2 * axis + side] ? 1 : n))),
      call: ([a, b]) => op(a, b),
    })),
  fc.tuple(shape, fc.constantFrom(exp, log, tanh, gelu, square)).map(([shape, op]) => ({
    shapes: [shape],
    call: ([x]) => op(x),
  })),
  fc
    .tuple(shaped, fc.boolean(), fc.constantFrom(sum, mean, max, min, logsumexp))
    .map(([{ shape, axis }, keepDims, op]) => ({
      shapes: [shape],
      call: ([x]) => op(x, { axes: axis, keepDims }),
    })),
  fc.tuple(shaped, fc.constantFrom(softmax, cumsum)).map(([{ shape, axis }, op]) => ({
    shapes: [shape],
    call: ([x]) => op(x, { axis }),
  })),
  fc
    .tuple(shaped, fc.array(fc.nat(1e6), { minLength: 1, maxLength: 40 }))
    .map(([{ shape, axis }, picks]) => ({
      shapes: [shape],
      call: ([x]) => gather(x, { axis, indices: picks.map((pick) => pick % shape[axis]) }),
    })),
  fc.tuple(shaped, fc.nat(1e6), fc.nat(1e6)).map(([{ shape, axis }, from, to]) => {
    const [a, b] = [from % shape[axis], to % shape[axis]];
    const ends = {
      start: shape.map((_, i) => (i === axis ? Math.min(a, b) : 0)),
      stop: shape.map((n, i) => (i === axis ? Math.max(a, b) + 1 : n)),
    };
    return { shapes: [shape], call: ([x]) => slice(x, ends) };
  }),
  fc.tuple(shape, fc.array(fc.nat(), { minLength: 4, maxLength: 4 })).map(([shape, keys]) => ({
    shapes: [shape],
    call: ([x]) => transpose(x, { axes: shape.map((_, i) => i).sort((i, j) => keys[i] - keys[j] || i - j) }),
  })),
  fc.tuple(shaped, size(30), fc.boolean()).map(([{ shape, axis }, other, isStack]) => ({
    shapes: [shape, isStack ? shape : shape.map((n, i) => (i === axis ? other : n))],
    call: (all) => (isStack ? stack : concat)(all, { axis }),
  })),
  fc.tuple(shaped, pair(9, 0), fc.boolean()).map(([{ shape, axis }, widths, isFlip]) => ({
    shapes: [shape],
    call: ([x]) =>
      isFlip
        ? flip(x, { axes: axis })
        : pad(x, { padding: shape.map((_, i) => (i === axis ? widths : [0, 0])) }),
  })),
];

const call: fc.Arbitrary<Call> = fc.oneof(...CALLS);

/** The value of a call, and the gradient of a sum of its elements by each of its inputs. */
function valuesOf({ call }: Call, inputs: readonly Tensor[], weights: (shape: Shape) => Tensor): Tensor[] {
  const out = call(inputs);
  const total = grad((...inputs: readonly Tensor[]) => {
    const value = call(inputs);
    return sum(mul(value, weights(value.shape)));
  });
  return [out, ...total(...inputs)];
}

/** Fast kernels beside the plain loops, on shapes of any size. */
export const kernels: Kind = {
  name: 'kernels',
  doc: 'calls of ops and their gradients, on fast kernels and on plain ones: the same bits',
  share: 2,
  prepare: async () => (one) => {
    const drawn = one.draw(call);
    const [kind, seed] = [one.draw(kinds), one.draw(fc.nat(1e6))];
    const inputs = drawn.shapes.map((shape, i) => draw(shape, seed + i, kind));
    const weights = (shape: Shape): Tensor => draw(shape, seed + 9, 'ordinary');
    one.keep('call.txt', `${drawn.call}\n${JSON.stringify({ shapes: drawn.shapes, kind, seed })}\n`);
    try {
      setBackend('simd');
      const fast = valuesOf(drawn, inputs, weights);
      setBackend('plain');
      const plain = valuesOf(drawn, inputs, weights);
      for (const [i, { data }] of plain.entries()) {
        const at = data.findIndex((x, at) => !Object.is(x, fast[i].data[at]));
        const what = i === 0 ? 'the value' : `the gradient by input ${i - 1}`;
        assert.equal(at, -1, `${what} differs at ${at}: ${fast[i].data[at]} is not ${data[at]}`);
      }
      return plain.length;
    } finally {
      setBackend('simd');
    }
  },
};
