import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { gradcheck } from '../../src/check.js';
import { backward, equal, mul, ones, Random, sum, Tensor, tensor, zeros } from '../../src/index.js';
import { Dense, Dropout, Embedding, Flatten, LayerNorm, Sequential } from '../../src/nn.js';
import { dtypes } from '../arbitraries.js';

const stream = (name = 'layers') => new Random(4).stream(name);
const draw = (shape: readonly number[], name: string): Tensor =>
  new Tensor(stream(name).normal(new Float64Array(shape.reduce((a, b) => a * b, 1))), shape);

describe('Dropout', () => {
  it('scales what it keeps in training mode, and does nothing in evaluation mode', () => {
    const layer = new Dropout({ rate: 0.2, stream: stream() });
    const x = ones([100, 100]);
    const y = layer.forward(x);
    expect(new Set(y.data)).toEqual(new Set([0, Math.fround(1 / 0.8)]));
    expect(y.data.filter((value) => value === 0).length / y.size).toBeCloseTo(0.2, 1);
    expect(layer.eval().forward(x)).toBe(x);
    expect(layer.train().forward(x)).not.toBe(x);
  });

  it('goes on in its stream, and repeats from a position', () => {
    const layer = new Dropout({ stream: stream() });
    const x = ones([64]);
    const first = layer.forward(x);
    const { position } = layer.stream;
    const second = layer.forward(x);
    expect(equal(first, second)).toBe(false);
    layer.stream.seek(position);
    expect(equal(layer.forward(x), second)).toBe(true);
    const { position: still } = layer.stream;
    layer.eval().forward(x);
    expect(layer.stream.position).toBe(still);
  });

  it('keeps everything at a rate of 0, and draws nothing', () => {
    const layer = new Dropout({ rate: 0, stream: stream() });
    const x = ones([3]);
    expect(layer.forward(x)).toBe(x);
    expect(layer.stream.position).toBe(0);
    expect(`${layer}`).toBe('Dropout(rate=0)');
  });

  it('passes the gradient of what it keeps', () => {
    const from = stream();
    const layer = new Dropout({ rate: 0.5, stream: from });
    const same = (x: Tensor): Tensor => {
      from.seek(0);
      return layer.forward(x);
    };
    expect(gradcheck(same, [draw([3, 4], 'dropout')]).passed).toBe(true);
  });

  it('refuses a rate out of range, and a missing stream', () => {
    expect(() => new Dropout({ rate: 1, stream: stream() })).toThrow(
      'Dropout: rate is 1; it must be a finite number of 0 or more, below 1',
    );
    expect(() => new Dropout({ rate: Number.NaN, stream: stream() })).toThrow('rate is NaN');
    expect(() => Reflect.construct(Dropout, [{ rate: 0.1 }])).toThrow(
      'Dropout: takes a stream of random numbers',
    );
    expect(() => Reflect.construct(Dropout, [{ p: 0.1, stream: stream() }])).toThrow(
      "there is no option 'p'",
    );
  });
});

describe('LayerNorm', () => {
  const number = fc.float({ min: -8, max: 8, noNaN: true });
  const rows = fc.array(number, { minLength: 4, maxLength: 4 });

  test.prop([fc.array(rows, { minLength: 1, maxLength: 4 }), dtypes])(
    'is its formula, to rounding',
    (list, dtype) => {
      const y = new LayerNorm({ shape: 4, dtype }).forward(tensor(list, { dtype }));
      list.forEach((row, i) => {
        const mean = row.reduce((a, b) => a + b, 0) / row.length;
        const sigma = Math.sqrt(row.reduce((total, x) => total + (x - mean) ** 2, 0) / row.length + 1e-5);
        // Elements are rounded before the mean is taken from them.
        const size = 1 + Math.max(...row.map(Math.abs)) / sigma;
        row.forEach((x, j) => {
          const error = Math.abs(y.at(i, j) - (x - mean) / sigma);
          expect(error).toBeLessThanOrEqual((dtype === 'float32' ? 1e-6 : 1e-14) * size);
        });
      });
    },
  );

  it('gives what PyTorch gives: [1, 2, 4, 9] with eps 1e-5', () => {
    const y = new LayerNorm({ shape: [4] }).forward(tensor([[1, 2, 4, 9]]));
    // (x - 4) / sqrt(9.5 + 1e-5)
    const expected = [-0.973328, -0.648886, 0, 1.622214];
    expect(y.shape).toEqual([1, 4]);
    for (const [j, value] of expected.entries()) expect(Math.abs(y.at(0, j) - value)).toBeLessThan(1e-6);
  });

  it('has weight and bias of the shape, which scale and shift', () => {
    const layer = new LayerNorm({ shape: [2, 3], dtype: 'float64' });
    expect([...layer.namedParameters()].map(([name, { shape }]) => [name, shape])).toEqual([
      ['weight', [2, 3]],
      ['bias', [2, 3]],
    ]);
    const x = draw([4, 2, 3], 'norm');
    const plain = new LayerNorm({ shape: [2, 3], affine: false, dtype: 'float64' });
    expect(plain.parameterCount).toBe(0);
    expect(equal(layer.forward(x), plain.forward(x))).toBe(true);
    layer.weight?.data.fill(2);
    layer.bias?.data.fill(1);
    expect(layer.forward(x).at(1, 1, 1)).toBeCloseTo(2 * plain.forward(x).at(1, 1, 1) + 1, 12);
    expect(`${layer}`).toBe('LayerNorm(shape=[2, 3], eps=0.00001, affine=true)');
  });

  it('passes gradcheck to second order', () => {
    const layer = new LayerNorm({ shape: 3, dtype: 'float64' });
    const weighted = (x: Tensor): Tensor => sum(mul(layer.forward(x), draw([2, 3], 'weights')));
    expect(gradcheck(weighted, [draw([2, 3], 'x')], { order: 2 }).passed).toBe(true);
  });

  it('refuses shapes that do not fit', () => {
    expect(() => new LayerNorm({ shape: [] })).toThrow(
      'LayerNorm: shape is []; it must name one dimension or more',
    );
    expect(() => new LayerNorm({ shape: 0 })).toThrow('none of them 0');
    expect(() => new LayerNorm({ shape: 2, eps: -1 })).toThrow('eps is -1');
    expect(() => new LayerNorm({ shape: 3 }).forward(zeros([3, 2]))).toThrow(
      'LayerNorm: normalizes over [3], but the last dimensions of [3, 2] differ',
    );
    expect(() => new LayerNorm({ shape: [2, 3] }).forward(zeros([3]))).toThrow('[3] differ');
  });
});

describe('Embedding', () => {
  const layer = () => new Embedding({ count: 5, size: 3, stream: stream('embedding') });

  it('looks rows up, of any shape of indices', () => {
    const { weight, ...rest } = layer();
    expect(rest.count).toBe(5);
    const y = layer().forward(
      tensor([
        [4, 0],
        [2, 2],
        [0, 1],
      ]),
    );
    expect(y.shape).toEqual([3, 2, 3]);
    [4, 0, 2, 2, 0, 1].forEach((row, i) => {
      expect([...y.data.subarray(3 * i, 3 * i + 3)]).toEqual([...weight.data.subarray(3 * row, 3 * row + 3)]);
    });
    expect(layer().forward(Uint8Array.of(1)).shape).toEqual([1, 3]);
  });

  it('adds the gradients of rows that are used again', () => {
    const table = layer();
    const gradient = backward(sum(table.forward([1, 3, 1]))).get(table.weight);
    expect(gradient.toArray()).toEqual([0, 2, 0, 1, 0].map((n) => [n, n, n]));
  });

  it('names what is out of range', () => {
    expect(() => layer().forward([0, 5])).toThrow(
      'Embedding: index 5 (number 1) is out of range; it must be an integer from 0 to 4',
    );
    expect(() => new Embedding({ count: 0, size: 3, stream: stream() })).toThrow('Embedding: count is 0');
  });
});

describe('Flatten', () => {
  it('makes one dimension of all but the first', () => {
    expect(new Flatten().forward(zeros([2, 3, 4])).shape).toEqual([2, 12]);
    expect(new Flatten().forward(zeros([0, 3, 4])).shape).toEqual([0, 12]);
    expect(new Flatten().forward(zeros([2])).shape).toEqual([2, 1]);
    expect(() => new Flatten().forward(tensor(1))).toThrow('Flatten: needs [batch, ...], but got a scalar');
    const model = new Sequential(new Flatten(), new Dense({ inputs: 12, outputs: 2, stream: stream() }));
    expect(model.forward(zeros([5, 3, 4])).shape).toEqual([5, 2]);
  });
});
