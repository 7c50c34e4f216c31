import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backward } from '../../src/autograd/backward.js';
import { relu, sum } from '../../src/autograd/ops/index.js';
import { variable } from '../../src/autograd/variable.js';
import { Dense, init } from '../../src/nn/index.js';
import { normal, tensor } from '../../src/tensor/create.js';
import { Random } from '../../src/tensor/random/index.js';

const stream = () => new Random(3).stream('init');

describe('Dense', () => {
  it('is x W^T + b', () => {
    const dense = new Dense({ inputs: 2, outputs: 3, stream: stream() });
    dense.loadStateDict(
      new Map([
        [
          'weight',
          tensor([
            [1, 2],
            [3, 4],
            [5, 6],
          ]),
        ],
        ['bias', tensor([10, 20, 30])],
      ]),
    );
    expect(
      dense
        .forward(
          tensor([
            [1, 0],
            [0, 1],
            [2, -1],
          ]),
        )
        .toArray(),
    ).toEqual([
      [11, 23, 35],
      [12, 24, 36],
      [10, 22, 34],
    ]);
  });

  it('works over leading dimensions and without a bias, for random sizes', () => {
    const sizes = fc.record({
      lead: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 2 }),
      inputs: fc.integer({ min: 1, max: 5 }),
      outputs: fc.integer({ min: 1, max: 5 }),
      bias: fc.boolean(),
    });
    fc.assert(
      fc.property(sizes, ({ lead, inputs, outputs, bias }) => {
        const random = stream();
        const dense = new Dense({ inputs, outputs, bias, stream: random, dtype: 'float64' });
        const x = normal([...lead, inputs], random, { dtype: 'float64' });
        const y = dense.forward(x);
        expect(y.shape).toEqual([...lead, outputs]);
        const rows = x.size / inputs;
        for (let r = 0; r < rows; r++) {
          for (let o = 0; o < outputs; o++) {
            let expected = dense.bias?.data[o] ?? 0;
            for (let i = 0; i < inputs; i++) expected += x.data[r * inputs + i] * dense.weight.at(o, i);
            expect(y.data[r * outputs + o]).toBeCloseTo(expected, 12);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([true, false])('applies relu on request, with a bias or without: %s', (bias) => {
    const dense = new Dense({ inputs: 5, outputs: 4, bias, stream: stream() });
    const x = normal([6, 5], stream());
    const y = dense.forward(x, 'relu');
    expect(y.data).toEqual(relu(dense.forward(x)).data);
    expect(y.data.some((v) => v === 0)).toBe(true);
  });

  it('has the gradients of a linear map', () => {
    const dense = new Dense({ inputs: 2, outputs: 2, stream: stream() });
    const x = variable(
      tensor([
        [1, 2],
        [3, 5],
      ]),
    );
    const found = backward(sum(dense.forward(x)));
    expect(found.get(dense.weight).toArray()).toEqual([
      [4, 7],
      [4, 7],
    ]);
    expect(found.get(dense.bias ?? x).toArray()).toEqual([2, 2]);
    const [w00, w01, w10, w11] = dense.weight.data;
    const row = [Math.fround(w00 + w10), Math.fround(w01 + w11)];
    expect(found.get(x).toArray()).toEqual([row, row]);
  });

  it('depends only on the seed, and shares its stream: weight first, then bias', () => {
    const make = () => new Dense({ inputs: 4, outputs: 3, stream: stream() });
    expect(make().stateDict()).toEqual(make().stateDict());
    const random = stream();
    const first = new Dense({ inputs: 4, outputs: 3, stream: random });
    const second = new Dense({ inputs: 4, outputs: 3, stream: random });
    expect(second.weight.data).not.toEqual(first.weight.data);
    const replay = stream();
    expect(first.weight.data).toEqual(replay.uniform(new Float32Array(12), -0.5, 0.5));
    expect(first.bias?.data).toEqual(replay.uniform(new Float32Array(3), -0.5, 0.5));
  });

  it('takes a named scheme, or initialisers of its own', () => {
    const glorot = new Dense({ inputs: 4, outputs: 3, initialize: 'glorotUniform', stream: stream() });
    expect(glorot.bias?.toArray()).toEqual([0, 0, 0]);
    expect(glorot.weight.data.some((x) => x !== 0)).toBe(true);
    const own = { weight: init.constant(2), bias: init.constant(-1) };
    const dense = new Dense({ inputs: 2, outputs: 1, initialize: own, stream: stream() });
    expect(dense.forward(tensor([[1, 1]])).toArray()).toEqual([[3]]);
  });

  it('says what is wrong with its input or options', () => {
    const dense = new Dense({ inputs: 4, outputs: 3, stream: stream() });
    expect(() => dense.forward(tensor([[1, 2]]))).toThrow(
      'Dense: takes [batch, 4] (weight is [3, 4]), but got [1, 2]; reshape it, or change inputs',
    );
    expect(() => dense.forward(tensor([1, 2, 3, 4]))).toThrow('reshape one example to [1, inputs]');
    for (const inputs of [0, -1, 1.5, Number.NaN]) {
      expect(() => new Dense({ inputs, outputs: 1, stream: stream() })).toThrow(RangeError);
      expect(() => new Dense({ inputs: 1, outputs: inputs, stream: stream() })).toThrow('Dense: outputs is');
    }
    const misspelt = () =>
      Reflect.construct(Dense, [{ inputs: 1, outputs: 1, initialize: 'xavier', stream: stream() }]);
    expect(misspelt).toThrow("Dense: no initialisation is named 'xavier'; there are torch, glorotUniform");
  });
});
