import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { registeredOps, variable } from '../../../src/autograd/index.js';
import { evaluate } from '../../../src/study/walk/evaluate.js';
import { type Expression, expressionOf, type Reference } from '../../../src/study/walk/expression.js';
import { programOf, ruleOf } from '../../../src/study/walk/programs.js';
import { full } from '../../../src/tensor/create.js';
import type { Tensor } from '../../../src/tensor/tensor.js';
import '../../../src/vae/index.js';

const element = (node: string): Reference => ({ kind: 'element', of: 'value', node, index: [] });

/** An op's value and gradients at a point, by the engine and by the formulas. */
function compare(name: string, at: readonly number[], g: number, dtype: 'float32' | 'float64') {
  const op = registeredOps().find((known) => known.name === name);
  if (op === undefined) throw new Error(`no op is named ${name}`);
  const inputs = at.map((x) => variable(full([], x, { dtype })));
  const attributes = op.attributes(
    op.name === 'leakyRelu' ? { slope: 0.2 } : op.name === 'clamp' ? { min: -1, max: 1 } : undefined,
    inputs.map(() => []),
  );
  const y = full([], 0, { dtype });
  op.forward(y, inputs, attributes);
  const cotangent = full([], g, { dtype });
  const saved = {
    inputs,
    x: inputs[0],
    a: inputs[0],
    b: inputs[1],
    y,
    attributes,
    shapes: inputs.map(() => []),
    dtype,
    shared: (_: unknown, compute: () => Tensor) => compute(),
  };
  const numbers = new Map([
    ['y', y.item()],
    ['g', cotangent.item()],
    ...inputs.map((x, i) => [`x${i}`, x.item()] as const),
  ]);
  const work = (e: Expression) => evaluate(e, ({ node }) => numbers.get(node) ?? Number.NaN, dtype);
  const operands = inputs.map((_, i) => element(`x${i}`));
  const program = programOf(name, attributes);
  if (program === null) throw new Error(`${name} has no program`);
  const pairs = [{ engine: y.item(), formula: work(expressionOf(program, operands)) }];
  inputs.forEach((_, i) => {
    const rule = ruleOf(name, i, attributes);
    if (rule === null) return;
    const engine = op.vjp(i, cotangent, saved).item();
    pairs.push({ engine, formula: work(expressionOf(rule, [element('g'), ...operands, element('y')])) });
  });
  return pairs;
}

const point = fc.tuple(...[0, 1, 2].map(() => fc.double({ min: 0.05, max: 3, noNaN: true })));
const elementwise = registeredOps().filter(({ primitive, traced }) => primitive ?? traced);
const arityOf = (name: string) => Number(elementwise.find((op) => op.name === name)?.arity);

describe.each(elementwise.map(({ name }) => name))('the formula of %s', (name) => {
  it('gives the value and the gradients of the op', () => {
    const signs = fc.constantFrom(1, -1);
    const isLog = ['log', 'log1p', 'sqrt', 'pow'].includes(name);
    fc.assert(
      fc.property(point, signs, fc.double({ min: -2, max: 2, noNaN: true }), (at, sign, g) => {
        const inputs = at.slice(0, arityOf(name)).map((x, i) => (isLog || i === 1 ? x : sign * x));
        for (const [dtype, bound] of [
          ['float64', 1e-13],
          ['float32', 1e-6],
        ] as const) {
          for (const { engine, formula } of compare(name, inputs, g, dtype)) {
            expect(Math.abs(engine - formula.value)).toBeLessThanOrEqual(bound * (formula.magnitude + 1e-3));
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});

describe('the comparison', () => {
  it('is made at the ends of softBound and at a tie of maximum too', () => {
    for (const at of [-30, -12, 9.5, 13]) {
      for (const { engine, formula } of compare('softBound', [at], 0.7, 'float64')) {
        expect(formula.value).toBeCloseTo(engine, 12);
      }
    }
    const tie = compare('maximum', [0.5, 0.5], 2, 'float64');
    expect(tie.map(({ engine }) => engine)).toEqual([0.5, 1, 1]);
    expect(tie.map(({ formula }) => formula.value)).toEqual([0.5, 1, 1]);
  });

  it('notices another formula', () => {
    const [, right] = compare('tanh', [0.5], 1, 'float64');
    const [, wrong] = compare('sigmoid', [0.5], 1, 'float64');
    expect(Math.abs(right.engine - wrong.formula.value)).toBeGreaterThan(0.1);
  });
});
