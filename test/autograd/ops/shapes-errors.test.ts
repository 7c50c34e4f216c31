import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as ops from '../../../src/autograd/ops/index.js';
import { ones, ShapeError, type Tensor, zeros } from '../../../src/tensor/index.js';
import { broadcastPair } from '../../arbitraries.js';

const of = (...shape: number[]): Tensor => zeros(shape);

describe('shapes that do not fit', () => {
  const errors: readonly [string, () => Tensor, ...words: string[]][] = [
    [
      'add',
      () => ops.add(of(2, 3), of(4)),
      '[2, 3]',
      '[4]',
      'dimension -1 is 3 on the left and 4 on the right',
    ],
    ['where', () => ops.where(of(2), of(3), 1), '[2]', '[3]', 'do not broadcast'],
    [
      'matmul',
      () => ops.matmul(of(128, 784), of(512, 784)),
      'inner sizes differ: [128, 784] · [512, 784]',
      'k is 784 on the left and 512 on the right',
      'pass transposeB to use the second as [784, 512]',
    ],
    [
      'matmul',
      () => ops.matmul(of(2, 3), of(3, 4), { transposeB: true }),
      'with transposeB',
      'pass transposeB: false',
    ],
    [
      'matmul',
      () => ops.matmul(of(3), of(3, 2)),
      'two dimensions or more',
      'reshape a vector to [n, 1] or [1, n]',
    ],
    ['matmul', () => ops.matmul(of(2, 3), of(3)), 'two dimensions or more, but got [2, 3] · [3]'],
    ['matmul', () => ops.matmul(of(), of(3, 2)), 'two dimensions or more, but got [] · [3, 2]'],
    [
      'linear',
      () => ops.linear(of(128, 784), of(784, 512), of(512)),
      'takes x [..., inputs], weight [outputs, inputs] and bias [outputs]',
      'but got [128, 784], [784, 512] and [512]',
    ],
    ['linear', () => ops.linear(of(2, 3), of(4, 3), of(1)), 'but got [2, 3], [4, 3] and [1]'],
    ['linear', () => ops.linear(of(3), of(4, 3), of(4)), 'reshape one example to [1, inputs]'],
    ['linear', () => ops.linear(of(2, 3), of(4, 5), of(4)), 'but got [2, 3], [4, 5] and [4]'],
    ['linear', () => ops.linear(of(2, 3), of(4, 3, 1), of(4)), 'but got [2, 3], [4, 3, 1] and [4]'],
    ['linear', () => ops.linear(of(2, 3), of(3), of(3)), 'but got [2, 3], [3] and [3]'],
    ['linear', () => ops.linear(of(2, 3), of(4, 3), of(4, 1)), 'but got [2, 3], [4, 3] and [4, 1]'],
    ['matmul', () => ops.matmul(of(2, 1, 3), of(3, 3, 1)), 'matmul (batch)', '[2] and [3] do not broadcast'],
    [
      'sum',
      () => ops.sum(of(2, 3), { axes: 2 }),
      'axis 2 is out of range for rank 2',
      'axes run from -2 to 1',
    ],
    ['sum', () => ops.sum(of(), { axes: 0 }), 'a scalar has no axes'],
    ['mean', () => ops.mean(of(2, 3), { axes: [0, -2] }), 'axis 0 is given twice'],
    ['logsumexp', () => ops.logsumexp(of(2), { axes: 0.5 }), 'axis 0.5 is out of range'],
    ['softmax', () => ops.softmax(of(2), { axes: 1 }), 'axis 1 is out of range'],
    ['max', () => ops.max(of(0, 2), { axes: 0 }), 'the axes [0] of [0, 2] hold no element'],
    ['max', () => ops.max(of(0)), 'hold no element'],
    ['min', () => ops.min(of(0, 2), { axes: 0 }), 'the axes [0] of [0, 2] hold no element'],
    ['argmax', () => ops.argmax(of(2, 0), { axis: 1 }), 'the axes [1] of [2, 0] hold no element'],
    ['argmin', () => ops.argmin(of(0)), 'hold no element'],
    ['argmax', () => ops.argmax(of(2, 3), { axes: [0, 1] }), 'takes one axis, but got [0, 1]'],
    ['cumsum', () => ops.cumsum(of()), 'a scalar has no axes'],
    [
      'solveTriangular',
      () => ops.solveTriangular(of(2, 3), of(3)),
      'L [2, 3] and b [3] must be [..., n, n] and [..., n], with the same leading dimensions',
    ],
    ['solveTriangular', () => ops.solveTriangular(of(4, 2, 2), of(3, 2)), 'L [4, 2, 2] and b [3, 2] must be'],
    ['flip', () => ops.flip(of(2, 3), { axes: [0, -2] }), 'axis 0 is given twice'],
    ['squeeze', () => ops.squeeze(of(2, 1), { axis: 0 }), 'axis 0 of [2, 1] has size 2'],
    ['expandDims', () => ops.expandDims(of(2), { axis: 2 }), 'axis 2 is out of range for rank 2'],
    ['expandDims', () => ops.expandDims(of(2), {}), 'needs an axis, as in expandDims(x, { axis: 0 })'],
    ['split', () => ops.split(of(5), { parts: 2 })[0], 'axis 0 of size 5 does not divide into 2 equal parts'],
    ['split', () => ops.split(of(2, 5), { sizes: [2, 2], axis: 1 })[0], 'sizes [2, 2] must be', 'sum to 5'],
    ['split', () => ops.split(of(2), { sizes: [3, -1] })[0], 'whole numbers'],
    ['pad', () => ops.pad(of(2, 3), { padding: [[1, 1]] }), 'for each dimension of [2, 3], but is [[1, 1]]'],
    ['pad', () => ops.pad(of(2), { padding: [[-1, 1]] }), 'two whole numbers'],
    [
      'takeAlongAxis',
      () => ops.takeAlongAxis(of(2, 3), of(1, 3)),
      'indices [1, 3] and x [2, 3]',
      'but for axis 1',
    ],
    [
      'takeAlongAxis',
      () => ops.takeAlongAxis(of(2, 3), ops.add(of(2, 1), 3)),
      'index 3 (number 0)',
      'size 3',
    ],
    ['takeAlongAxis', () => ops.takeAlongAxis(of(2, 3), ops.sub(of(2, 1), 1)), 'index -1'],
    ['takeAlongAxis', () => ops.takeAlongAxis(of(), of()), 'a scalar has no axes'],
    [
      'einsum',
      () => ops.einsum('ij,jk', of(2, 3), of(3, 2)),
      'must name the dimensions of the result after one ->',
    ],
    ['einsum', () => ops.einsum('ii->i', of(2, 2)), "names 'i' twice in one operand, for its diagonal"],
    ['einsum', () => ops.einsum('ij->ii', of(2, 2)), "names 'i' twice in the result"],
    ['einsum', () => ops.einsum('...i->...', of(2, 2)), 'has an ellipsis'],
    ['einsum', () => ops.einsum('i1->i', of(2, 2)), "has 'i1' for dimensions; each is one letter"],
    ['einsum', () => ops.einsum('ij->ik', of(2, 2)), "has 'k' in the result, but in no operand"],
    ['einsum', () => ops.einsum('ij->i', of(2)), 'names 2 dimensions of operand 0, which is [2]'],
    [
      'einsum',
      () => ops.einsum('ij,jk->ik', of(2, 3), of(4, 2)),
      "'j' in 'ij,jk->ik' is 3 in one operand and 4 in the other",
    ],
    ['einsum', () => ops.einsum('i,j->ij', of(2)), 'names 2 operands, but got 1'],
    ['reshape', () => ops.reshape(of(2, 3), { shape: [4] }), '6 elements do not fit shape [4]'],
    ['reshape', () => ops.reshape(of(2, 3), { shape: [-1, 4] }), '6 elements do not fit'],
    ['reshape', () => ops.reshape(of(2, 3), { shape: [-1, -1] }), 'one size may be -1'],
    ['reshape', () => ops.reshape(of(0), { shape: [-1, 0] }), 'do not fit'],
    ['reshape', () => ops.reshape(of(2)), 'needs a shape, as in reshape(x, { shape: [2, 3] })'],
    ['transpose', () => ops.transpose(of(2, 3), { axes: [0, 0] }), 'must name each dimension of [2, 3] once'],
    ['transpose', () => ops.transpose(of(2, 3), { axes: [0] }), 'must name each dimension'],
    [
      'broadcastTo',
      () => ops.broadcastTo(of(2, 3), { shape: [3] }),
      'does not stretch to the smaller shape [3]',
    ],
    ['broadcastTo', () => ops.broadcastTo(of(2), { shape: [3] }), 'do not broadcast'],
    [
      'broadcastTo',
      () => ops.broadcastTo(of(1), { shape: [-1] }),
      'a dimension must be a non-negative integer',
    ],
    ['broadcastTo', () => ops.broadcastTo(of(1)), 'needs a shape'],
    ['slice', () => ops.slice(of(3), { start: [4] }), 'bound 4 is out of range in dimension 0 of [3]'],
    ['slice', () => ops.slice(of(3), { stop: [-4] }), 'bound -4 is out of range'],
    ['slice', () => ops.slice(of(3), { start: [0.5] }), 'bound 0.5'],
    ['slice', () => ops.slice(of(3), { step: [0] }), 'steps must be integers of 1 or more'],
    ['slice', () => ops.slice(of(3), { start: [0, 0] }), 'more dimensions than [3] has'],
    ['unslice', () => ops.unslice(of(2), { shape: [2], start: [1], step: [1] }), 'does not lie inside [2]'],
    ['unslice', () => ops.unslice(of(2), { shape: [4], start: [0.5], step: [1] }), 'does not lie inside'],
    [
      'unslice',
      () => ops.unslice(of(2), { shape: [4], start: [Number.NaN], step: [1] }),
      'does not lie inside',
    ],
    ['unslice', () => ops.unslice(of(2), { shape: [4, 4], start: [0], step: [1] }), 'does not lie inside'],
    ['unslice', () => ops.unslice(of(2)), 'needs a shape, start and step'],
    [
      'gather',
      () => ops.gather(of(3), { indices: [0, 3] }),
      'index 3 (number 1) is out of range for axis 0 of size 3',
    ],
    ['gather', () => ops.gather(of(3), { indices: [-1] }), 'index -1'],
    ['gather', () => ops.gather(of(3), { indices: [0.5] }), 'index 0.5'],
    ['gather', () => ops.gather(of(3)), 'needs indices, as in gather(x, { indices: [2, 0] })'],
    ['gather', () => ops.gather(of(3), { axis: 0 } as never), 'needs indices'],
    ['gather', () => ops.gather(of(), { indices: [] }), 'a scalar has no axes'],
    [
      'scatterAdd',
      () => ops.scatterAdd(of(3), { indices: [0, 1], size: 2 }),
      'got 2 indices for axis 0 of size 3',
    ],
    ['scatterAdd', () => ops.scatterAdd(of(1), { indices: [2], size: 2 }), 'index 2'],
    ['scatterAdd', () => ops.scatterAdd(of(0), { indices: [], size: -1 }), 'needs indices and a size'],
    ['scatterAdd', () => ops.scatterAdd(of(0), { indices: [], size: 1.5 }), 'needs indices and a size'],
    ['scatterAdd', () => ops.scatterAdd(of(0)), 'needs indices and a size'],
    ['concat', () => ops.concat([]), 'needs at least one tensor'],
    [
      'concat',
      () => ops.concat([of(2, 3), of(3, 2)]),
      'input 0 has [2, 3] and input 1 has [3, 2]',
      'but for axis 0',
    ],
    ['concat', () => ops.concat([of(2, 3), of(2)]), 'input 1 has [2]'],
    ['concat', () => ops.concat([of(), of()]), 'a scalar has no axes'],
    ['stack', () => ops.stack([]), 'needs at least one tensor'],
    ['stack', () => ops.stack([of(2), of(2), of(3)]), 'input 2 has [3]'],
    ['stack', () => ops.stack([of(2)], { axis: 2 }), 'axis 2 is out of range'],
  ];
  it.each(errors)('%s says so (%#)', (name, call, ...words) => {
    expect(call).toThrow(ShapeError);
    for (const word of [`${name}`, ...words]) expect(call).toThrow(word);
  });

  it('clamp refuses bounds in the wrong order, and NaN', () => {
    expect(() => ops.clamp(of(2), { min: 2, max: 1 })).toThrow(RangeError);
    expect(() => ops.clamp(of(2), { min: 2, max: 1 })).toThrow('got min 2 and max 1');
    expect(() => ops.clamp(of(2), { min: Number.NaN })).toThrow('clamp: min must not exceed max');
  });

  it('every message begins with the name of its op', () => {
    for (const [name, call] of errors) expect(call).toThrow(new RegExp(`^${name}[ :]`));
  });
});

describe('shapes of results', () => {
  const binary = [ops.add, ops.sub, ops.mul, ops.div, ops.pow, ops.maximum, ops.minimum];
  it('of elementwise ops are the broadcast shape', () => {
    fc.assert(
      fc.property(broadcastPair, fc.constantFrom(...binary), ({ a, b, out }, op) => {
        expect(op(of(...a), of(...b)).shape).toEqual(out);
        expect(op(of(...b), of(...a)).shape).toEqual(out);
        expect(ops.where(of(...a), of(...b), 1).shape).toEqual(out);
      }),
    );
  });

  const reductions = {
    sum: ops.sum,
    mean: ops.mean,
    max: ops.max,
    min: ops.min,
    logsumexp: ops.logsumexp,
    variance: ops.variance,
  };
  it.each(Object.entries(reductions))('of %s are without the axes, or keep them as 1', (_, op) => {
    const x = ones([2, 3, 4]);
    expect(op(x).shape).toEqual([]);
    expect(op(x, { keepDims: true }).shape).toEqual([1, 1, 1]);
    expect(op(x, { axes: 1 }).shape).toEqual([2, 4]);
    expect(op(x, { axes: -1 }).shape).toEqual([2, 3]);
    expect(op(x, { axes: [2, 0] }).shape).toEqual([3]);
    expect(op(x, { axes: [-1, 0], keepDims: true }).shape).toEqual([1, 3, 1]);
    expect(op(x, { axes: [] }).shape).toEqual([2, 3, 4]);
    expect(op(of(0, 3), { axes: 1 }).shape).toEqual([0]);
  });

  it('sums, means and log-sums of nothing are 0, NaN and -infinity', () => {
    expect(ops.sum(of(2, 0), { axes: 1 }).toArray()).toEqual([0, 0]);
    expect(ops.mean(of(2, 0), { axes: 1 }).toArray()).toEqual([Number.NaN, Number.NaN]);
    expect(ops.logsumexp(of(0)).item()).toBe(Number.NEGATIVE_INFINITY);
  });

  it('of products over empty and batched shapes', () => {
    expect(ops.matmul(of(2, 0), of(0, 3)).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(ops.matmul(of(0, 2), of(2, 3)).shape).toEqual([0, 3]);
    expect(ops.linear(of(0, 2), of(3, 2), of(3)).shape).toEqual([0, 3]);
    expect(ops.linear(of(2, 2), of(0, 2), of(0)).shape).toEqual([2, 0]);
    expect(ops.linear(of(5, 1, 2), of(3, 2), of(3)).shape).toEqual([5, 1, 3]);
    expect(ops.matmul(of(5, 1, 2, 3), of(4, 3, 6)).shape).toEqual([5, 4, 2, 6]);
    expect(ops.matmul(of(5, 3, 2), of(6, 3), { transposeA: true, transposeB: true }).shape).toEqual([
      5, 2, 6,
    ]);
  });

  it('of empty tensors in every op that moves elements', () => {
    expect(ops.reshape(of(0, 3), { shape: [-1, 3] }).shape).toEqual([0, 3]);
    expect(ops.transpose(of(0, 3)).shape).toEqual([3, 0]);
    expect(ops.broadcastTo(of(1), { shape: [0] }).shape).toEqual([0]);
    expect(ops.slice(of(3), { start: [2], stop: [1] }).shape).toEqual([0]);
    expect(ops.unslice(of(0), { shape: [3], start: [0], step: [1] }).toArray()).toEqual([0, 0, 0]);
    expect(ops.gather(of(3, 2), { indices: [] }).shape).toEqual([0, 2]);
    expect(ops.scatterAdd(of(0), { indices: [], size: 2 }).toArray()).toEqual([0, 0]);
    expect(ops.concat([of(0, 2), of(1, 2), of(0, 2)]).shape).toEqual([1, 2]);
    expect(ops.stack([of(0), of(0)]).shape).toEqual([2, 0]);
    expect(ops.softmax(of(0, 2)).shape).toEqual([0, 2]);
    expect(ops.flip(of(0, 2)).shape).toEqual([0, 2]);
    expect(ops.cumsum(of(2, 0), { axis: 1 }).shape).toEqual([2, 0]);
    expect(ops.cumsum(of(0, 2), { reverse: true }).shape).toEqual([0, 2]);
    expect(ops.pad(of(0), { padding: [[1, 2]], value: 7 }).toArray()).toEqual([7, 7, 7]);
    expect(ops.squeeze(of(1, 0, 1)).shape).toEqual([0]);
    expect(ops.split(of(0, 2), { parts: 2 }).map((x) => x.shape)).toEqual([
      [0, 2],
      [0, 2],
    ]);
    expect(ops.takeAlongAxis(of(2, 0), of(2, 0)).shape).toEqual([2, 0]);
    expect(ops.einsum('ij,jk->ik', of(2, 0), of(0, 3)).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  it('indices may be a typed array', () => {
    expect(ops.gather(ones([3]), { indices: Uint8Array.of(2, 2) }).toArray()).toEqual([1, 1]);
  });
});
