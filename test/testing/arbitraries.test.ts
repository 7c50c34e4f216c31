import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOp } from '../../src/autograd/define-op.js';
import type { Domain } from '../../src/autograd/domain.js';
import type { Arity, Op } from '../../src/autograd/op.js';
import { add, matmul, maximum } from '../../src/autograd/ops/index.js';
import { broadcastShapes, sameShape } from '../../src/tensor/shape.js';
import { type OpSample, opCases } from '../../src/testing/index.js';

/** An op of which only the domain matters. */
function withDomain(arity: Arity, domain: Domain<unknown>): Op {
  const { op } = createOp<1, unknown, unknown>({
    name: 'test',
    doc: 'Nothing.',
    arity: 1,
    options: [],
    attributes: (given) => given,
    shape: ([x]) => x,
    forward: () => undefined,
    saves: [],
    vjp: [(g) => g],
    domain,
  });
  return { ...op, arity };
}

const draw = (op: Op, numRuns = 300, which = 0): OpSample[] =>
  fc.sample(opCases(op)[which].samples, { numRuns, seed: 4 });

const elements = (samples: readonly OpSample[]): number[] =>
  samples.flatMap(({ inputs }) => inputs.flatMap((x) => [...x.data]));

describe('shapes', () => {
  it("'any' gives all inputs one shape, of rank 0 to 3 and sizes 0 to 4, empty ones too", () => {
    const samples = draw(withDomain(2, { inputs: [{ range: [0, 1] }], cases: [{ shapes: 'any' }] }));
    for (const { inputs } of samples) {
      expect(inputs).toHaveLength(2);
      expect(inputs[0].shape).toEqual(inputs[1].shape);
      expect(inputs[0].dtype).toBe('float64');
    }
    const shapes = samples.map(({ inputs }) => inputs[0].shape);
    expect(new Set(shapes.map((s) => s.length))).toEqual(new Set([0, 1, 2, 3]));
    expect(new Set(shapes.flat())).toEqual(new Set([0, 1, 2, 3, 4]));
    const empty = samples.filter(({ inputs }) => inputs[0].size === 0).length;
    expect(empty).toBeGreaterThan(5);
    expect(empty).toBeLessThan(100);
  });

  it("'broadcast' gives shapes that do, often stretched and often not", () => {
    const samples = draw(add.op);
    const equal = samples.filter(({ inputs: [a, b] }) => {
      broadcastShapes(a.shape, b.shape, 'test');
      return sameShape(a.shape, b.shape);
    });
    expect(equal.length).toBeGreaterThan(60);
    expect(equal.length).toBeLessThan(240);
  });

  it('names stand for one size wherever they occur', () => {
    const cases = opCases(matmul);
    cases.forEach(({ samples }) => {
      for (const { inputs, attributes } of fc.sample(samples, { numRuns: 20, seed: 4 })) {
        expect(() => matmul(inputs[0], inputs[1], attributes ?? {})).not.toThrow();
        expect(inputs.every((x) => x.size > 0)).toBe(true);
      }
    });
    expect(cases[1].label).toBe('[k, m] [k, n], {"transposeA":true}');
    expect(cases.at(-1)?.label).toBe('[b, 1, m, k] [c, k, n], broadcast batches');
  });

  it('attributes may depend on the sizes', () => {
    const op = withDomain(1, {
      inputs: [{ range: [0, 1] }],
      cases: [{ shapes: [['m', 2]], attributes: ({ m }: Readonly<Record<string, number>>) => ({ rows: m }) }],
    });
    for (const { inputs, attributes } of draw(op)) expect(attributes).toEqual({ rows: inputs[0].shape[0] });
  });

  it("ops of 'many' inputs get one to three", () => {
    const op = withDomain('many', { inputs: [{ range: [0, 1] }], cases: [{ shapes: 'any' }] });
    expect(new Set(draw(op).map(({ inputs }) => inputs.length))).toEqual(new Set([1, 2, 3]));
  });

  it('refuses a case for another number of inputs', () => {
    const op = withDomain(2, { inputs: [{ range: [0, 1] }], cases: [{ shapes: [['n']] }] });
    expect(() => opCases(op)).toThrow("domain of 'test': a case lists 1 shapes, but the op takes 2 inputs");
  });
});

describe('values', () => {
  it('lie in the range of their input and away from kinks', () => {
    const op = withDomain(2, {
      inputs: [{ range: [-1, 2], kinks: [0, 2] }, { range: [5, 6] }],
      cases: [{ shapes: 'any' }],
    });
    const samples = draw(op);
    for (const v of samples.flatMap(({ inputs }) => [...inputs[0].data])) {
      expect(v).toBeGreaterThanOrEqual(-1);
      expect(v).toBeLessThanOrEqual(1.99);
      expect(Math.abs(v)).toBeGreaterThanOrEqual(0.01);
    }
    expect(samples.every(({ inputs }) => inputs[1].data.every((v) => v >= 5 && v <= 6))).toBe(true);
    const signs = new Set(samples.flatMap(({ inputs }) => [...inputs[0].data].map(Math.sign)));
    expect(signs).toEqual(new Set([-1, 1]));
  });

  it('come from a list where there is one', () => {
    const op = withDomain(1, { inputs: [{ range: [0, 1], values: [0, 1] }], cases: [{ shapes: 'any' }] });
    expect(new Set(elements(draw(op)))).toEqual(new Set([0, 1]));
  });

  it('keep apart where they must be distinct, across inputs', () => {
    for (const { inputs } of draw(maximum.op)) {
      const sorted = inputs.flatMap((x) => [...x.data]).sort((a, b) => a - b);
      for (let i = 1; i < sorted.length; i++) expect(sorted[i] - sorted[i - 1]).toBeGreaterThan(0.0099);
    }
  });

  it('refuses a range with nothing left, or too narrow for distinct values', () => {
    const kinked = withDomain(1, { inputs: [{ range: [0, 0.01], kinks: [0] }], cases: [{ shapes: [[1]] }] });
    expect(() =>
      draw({ ...kinked, domain: { ...kinked.domain, inputs: [{ range: [0, 0.001], kinks: [0] }] } }),
    ).toThrow(/no values are left in \[0, 0.001\] away from the kinks 0/);
    const narrow = withDomain(1, {
      inputs: [{ range: [0, 0.1] }],
      cases: [{ shapes: [[40]] }],
      distinct: true,
    });
    expect(() => draw(narrow)).toThrow(/\[0, 0.1\] has no room for 40 values 0.01 apart/);
    const none = withDomain(1, { inputs: [], cases: [{ shapes: [[1]] }] });
    expect(() => draw(none)).toThrow(/inputs is empty; give a range/);
  });

  it('shrink to a small shape with simple values', () => {
    const [{ samples }] = opCases(
      withDomain(1, { inputs: [{ range: [-3, 3] }], cases: [{ shapes: 'any' }] }),
    );
    const details = fc.check(
      fc.property(samples, ({ inputs: [x] }) => x.data.every((v) => v < 1)),
      { seed: 3 },
    );
    expect(details.failed).toBe(true);
    const [x] = details.counterexample?.[0].inputs ?? [];
    expect([...x.data].sort()).toEqual(x.size === 1 ? [1] : [0, 1]);
  });
});
