import { describe, expect, it } from 'vitest';
import {
  add,
  backward,
  concat,
  configure,
  linear,
  matmul,
  memoryUse,
  mul,
  normal,
  OutOfMemoryError,
  Random,
  relu,
  scope,
  setBackend,
  softmax,
  sum,
  type Tensor,
  transpose,
  variable,
  zeros,
} from '../../../src/index.js';
import { Adam, SGD } from '../../../src/nn.js';

configure({ memory: 8 });

/** 3 MiB: two of them and a result are more than there is. */
const ROWS = 1024;
const COLUMNS = 768;
const draw = (name: string, shape = [ROWS, COLUMNS]): Tensor => normal(shape, new Random(1).stream(name));
const a = draw('a');
const b = draw('b');

/** What `f` gives with the fast kernels, as far as they have room, and with the plain ones. */
function both<T>(f: () => T): [T, T] {
  setBackend('plain');
  const plain = f();
  setBackend('simd');
  return [f(), plain];
}

const expectSame = (got: Tensor, wanted: Tensor): void => {
  expect(got.shape).toEqual(wanted.shape);
  const differs = got.data.findIndex((x, i) => !Object.is(x, wanted.data[i]));
  expect(differs).toBe(-1);
};

describe('outside of scopes', () => {
  const narrow = draw('narrow', [8, COLUMNS]);
  const cases: readonly [string, () => Tensor][] = [
    ['add', () => add(a, b)],
    ['mul', () => mul(a, b)],
    ['matmul', () => matmul(narrow, draw('wide', [COLUMNS, 2 * ROWS]))],
    ['linear', () => linear(a, draw('weight', [COLUMNS, COLUMNS]), zeros([COLUMNS]))],
    ['softmax', () => softmax(concat([a, b]))],
    ['concat', () => concat([a, b], { axis: 1 })],
    ['transpose', () => transpose(concat([a, b]))],
    ['sum', () => sum(concat([a, a, b, b]), { axes: 0 })],
    ['draws', () => draw('many', [3 * ROWS, ROWS])],
  ];

  it.each(cases)('%s beyond the memory of the engine runs, with the bits of the plain kernel', (_, f) => {
    const [got, wanted] = both(f);
    expectSame(got, wanted);
    expect(memoryUse().scopes).toBe(0);
  });

  it.each([
    ['Adam', (p: Map<string, Tensor>) => new Adam(p)],
    ['SGD', (p: Map<string, Tensor>) => new SGD(p, { learningRate: 0.1, momentum: 0.9 })],
  ])('%s takes its step once, also where parameters have no room', (_, make) => {
    const [got, wanted] = both(() => {
      const parameters = new Map(['w', 'v'].map((name) => [name, variable(draw(name), name)]));
      const optimizer = make(parameters);
      for (let step = 0; step < 2; step++) {
        const [w, v] = [...parameters.values()];
        optimizer.step(backward(sum(relu(mul(w, v)))));
      }
      return [...parameters.values()];
    });
    got.forEach((t, i) => {
      expectSame(t, wanted[i]);
    });
  });

  it('small work is fast again afterwards', () => {
    const { runs } = add.op;
    add(a, b);
    const before = runs.fast;
    add(narrow, narrow);
    expect(runs.fast).toBe(before + 1);
  });
});

describe('inside a scope', () => {
  it('what does not fit is an error that says what to do, and leaves all as it was', () => {
    const tooMuch = (): void => scope(() => void add(a, b));
    expect(tooMuch).toThrow(OutOfMemoryError);
    expect(tooMuch).toThrow(/of 8\.0 MiB .* raise the limit .* PATHWISE_MEMORY=16/);
    expect(memoryUse().scopes).toBe(0);
  });
});

describe('an array that cannot be', () => {
  it.each([
    ['of 2^33 numbers', () => zeros([2 ** 33]), '8589934592 float32 numbers (32.0 GiB)'],
    [
      'of 2^40 in float64',
      () => zeros([2 ** 20, 2 ** 20], { dtype: 'float64' }),
      'float64 numbers (8.19e+3 GiB)',
    ],
    [
      'of a product',
      () => matmul(zeros([2 ** 17, 1]), zeros([1, 2 ** 17])),
      '17179869184 float32 numbers (64.0 GiB)',
    ],
    ['of draws', () => normal([2 ** 31, 8], new Random(0).stream('x')), '17179869184 float32 numbers'],
  ])('%s is refused in a sentence', (_, f, words) => {
    expect(f).toThrow(OutOfMemoryError);
    expect(f).toThrow(`out of memory: an array of `);
    expect(f).toThrow(words);
    expect(f).toThrow('look for a wrong size, or compute the result in parts');
  });
});
