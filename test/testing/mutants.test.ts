import { describe, expect, it } from 'vitest';
import { createOp, registeredOps } from '../../src/autograd/define-op.js';
import type { Op, OpSpec } from '../../src/autograd/op.js';
import { concat, exp, mul, neg, sign, square, sub, tanh, where } from '../../src/autograd/ops/index.js';
import { map1 } from '../../src/tensor/kernels/elementwise.js';
import { type MutatedOp, mutants, opProperties } from '../../src/testing/index.js';

const firstDerivative = (op: Op, tolerance = 1e-7) =>
  opProperties(op, { seed: 3, shrink: false, tolerance }).filter(({ kind }) => kind === 'first derivative');

const describeAll = (list: readonly MutatedOp[]): string[] => list.map(({ name }) => name);

/** The hyperbolic tangent, with a rule of one's own. */
const tanhWith = (vjp: OpSpec<1, never, undefined>['vjp']) =>
  createOp<1>({
    name: 'tanh',
    doc: 'Its own rule.',
    arity: 1,
    shape: ([x]) => x,
    forward: map1(Math.tanh),
    saves: ['output'],
    vjp,
    domain: { inputs: [{ range: [-3, 3] }], cases: [{ shapes: 'any' }] },
  });

describe('mutants', () => {
  it('are every way to spoil the rule for e^x', () => {
    expect(describeAll(mutants(exp))).toEqual([
      'exp, input 0: scaled by 1.01',
      'exp, input 0: sign flipped',
      'exp, input 0: zero',
      'exp, input 0: mul (node 2) replaced by its input 0',
      'exp, input 0: mul (node 2) replaced by its input 1',
    ]);
  });

  it('leave out each factor and each term of a longer rule', () => {
    const nodes = mutants(tanh).filter(({ kind }) => kind === 'node replaced');
    // mul(g, sub(1, square(y))): g, 1 - y^2, y^2 for 1 - y^2, y for y^2; and 1 where y is a scalar.
    expect(describeAll(nodes).sort()).toEqual([
      'tanh, input 0: mul (node 4) replaced by its input 0',
      'tanh, input 0: mul (node 4) replaced by its input 1',
      'tanh, input 0: square (node 2) replaced by its input 0',
      'tanh, input 0: sub (node 3) replaced by its input 0',
      'tanh, input 0: sub (node 3) replaced by its input 1',
    ]);
  });

  it('exchange operands where that matters, for each input that has a rule', () => {
    const kinds = mutants(mul).map(({ kind, input }) => `${input} ${kind}`);
    expect(kinds.filter((kind) => kind.endsWith('operands exchanged'))).toEqual([
      '0 operands exchanged',
      '1 operands exchanged',
    ]);
    expect(mutants(sub).some(({ kind }) => kind === 'operands exchanged')).toBe(false);
    expect(new Set(mutants(where).map(({ input }) => input))).toEqual(new Set([1, 2]));
  });

  it('leave out what changes nothing', () => {
    const plain = tanhWith([(g, { y }) => mul(g, sub(1, square(y)))]);
    const roundabout = tanhWith([(g, { y }) => mul(neg(neg(g)), sub(1, mul(square(y), 1)))]);
    const names = describeAll(mutants(roundabout)).join('\n');
    // Either neg left out flips the sign; the product by 1 left out is no change.
    expect(names).toContain('neg (node 1) replaced');
    expect(names).not.toContain('mul (node 5) replaced by its input 0');
    expect(mutants(plain)).toHaveLength(8);
  });

  it('are always scaled, negated and zeroed, but not without a derivative', () => {
    for (const op of [sub, concat, neg]) {
      const kinds = new Set(mutants(op).map(({ kind }) => kind));
      for (const kind of ['scaled', 'negated', 'zeroed'] as const) expect(kinds).toContain(kind);
    }
    expect(mutants(concat).every(({ input, name }) => input === null && name.includes('every input'))).toBe(
      true,
    );
    expect(mutants(sign)).toEqual([]);
  });

  it('are the same with the same seed, and leave the op and the registry as they are', () => {
    const before = registeredOps();
    expect(describeAll(mutants(exp, { seed: 9 }))).toEqual(describeAll(mutants(exp, { seed: 9 })));
    expect(registeredOps()).toEqual(before);
    for (const property of firstDerivative(exp.op)) expect(property.run().worst).toBeLessThan(1e-7);
  });

  it('are caught by the generated tests, and would not be by lax ones', () => {
    for (const { op, name } of mutants(tanh)) {
      for (const property of firstDerivative(op))
        expect(property.run, name).toThrow(/gradcheck failed: 'tanh'/);
    }
    const scaled = mutants(tanh).find(({ kind }) => kind === 'scaled');
    expect(scaled).toBeDefined();
    for (const property of firstDerivative(scaled?.op ?? tanh.op, 0.02)) {
      expect(property.run().worst).toBeCloseTo(0.0099, 3);
    }
  });
});
