import { describe, expect, it } from 'vitest';
import { backward } from '../../src/autograd/backward.js';
import { nodeOf } from '../../src/autograd/node.js';
import { relu, sum } from '../../src/autograd/ops/index.js';
import { Dense, ReLU, Sequential, Tanh } from '../../src/nn/index.js';
import { normal } from '../../src/tensor/create.js';
import { Random } from '../../src/tensor/random/index.js';
import type { Tensor } from '../../src/tensor/tensor.js';

const stream = () => new Random(5).stream('init');
const layers = () => {
  const random = stream();
  const dense = (inputs: number, outputs: number) => new Dense({ inputs, outputs, stream: random });
  return [dense(6, 9), new ReLU(), dense(9, 4), new Tanh(), new ReLU()];
};

/** Each layer by itself. */
const oneByOne = (parts: readonly { forward(x: Tensor): Tensor }[], x: Tensor): Tensor =>
  parts.reduce((y, layer) => layer.forward(y), x);

describe('Sequential', () => {
  it('computes a ReLU within the Dense before it: the same bits, and gradients', () => {
    const x = normal([7, 6], stream());
    const [fused, parts] = [new Sequential(...layers()), layers()];
    const [y, expected] = [fused.forward(x), oneByOne(parts, x)];
    expect(y.data).toEqual(expected.data);
    const [found, wanted] = [backward(sum(y)), backward(sum(expected))];
    const parameters = [...fused.namedParameters().values()];
    const others = [...new Sequential(...parts).namedParameters().values()];
    expect(parameters.length).toBe(4);
    parameters.forEach((p, i) => {
      expect(found.get(p).data).toEqual(wanted.get(others[i]).data);
    });
    const hidden = new Sequential(...layers().slice(0, 2)).forward(x);
    expect(nodeOf(hidden)?.op?.name).toBe('linear');
    expect(nodeOf(hidden)?.attributes).toEqual({ activation: 'relu' });
  });

  it('leaves what only looks like one alone', () => {
    class Shifted extends Dense {
      override forward(x: Tensor): Tensor {
        return super.forward(x);
      }
    }
    class Leaky extends ReLU {
      override forward(x: Tensor): Tensor {
        return relu(x).detach();
      }
    }
    const x = normal([3, 6], stream());
    const shifted = new Shifted({ inputs: 6, outputs: 5, stream: stream() });
    const y = new Sequential(shifted, new ReLU()).forward(x);
    expect(nodeOf(y)?.op?.name).toBe('relu');
    const dense = new Dense({ inputs: 6, outputs: 5, stream: stream() });
    expect(nodeOf(new Sequential(dense, new Leaky()).forward(x))).toBeNull();
    expect(nodeOf(new Sequential(dense, new Tanh(), new ReLU()).forward(x))?.op?.name).toBe('relu');
    expect(nodeOf(new Sequential(dense).forward(x))?.attributes).toEqual({ activation: 'none' });
  });

  it('names and prints its layers as they were given', () => {
    const model = new Sequential(...layers());
    expect([...model.namedParameters().keys()]).toEqual(['0.weight', '0.bias', '2.weight', '2.bias']);
    expect([...model.namedChildren().keys()]).toEqual(['0', '1', '2', '3', '4']);
    expect(String(model)).toContain('(1): ReLU()');
  });
});
