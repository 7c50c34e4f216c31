import { describe, expect, it } from 'vitest';
import * as f32x4 from '../../../src/device/wasm/assembler/f32x4.js';
import { elementwiseRun, type Operand } from '../../../src/device/wasm/kernels/elementwise.js';
import type { Expression } from '../../../src/device/wasm/kernels/vector-loop.js';
import { Tensor, tensor } from '../../../src/index.js';
import { runtime } from './runtime.js';

/** a + b, but -a where b is 0.1 for all: a form that gives itself away. */
const sum: Expression = Object.assign<Expression, Pick<Expression, 'withLast'>>(
  (_, a, b) => f32x4.add(a, b),
  { withLast: new Map([[Math.fround(0.1), (_, a) => f32x4.neg(a)]]) },
);
const run = elementwiseRun('sum', 2, sum, 0.1);
const a = tensor(Array.from({ length: 40 }, (_, i) => i + 1));

const firstOf = (b: Operand): number => {
  const out = Tensor.empty([40], 'float32');
  expect(runtime.scoped(() => run(runtime, out, [a, b]))).toBe(true);
  return out.data[0];
};

describe('an expression with a faster form for a last operand', () => {
  it.each<[string, Operand]>([
    ['a number', 0.1],
    ['a tensor without axes', tensor(0.1)],
    ['a tensor of one element', tensor([[0.1]])],
  ])('takes it where that operand is %s', (_, b) => {
    expect(firstOf(b)).toBe(-1);
  });

  it.each<[string, Operand]>([
    ['another number', 2],
    ['another scalar', tensor(2)],
    ['a row', tensor(new Float32Array(40).fill(2))],
  ])('does without where it is %s', (_, b) => {
    expect(firstOf(b)).toBe(3);
  });

  it('does without where the number stands in a row', () => {
    expect(firstOf(tensor(new Float32Array(40).fill(0.1)))).toBe(Math.fround(1.1));
  });
});
