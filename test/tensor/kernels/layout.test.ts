import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Shape } from '../../../src/tensor/index.js';
import { Tensor } from '../../../src/tensor/index.js';
import { gatherKernel, scatterAddKernel } from '../../../src/tensor/kernels/gather.js';
import {
  concatLayout,
  layoutKernel,
  sliceLayout,
  stackLayout,
  transposeLayout,
  unsliceLayout,
} from '../../../src/tensor/kernels/layout.js';
import { dtypes, shapes, tensorOf, tensors } from '../../arbitraries.js';
import { anyNumber, build, elementAt, expectSame, indicesOf, integers, offsetOf } from './naive.js';

const [concat, slice, stack, transpose, unslice] = [
  layoutKernel(concatLayout),
  layoutKernel(sliceLayout),
  layoutKernel(stackLayout),
  layoutKernel(transposeLayout),
  layoutKernel(unsliceLayout),
];

const anyTensor = dtypes.chain((dtype) => shapes(5).chain((shape) => tensorOf(shape, dtype, anyNumber)));

const withAxis = dtypes.chain((dtype) =>
  fc
    .array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 3 })
    .chain((shape) =>
      fc.tuple(tensorOf(shape, dtype, integers), fc.integer({ min: 0, max: shape.length - 1 })),
    ),
);

/** A tensor with a window of a size, start and step that lies inside it. */
const windowed = anyTensor.chain((x) =>
  fc
    .tuple(
      ...x.shape.map((n) =>
        fc
          .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: Math.max(0, n - 1) }))
          .chain(([step, start]) =>
            fc
              .integer({ min: 0, max: n === 0 ? 0 : Math.floor((n - 1 - start) / step) + 1 })
              .map((count) => ({ step, start, count })),
          ),
      ),
    )
    .map((dims) => ({
      x,
      start: dims.map((d) => d.start),
      step: dims.map((d) => d.step),
      shape: dims.map((d) => d.count),
    })),
);

const moved = (shape: Shape, axis: number, to: number): number[] =>
  shape.map((n, d) => (d === axis ? to : n));

describe('the layout of transpose', () => {
  it('puts dimension axes[i] at i', () => {
    const cases = anyTensor.chain((x) =>
      fc.tuple(
        fc.constant(x),
        fc.shuffledSubarray(
          x.shape.map((_, d) => d),
          { minLength: x.rank, maxLength: x.rank },
        ),
      ),
    );
    fc.assert(
      fc.property(cases, ([x, axes]) => {
        const shape = axes.map((axis) => x.shape[axis]);
        const out = Tensor.empty(shape, x.dtype);
        transpose(out, [x], { axes });
        expectSame(
          out,
          build(shape, x.dtype, (index) => x.at(...x.shape.map((_, d) => index[axes.indexOf(d)]))),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('the layouts of slice and unslice', () => {
  it('slice takes start + i * step', () => {
    fc.assert(
      fc.property(windowed, ({ x, start, step, shape }) => {
        const out = Tensor.empty(shape, x.dtype);
        slice(out, [x], { start, step });
        expectSame(
          out,
          build(shape, x.dtype, (index) => x.at(...index.map((i, d) => start[d] + i * step[d]))),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('unslice puts them back, among zeros', () => {
    fc.assert(
      fc.property(windowed, ({ x, start, step, shape }) => {
        const part = build(shape, x.dtype, (index) => 1 + offsetOf(shape, index));
        const out = Tensor.empty(x.shape, x.dtype);
        unslice(out, [part], { start, step });
        const expected = Tensor.empty(x.shape, x.dtype);
        for (const index of indicesOf(shape)) {
          const at = index.map((i, d) => start[d] + i * step[d]);
          expected.data[offsetOf(x.shape, at)] = part.at(...index);
        }
        expectSame(out, expected);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the layouts of concat and stack', () => {
  it('puts one input after another along the axis', () => {
    const cases = withAxis.chain(([x, axis]) =>
      fc.tuple(
        fc.constant(axis),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 4 }).map((lengths) =>
          lengths.map((length, k) => {
            const shape = moved(x.shape, axis, length);
            return build(shape, x.dtype, (index) => 100 * k + offsetOf(shape, index));
          }),
        ),
      ),
    );
    fc.assert(
      fc.property(cases, ([axis, inputs]) => {
        const total = inputs.reduce((sum, t) => sum + t.shape[axis], 0);
        const out = Tensor.empty(moved(inputs[0].shape, axis, total), inputs[0].dtype);
        concat(out, inputs, { axis });
        const expected = build(out.shape, out.dtype, (index) => {
          let left = index[axis];
          const from = inputs.find((t) => {
            if (left < t.shape[axis]) return true;
            left -= t.shape[axis];
            return false;
          });
          return from === undefined ? Number.NaN : from.at(...moved(index, axis, left));
        });
        expectSame(out, expected);
      }),
      { numRuns: 200 },
    );
  });

  it('stack puts the inputs side by side along a new axis', () => {
    const cases = anyTensor.chain((x) =>
      fc.tuple(fc.constant(x), fc.integer({ min: 0, max: x.rank }), fc.integer({ min: 1, max: 4 })),
    );
    fc.assert(
      fc.property(cases, ([x, axis, count]) => {
        const inputs = Array.from({ length: count }, (_, k) =>
          build(x.shape, x.dtype, (index) => 100 * k + offsetOf(x.shape, index)),
        );
        const out = Tensor.empty(x.shape.toSpliced(axis, 0, count), x.dtype);
        stack(out, inputs, { axis });
        expectSame(
          out,
          build(out.shape, x.dtype, (index) => inputs[index[axis]].at(...index.toSpliced(axis, 1))),
        );
      }),
      { numRuns: 200 },
    );
  });
});

describe('gatherKernel and scatterAddKernel', () => {
  const selections = withAxis.chain(([x, axis]) =>
    fc.tuple(
      fc.constant(x),
      fc.constant(axis),
      x.shape[axis] === 0
        ? fc.constant<number[]>([])
        : fc.array(fc.integer({ min: 0, max: x.shape[axis] - 1 }), { maxLength: 6 }),
    ),
  );

  it('gather takes the elements at the indices', () => {
    fc.assert(
      fc.property(selections, ([x, axis, indices]) => {
        const out = Tensor.empty(moved(x.shape, axis, indices.length), x.dtype);
        gatherKernel(out, [x], { axis, indices });
        expectSame(
          out,
          build(out.shape, x.dtype, (index) => x.at(...moved(index, axis, indices[index[axis]]))),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('scatterAdd adds them up at the indices', () => {
    fc.assert(
      fc.property(selections, ([x, axis, indices]) => {
        const shape = moved(x.shape, axis, indices.length);
        const part = build(shape, x.dtype, (index) => 1 + offsetOf(shape, index));
        const out = Tensor.empty(x.shape, x.dtype);
        scatterAddKernel(out, [part], { axis, indices });
        const expected = build(x.shape, x.dtype, (index) =>
          indices.reduce(
            (sum, target, i) => (target === index[axis] ? sum + elementAt(part, moved(index, axis, i)) : sum),
            0,
          ),
        );
        expectSame(out, expected);
      }),
      { numRuns: 200 },
    );
  });

  it('adds in order of i: the float32 sum of 1e8, 1 and -1e8 at one place is 0', () => {
    const out = Tensor.empty([1], 'float32');
    const x = new Tensor(Float32Array.of(1e8, 1, -1e8), [3]);
    scatterAddKernel(out, [x], { axis: 0, indices: [0, 0, 0] });
    expect(out.item()).toBe(0);
  });
});

describe('all of them', () => {
  it('leave their input as it was', () => {
    fc.assert(
      fc.property(tensors('float32'), (x) => {
        const before = x.clone();
        const axes = x.shape.map((_, d) => d).reverse();
        transpose(Tensor.empty([...x.shape].reverse(), 'float32'), [x], { axes });
        const start = x.shape.map(() => 0);
        const step = x.shape.map(() => 1);
        slice(Tensor.empty(x.shape, 'float32'), [x], { start, step });
        expectSame(x, before);
      }),
    );
  });
});
