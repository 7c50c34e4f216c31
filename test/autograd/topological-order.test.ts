import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { topologicalOrder } from '../../src/autograd/backward.js';
import {
  add,
  backward,
  createOp,
  mul,
  neg,
  noGrad,
  stopGradient,
  sub,
  sum,
  variable,
} from '../../src/autograd/index.js';
import { needsGradient, nodeOf } from '../../src/autograd/node.js';
import { savedOf } from '../../src/autograd/saved.js';
import { equal, map1, type Tensor, tensor } from '../../src/tensor/index.js';

/** A graph over three variables, from triples of an op and two earlier tensors; the last ones are added up. */
const graphs = fc
  .array(fc.tuple(fc.nat({ max: 4 }), fc.nat(), fc.nat()), { minLength: 1, maxLength: 12 })
  .map((steps) => {
    const made: Tensor[] = [1, 2, 3].map((x) => variable(tensor([x, -x])));
    for (const [op, i, j] of steps) {
      const a = made[i % made.length];
      const b = made[j % made.length];
      made.push([add(a, b), sub(a, b), mul(a, b), neg(a), stopGradient(a)][op]);
    }
    return sum(made.slice(-2).reduce((x, y) => add(x, y)));
  });

/** The order by its definition: each tensor after its inputs, in the order in which they are met. */
function recursiveOrder(t: Tensor, order = new Set<Tensor>()): Set<Tensor> {
  const node = nodeOf(t);
  if (node === null || order.has(t)) return order;
  for (const x of node.inputs) recursiveOrder(x, order);
  return order.add(t);
}

/** Gradients by the textbook, in a Map. */
function textbookBackward(output: Tensor): Map<Tensor, Tensor> {
  const found = new Map([[output, tensor(1)]]);
  for (const t of [...recursiveOrder(output)].reverse()) {
    const node = nodeOf(t);
    const g = found.get(t);
    if (node === null || node.op === null || g === undefined) continue;
    for (const [i, x] of node.inputs.entries()) {
      if (!needsGradient(x) || !node.op.differentiable(i)) continue;
      const { op } = node;
      const contribution = noGrad(() => op.vjp(i, g, savedOf(node, t)));
      const before = found.get(x);
      found.set(x, before === undefined ? contribution : noGrad(() => add(before, contribution)));
    }
  }
  return found;
}

const expectSameGradients = (
  actual: Iterable<[Tensor, Tensor]>,
  expected: Iterable<[Tensor, Tensor]>,
): void => {
  const [got, wanted] = [[...actual], [...expected]];
  expect(got.length).toBe(wanted.length);
  for (const [i, [t, g]] of got.entries()) {
    expect(t === wanted[i][0]).toBe(true);
    expect(equal(g, wanted[i][1])).toBe(true);
  }
};

describe('the order of a graph', () => {
  it('is each tensor after its inputs, the output last, however often it is asked for', () => {
    fc.assert(
      fc.property(graphs, (output) => {
        const expected = [...recursiveOrder(output)];
        for (let pass = 0; pass < 2; pass++) {
          const order = topologicalOrder(output);
          expect(order.map(({ tensor: t }) => expected.indexOf(t))).toEqual(expected.map((_, i) => i));
          expect(order.every(({ tensor: t, node }) => nodeOf(t) === node)).toBe(true);
        }
      }),
    );
  });

  it('of plain data is empty', () => expect(topologicalOrder(tensor(1))).toEqual([]));
});

describe('gradients', () => {
  it('have the bits and the order of the textbook algorithm', () => {
    fc.assert(
      fc.property(graphs, (output) => {
        fc.pre(needsGradient(output));
        expectSameGradients(backward(output).entries(), textbookBackward(output));
      }),
    );
  });

  it('can be asked for after other passes over the same tensors', () => {
    const x = variable(tensor(2));
    const shared = mul(x, x);
    const chain = neg(neg(shared));
    const first = backward(chain);
    const second = backward(add(neg(variable(tensor(5))), mul(shared, 3)));
    topologicalOrder(shared);
    expect([first.get(x).item(), first.get(shared).item(), first.get(chain).item()]).toEqual([4, 1, 1]);
    expect([second.get(x).item(), second.get(shared).item()]).toEqual([12, 3]);
    expect(second.find(chain)).toBeUndefined();
    expect(first.find(variable(tensor(1)))).toBeUndefined();
  });

  it('are right when a rule itself goes over the same tensors', () => {
    const x = variable(tensor(3));
    const inner = mul(x, x);
    const slope = (): Tensor => backward(inner).get(x);
    const meddling = createOp<1>({
      name: 'meddling',
      doc: 'x, with a rule that differentiates something else on the way.',
      arity: 1,
      shape: ([shape]) => shape,
      forward: map1((v) => v),
      saves: [],
      vjp: [(g) => mul(g, slope())],
      domain: { inputs: [{ range: [-1, 1] }], cases: [{ shapes: 'any' }] },
    });
    // Another variable comes first, so that the places in the two orders differ. The derivative of
    // other + inner * meddling(inner) + x by inner: the rule stands in a factor 6 for one of the two.
    const other = variable(tensor(5));
    const found = backward(add(add(neg(neg(other)), mul(inner, meddling(inner))), x));
    expect(found.get(inner).item()).toBe(9 + 6 * 9);
    expect(found.get(x).item()).toBe((9 + 6 * 9) * 6 + 1);
    expect(found.get(other).item()).toBe(1);
  });
});
