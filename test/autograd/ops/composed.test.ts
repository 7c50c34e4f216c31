import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { gradcheck } from '../../../src/check.js';
import { graphOf } from '../../../src/graph.js';
import * as engine from '../../../src/index.js';
import { Random, Tensor, tensor, variable } from '../../../src/index.js';
import { sizeOf } from '../../../src/tensor/shape.js';
import { tensorOf } from '../../arbitraries.js';

const { argmax, backward, concat, einsum, equal, expandDims, flip, mul, oneHot } = engine;
const { pad, split, squeeze, sum, takeAlongAxis, transpose, variance } = engine;

/** A float64 tensor of ordinary numbers, always the same for a name. */
const draw = (shape: readonly number[], name: string): Tensor =>
  new Tensor(new Random(3).stream(name).normal(new Float64Array(sizeOf(shape))), shape);

const counting = (shape: readonly number[]): Tensor =>
  new Tensor(
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => i),
    shape,
  );

describe('gradients of functions made of ops', () => {
  const x = draw([3, 4], 'x');
  const indices = tensor([[1, 1, 0, 2]], { dtype: 'float64' });
  const functions: readonly [string, (...inputs: Tensor[]) => Tensor, Tensor[]][] = [
    ['squeeze', (a) => squeeze(a, { axis: 1 }), [draw([3, 1, 2], 'squeeze')]],
    ['expandDims', (a) => expandDims(a, { axes: [0, -1] }), [x]],
    ['split', (a) => mul(...pair(split(a, { parts: 2, axis: 1 }))), [x]],
    [
      'pad',
      (a) =>
        pad(a, {
          padding: [
            [1, 0],
            [0, 2],
          ],
          value: Number.NEGATIVE_INFINITY,
        }),
      [x],
    ],
    ['takeAlongAxis', (a) => takeAlongAxis(a, indices, { axis: 0 }), [x]],
    ['variance', (a) => variance(a, { axis: 0 }), [x]],
    ['variance, correction 0', (a) => variance(a, { correction: 0, keepDims: true }), [x]],
    [
      'einsum bij,bjk->bik',
      (a, b) => einsum('bij,bjk->bik', a, b),
      [draw([2, 3, 4], 'a'), draw([2, 4, 2], 'b')],
    ],
    ['einsum ij,kj->ki', (a, b) => einsum('ij,kj->ki', a, b), [x, draw([2, 4], 'k')]],
    ['einsum i,j->ij', (a, b) => einsum('i,j->ij', a, b), [draw([3], 'i'), draw([2], 'j')]],
    ['einsum ijk->kj', (a) => einsum('ijk->kj', a), [draw([2, 3, 2], 'ijk')]],
  ];
  const pair = ([a, b]: Tensor[]): [Tensor, Tensor] => [a, b];

  it.each(functions)('%s', (_, f, inputs) => {
    // Infinite elements of a border have no derivative to compare; what is inside has.
    const finite = (...xs: Tensor[]): Tensor => {
      const y = f(...xs);
      return engine.clamp(y, { min: -1e6 });
    };
    const report = gradcheck(finite, inputs, { order: 2, tolerance: 1e-7 });
    expect(report.passed, String(report)).toBe(true);
    expect(report.cases).toBeGreaterThan(4);
  });
});

const axisOf = (rank: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: rank - 1 });
const anyShape = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 });
const shapeAndAxis = anyShape.chain((shape) => fc.tuple(fc.constant(shape), axisOf(shape.length)));

describe('laws', () => {
  test.prop([shapeAndAxis, fc.array(fc.nat(3), { minLength: 1, maxLength: 4 })])(
    'concat undoes split',
    ([shape, axis], sizes) => {
      const whole = shape.map((n, d) => (d === axis ? sizes.reduce((a, b) => a + b, 0) : n));
      const x = counting(whole);
      const parts = split(x, { sizes, axis });
      expect(parts.map((part) => part.shape[axis])).toEqual(sizes);
      expect(equal(concat(parts, { axis }), x)).toBe(true);
    },
  );

  test.prop([shapeAndAxis])('squeeze undoes expandDims', ([shape, axis]) => {
    const x = counting(shape);
    const wide = expandDims(x, { axis });
    expect(wide.shape).toEqual([...shape.slice(0, axis), 1, ...shape.slice(axis)]);
    expect(equal(squeeze(wide, { axis }), x)).toBe(true);
    expect(squeeze(wide).shape).toEqual(shape.filter((n) => n !== 1));
  });

  test.prop([shapeAndAxis])('flip twice is nothing, once reverses', ([shape, axis]) => {
    const x = counting(shape);
    const y = flip(x, { axis });
    expect(equal(flip(y, { axis }), x)).toBe(true);
    const parts = split(x, { sizes: new Array(shape[axis]).fill(1), axis });
    if (parts.length > 0) expect(equal(y, concat(parts.reverse(), { axis }))).toBe(true);
  });

  test.prop([anyShape, fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { minLength: 4, maxLength: 4 })])(
    'a slice undoes pad, and what is around has the value',
    (shape, all) => {
      const padding = all.slice(0, shape.length);
      const x = counting(shape);
      const y = pad(x, { padding, value: -1 });
      const start = padding.map(([before]) => before);
      const stop = shape.map((n, d) => start[d] + n);
      expect(equal(engine.slice(y, { start, stop }), x)).toBe(true);
      expect(y.data.filter((value) => value === -1)).toHaveLength(y.size - x.size);
      const zeros = pad(x, { padding });
      expect(sum(zeros).item()).toBe(sum(x).item());
    },
  );

  test.prop([fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })), fc.boolean()])(
    'takeAlongAxis at the largest is max, and a product with oneHot',
    ([rows, columns], first) => {
      const x = draw([rows, columns], `${rows} ${columns}`);
      const axis = first ? 0 : 1;
      const at = argmax(x, { axis, keepDims: true });
      expect(equal(takeAlongAxis(x, at, { axis }), engine.max(x, { axis, keepDims: true }))).toBe(true);
      if (first) return;
      const chosen = oneHot(argmax(x, { axis: 1 }), { classes: columns, dtype: 'float64' });
      expect(equal(sum(mul(chosen, x), { axis: 1, keepDims: true }), takeAlongAxis(x, at))).toBe(true);
    },
  );

  test.prop([fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 2, maxLength: 9 })])(
    'variance is the mean square less the square of the mean, and larger with correction',
    (list) => {
      const mean = list.reduce((a, b) => a + b, 0) / list.length;
      const expected = list.reduce((total, x) => total + (x - mean) ** 2, 0);
      const x = tensor(list, { dtype: 'float64' });
      expect(variance(x).item()).toBeCloseTo(expected / (list.length - 1), 6);
      expect(variance(x, { correction: 0 }).item()).toBeCloseTo(expected / list.length, 6);
    },
  );
});

/** A sum of products, by its definition: over every index of every letter. */
function naiveEinsum(equation: string, operands: readonly Tensor[], sizes: Record<string, number>): Tensor {
  const [left, result] = equation.split('->');
  const names = left.split(',');
  const letters = [...new Set(left.replaceAll(',', ''))];
  const shape = [...result].map((letter) => sizes[letter]);
  const out = new Tensor(new Float64Array(sizeOf(shape)), shape);
  const index: Record<string, number> = {};
  const offset = (of: string): number =>
    [...of].reduce((at, letter) => at * sizes[letter] + index[letter], 0);
  const visit = (depth: number): void => {
    if (depth === letters.length) {
      out.data[offset(result)] += operands.reduce((product, x, i) => product * x.data[offset(names[i])], 1);
      return;
    }
    for (let i = 0; i < sizes[letters[depth]]; i++) {
      index[letters[depth]] = i;
      visit(depth + 1);
    }
  };
  visit(0);
  return out;
}

describe('einsum', () => {
  const lettersOf = fc
    .subarray(['a', 'b', 'c', 'd', 'e'], { maxLength: 4 })
    .chain((list) => fc.shuffledSubarray(list, { minLength: list.length }));
  const sizes = fc.record({
    a: fc.integer({ min: 1, max: 3 }),
    b: fc.nat(3),
    c: fc.integer({ min: 1, max: 3 }),
    d: fc.integer({ min: 1, max: 3 }),
    e: fc.integer({ min: 1, max: 3 }),
  });
  const calls = fc
    .tuple(fc.array(lettersOf, { minLength: 1, maxLength: 2 }), sizes)
    .chain(([names, size]) => {
      const all = [...new Set(names.flat())];
      return fc.record({
        names: fc.constant(names.map((list) => list.join(''))),
        result: fc.shuffledSubarray(all).map((list) => list.join('')),
        size: fc.constant<Record<string, number>>(size),
        operands: fc.tuple(
          ...names.map((list) => tensorOf(list.map((letter) => size[letter as keyof typeof size]))),
        ),
      });
    });

  test.prop([calls], { numRuns: 400 })(
    'is its definition for any letters',
    ({ names, result, size, operands }) => {
      const equation = `${names.join(',')}->${result}`;
      const [first, second] = operands;
      const y = einsum(equation, first, second);
      const expected = naiveEinsum(equation, operands, size);
      expect(y.shape).toEqual(expected.shape);
      expect(engine.allClose(y, expected, { relative: 1e-9, absolute: 1e-3 })).toBe(true);
    },
  );

  it('does without copies where the order needs none', () => {
    const a = variable(draw([2, 3, 4], 'left'));
    const b = variable(draw([2, 5, 4], 'right'));
    const opsOf = (y: Tensor): string[] => graphOf(y).nodes.map(({ op }) => op);
    const once = ['variable', 'variable', 'matmul'];
    expect(opsOf(einsum('bij,bkj->bik', a, b))).toEqual(once);
    expect(opsOf(einsum('bij,bik->bjk', a, variable(draw([2, 3, 2], 'right'))))).toEqual(once);
    expect(equal(einsum('bij,bkj->bik', a, b), engine.matmul(a, b, { transposeB: true }))).toBe(true);
    expect(einsum('ij->ij', b.view([10, 4])).shape).toEqual([10, 4]);
    expect(equal(einsum(' i j -> j i ', draw([2, 3], 'm')), transpose(draw([2, 3], 'm')))).toBe(true);
  });
});

describe('constants', () => {
  it('no gradient flows to the indices of takeAlongAxis, and repeated ones add up', () => {
    const x = variable(tensor([[1, 2, 3]]));
    const indices = variable(tensor([[2, 2, 0]]));
    const gradients = backward(sum(takeAlongAxis(x, indices)));
    expect(gradients.get(x).toArray()).toEqual([[1, 0, 2]]);
    expect(gradients.find(indices)).toBeUndefined();
  });

  it('split refuses parts and sizes together, or neither', () => {
    const x = tensor([1, 2]);
    expect(() => Reflect.apply(split, null, [x, {}])).toThrow('split: needs parts or sizes');
    expect(() => Reflect.apply(split, null, [x, { parts: 1, sizes: [2] }])).toThrow('needs parts or sizes');
    expect(() => Reflect.apply(split, null, [x, { part: 1 }])).toThrow("did you mean 'parts'");
  });

  it('variance refuses another correction than 0 or 1', () => {
    expect(() => Reflect.apply(variance, null, [tensor([1]), { correction: 2 }])).toThrow(
      'correction is 2; it must be 0 or 1',
    );
  });

  it('argmax refuses an index that float32 cannot hold', () => {
    const x = new Tensor(new Float32Array(2 ** 24 + 2), [2 ** 24 + 2]);
    x.data[2 ** 24 + 1] = 1;
    expect(() => argmax(x)).toThrow('argmax: index 16777217 has no exact float32 form');
  });
});
