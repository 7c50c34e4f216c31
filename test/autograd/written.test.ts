import { describe, expect, it } from 'vitest';
import { backward, exp, mul, sum, type Tensor, tensor, variable } from '../../src/index.js';
import { Adam, Dense, SGD } from '../../src/nn.js';
import { Random } from '../../src/tensor/random/index.js';

const changed = (name: string, op: string): RegExp =>
  new RegExp(
    `^backward: ${name} has been written to since ${op}#\\d+ saved it; call backward before the update`,
  );

describe('backward after a write into what the graph saved', () => {
  const optimizers = {
    SGD: (w: Tensor) => new SGD(new Map([['w', w]]), { learningRate: 0.1 }),
    Adam: (w: Tensor) => new Adam(new Map([['w', w]])),
  };

  it.each(Object.entries(optimizers))('by %s throws, and names the tensor and the op', (_, make) => {
    const w = variable(tensor([1, 2]), 'w');
    const optimizer = make(w);
    const loss = sum(mul(w, w));
    optimizer.step(backward(loss));
    expect(() => backward(loss)).toThrow(changed("'w'", 'mul'));
    // The loss at the new parameters is a new graph.
    const again = sum(mul(w, w));
    expect(backward(again).get(w).toArray()).toEqual([...w.data].map((x) => Math.fround(2 * x)));
  });

  it('by loadStateDict throws', () => {
    const layer = new Dense({ inputs: 2, outputs: 1, stream: new Random(0).stream('init') });
    const loss = sum(layer.forward(variable(tensor([[1, 2]]))));
    layer.loadStateDict(layer.stateDict());
    expect(() => backward(loss)).toThrow(changed("'weight'", 'linear'));
  });

  it('by others is seen once they tell of it, through any tensor on the same storage', () => {
    const data = tensor([1, 2]);
    const x = variable(data, 'x');
    const loss = sum(mul(x, x));
    data.data[0] = 5;
    data.markWritten();
    expect(() => backward(loss)).toThrow(changed("'x'", 'mul'));
    const y = exp(variable(tensor([1])));
    y.detach().markWritten();
    expect(() => backward(sum(y))).toThrow(changed("'exp#\\d+'", 'exp'));
  });

  it('is no matter where nothing that was written is read', () => {
    const w = variable(tensor([1, 2]), 'w');
    const x = variable(tensor([3, 4]), 'x');
    const [reads, forgets] = [sum(mul(w, x)), sum(w)];
    x.detach().markWritten();
    tensor([1]).markWritten();
    expect(backward(forgets).get(w).toArray()).toEqual([1, 1]);
    expect(() => backward(reads)).toThrow(changed("'x'", 'mul'));
    expect(
      backward(sum(mul(w, x)))
        .get(w)
        .toArray(),
    ).toEqual([3, 4]);
  });
});
