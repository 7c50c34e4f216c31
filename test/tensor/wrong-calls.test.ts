import { runInNewContext } from 'node:vm';
import { it as property } from '@fast-check/vitest';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bernoulli,
  DTypeError,
  equal,
  eye,
  full,
  normal,
  ones,
  Random,
  reshape,
  ShapeError,
  Tensor,
  tensor,
  uniform,
  variable,
  zeros,
} from '../../src/index.js';
import { Dense } from '../../src/nn.js';

/** Calls with what a program in JavaScript may pass. */
const call =
  (f: (...args: never[]) => unknown, ...args: unknown[]) =>
  () =>
    Reflect.apply(f, undefined, args);

/** A typed array of another realm, as from a vm context or an iframe. */
const foreign = <T>(kind: string, values: readonly number[]): T =>
  runInNewContext(`${kind}.from([${values}])`);

describe('typed arrays', () => {
  const kinds = [
    'Int8Array',
    'Uint8Array',
    'Uint8ClampedArray',
    'Int16Array',
    'Uint16Array',
    'Int32Array',
    'Uint32Array',
    'Float32Array',
    'Float64Array',
  ];

  property.prop([fc.constantFrom(...kinds), fc.array(fc.integer({ min: 0, max: 127 }))])(
    'of every kind and of another realm become tensors',
    (kind, values) => {
      const own = tensor(Reflect.construct(Reflect.get(globalThis, kind), [values]));
      expect(own.dtype).toBe(kind === 'Float64Array' ? 'float64' : 'float32');
      expect(own.toArray()).toEqual(values);
      expect(equal(tensor(foreign(kind, values)), own)).toBe(true);
    },
  );

  it('of another realm are kept by the constructor, as memory of this one', () => {
    for (const [kind, dtype, own] of [
      ['Float32Array', 'float32', Float32Array],
      ['Float64Array', 'float64', Float64Array],
    ] as const) {
      const data = foreign<Float32Array | Float64Array>(kind, [1, 2, 3, 4]);
      const t = new Tensor(data, [2, 2]);
      expect(t.dtype).toBe(dtype);
      expect(t.data).toBeInstanceOf(own);
      data[3] = 7;
      expect(t.at(1, 1)).toBe(7);
    }
  });

  it('of another realm are filled with the same draws', () => {
    const fill = (out: Float32Array | Float64Array, kind: 'normal' | 'uniform' | 'bernoulli') => {
      const stream = new Random(3).stream('draws');
      return kind === 'bernoulli' ? stream.bernoulli(out, 0.3) : stream[kind](out);
    };
    const zeros = Array(200).fill(0);
    for (const kind of ['normal', 'uniform', 'bernoulli'] as const) {
      const there = foreign<Float32Array>('Float32Array', zeros);
      expect(fill(there, kind)).toBe(there);
      expect([...there]).toEqual([...fill(new Float32Array(200), kind)]);
      const wide = foreign<Float64Array>('Float64Array', zeros);
      expect([...fill(wide, kind)]).toEqual([...fill(new Float64Array(200), kind)]);
    }
  });

  it('of no numbers are refused', () => {
    expect(call(tensor, new BigInt64Array(2))).toThrow('tensor: takes numbers, but got a BigInt64Array');
    expect(call(tensor, new DataView(new ArrayBuffer(8)))).toThrow(
      'tensor: takes numbers, but got a DataView',
    );
    for (const data of [new Int32Array(2), [1, 2], 'ab', undefined]) {
      expect(() => Reflect.construct(Tensor, [data, [2]])).toThrow(DTypeError);
      expect(() => Reflect.construct(Tensor, [data, [2]])).toThrow(
        'Tensor: elements are held by a Float32Array or Float64Array',
      );
    }
  });
});

describe('shapes', () => {
  const wrong: [unknown, string][] = [
    [[2.5, 2], '[2.5, 2]'],
    [[-2, -3], '[-2, -3]'],
    [['2'], '[a string]'],
    [[Number.NaN], '[NaN]'],
    [[undefined, 3], '[undefined, 3]'],
  ];

  it.each(wrong)('%o is refused for what it is, though the product may fit', (shape, shown) => {
    const message = `a dimension must be a non-negative integer, but the shape is ${shown}`;
    const size = Number(Array.isArray(shape) ? shape.reduce((a, b) => a * b, 1) : 0) || 0;
    const data = new Float32Array(Math.abs(size));
    const makers: [string, () => unknown][] = [
      ['Tensor', () => Reflect.construct(Tensor, [data, shape])],
      ['Tensor', call(tensor, data, { shape })],
      ['Tensor', () => Reflect.apply(Tensor.prototype.view, new Tensor(data, [data.length]), [shape])],
      ['zeros', call(zeros, shape)],
      ['ones', call(ones, shape)],
      ['full', call(full, shape, 1)],
      ['normal', call(normal, shape, new Random(0).stream('a'))],
    ];
    for (const [who, make] of makers) {
      expect(make).toThrow(ShapeError);
      expect(make).toThrow(`${who}: ${message}`);
    }
    expect(call(reshape, new Tensor(data, [data.length]), { shape })).toThrow(ShapeError);
  });

  it('are lists', () => {
    expect(call(zeros, 2, 3)).toThrow('zeros: the shape is a number; give a list of sizes, as in [2, 3]');
    expect(call(ones)).toThrow('ones: the shape is undefined; give a list of sizes');
    expect(call(uniform, new Int32Array(2))).toThrow(
      'uniform: the shape is an Int32Array; give a list of sizes',
    );
    expect(call(reshape, ones([6]), { shape: 6 })).toThrow(
      'reshape: the shape is a number; give a list of sizes',
    );
  });
});

describe('wrong calls get a sentence', () => {
  it.each([normal, uniform, bernoulli])('draws without a stream: %o', (draw) => {
    const said = (got: string) =>
      `${draw.name}: takes a stream of random numbers, but got ${got}; pass one by name, as in new Random(0).stream('noise')`;
    expect(call(draw, [2])).toThrow(said('undefined'));
    expect(call(draw, [2], new Random(0))).toThrow(said('a Random'));
    expect(call(draw, [2], { std: 2 })).toThrow(said('an object'));
  });

  it('options that are needed', () => {
    expect(() => Reflect.construct(Dense, [])).toThrow(
      'Dense: options are given by name, as in { inputs: ... }, but got undefined',
    );
    expect(() => Reflect.construct(Dense, [2, 3])).toThrow('Dense: options are given by name');
    expect(() => Reflect.construct(Dense, [{ inputs: 2, outputs: 3 }])).toThrow(
      'Dense: takes a stream of random numbers, but got undefined',
    );
    expect(call(bernoulli, [2], new Random(0).stream('a'))).toThrow(
      'bernoulli: the probability is undefined',
    );
  });

  it('options and dtypes that do not exist', () => {
    const stream = new Random(0).stream('noise');
    expect(call(normal, [2], stream, { stddev: 2 })).toThrow(
      "normal: there is no option 'stddev'; there are dtype, mean, std; did you mean 'std'?",
    );
    expect(call(uniform, [2], stream, { min: 0 })).toThrow('there are dtype, low, high');
    expect(call(bernoulli, [2], stream, 0.5, { p: 1 })).toThrow(
      "bernoulli: there is no option 'p'; there is only 'dtype'",
    );
    for (const make of [zeros, ones]) {
      expect(call(make, [2], { type: 'float64' })).toThrow(`${make.name}: there is no option 'type'`);
      expect(call(make, [2], 'float64')).toThrow(`${make.name}: options are given by name`);
      expect(call(make, [2], { dtype: 'float16' })).toThrow(
        `${make.name}: there is no dtype 'float16'; there are 'float32' and 'float64'`,
      );
    }
    expect(call(eye, 2, { dtype: 'double' })).toThrow("eye: there is no dtype 'double'");
    expect(call(tensor, [1], { shapes: [1] })).toThrow("tensor: there is no option 'shapes'");
    expect(call(tensor, [1], { dtype: 'int32' })).toThrow("tensor: there is no dtype 'int32'");
    expect(() => Reflect.apply(Tensor.prototype.to, ones([1]), ['half'])).toThrow(
      "to: there is no dtype 'half'",
    );
  });

  it('what is no number or tensor', () => {
    expect(call(full, [2])).toThrow('full: the value is undefined; give a number');
    expect(call(tensor, ones([1]))).toThrow('tensor: expected numbers nested in arrays, but found a Tensor');
    expect(call(tensor, [true])).toThrow('found a boolean');
    expect(call(variable, [1, 2])).toThrow(
      'variable: takes a tensor, but got an array; make one with tensor(...)',
    );
    expect(call(variable)).toThrow('variable: takes a tensor, but got undefined');
  });
});
