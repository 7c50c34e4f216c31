import { describe, expect, it } from 'vitest';
import { formatGraph, graphOf, toDot } from '../../src/graph.js';
import {
  add,
  alias,
  backward,
  concat,
  fuse,
  neg,
  square,
  sum,
  type Tensor,
  tensor,
  variable,
} from '../../src/index.js';

const scalar = (value: number): Tensor => variable(tensor(value));

describe('large graphs', () => {
  it('a chain of 100,000 ops, forward and backward', () => {
    const x = scalar(1);
    let y = x;
    for (let i = 0; i < 100_000; i++) y = neg(y);
    const found = backward(y);
    expect(y.item()).toBe(1);
    expect(found.get(x).item()).toBe(1);
    expect([...found.entries()].length).toBe(100_001);
  });

  it('10,000 ops fused into one, and looked at as a graph', () => {
    const chain = (x: Tensor): Tensor => {
      let y = x;
      for (let i = 0; i < 10_000; i++) y = neg(y);
      return y;
    };
    const values = Array.from({ length: 100 }, (_, i) => i);
    expect(fuse('chain', chain)(tensor(values)).toArray()).toEqual(values);
    const graph = graphOf(chain(scalar(1)));
    expect(graph.nodes.length).toBe(10_001);
    expect(formatGraph(graph).split('\n').length).toBeGreaterThanOrEqual(10_001);
    expect(toDot(graph).match(/->/g)?.length).toBe(10_000);
  });

  it('10,000 inputs of one op, and one input used 10,000 times', () => {
    const inputs = Array.from({ length: 10_000 }, (_, i) => variable(tensor([i])));
    const found = backward(sum(square(concat(inputs))));
    inputs.forEach((x, i) => {
      if (found.get(x).item() !== 2 * i) expect.fail(`gradient ${i} is ${found.get(x).item()}`);
    });
    const x = variable(tensor([3]));
    expect(
      backward(sum(concat(Array(10_000).fill(x))))
        .get(x)
        .item(),
    ).toBe(10_000);
  });

  it('10,000 inputs added one to another', () => {
    const inputs = Array.from({ length: 10_000 }, () => scalar(1));
    const found = backward(inputs.reduce((total, x) => add(alias(total), x)));
    expect(inputs.every((x) => found.get(x).item() === 1)).toBe(true);
  });
});
