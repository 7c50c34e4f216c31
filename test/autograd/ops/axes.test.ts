import { it as property } from '@fast-check/vitest';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arange,
  concat,
  equal,
  gather,
  logSoftmax,
  logsumexp,
  max,
  mean,
  registeredOps,
  reshape,
  scatterAdd,
  slice,
  softmax,
  stack,
  sum,
  tensor,
  transpose,
} from '../../../src/index.js';

const x = reshape(arange(0, 24), { shape: [2, 3, 4] });
const cube = reshape(arange(0, 27), { shape: [3, 3, 3] });
const several = { sum, mean, max, logsumexp, softmax, logSoftmax };
const one = {
  concat: (axes: object) => concat([x, x], axes),
  stack: (axes: object) => stack([x, x], axes),
  gather: (axes: object) => gather(x, { indices: [0, 1, 1], ...axes }),
  scatterAdd: (axes: object) => scatterAdd(cube, { indices: [1, 0, 1], size: 2, ...axes }),
};
const all = {
  ...Object.fromEntries(Object.entries(several).map(([name, op]) => [name, (axes: object) => op(x, axes)])),
  ...one,
};

describe('axis and axes', () => {
  property.prop([fc.constantFrom(...Object.values(all)), fc.integer({ min: -2, max: 1 })])(
    'mean the same, as a number and as a list',
    (op, axis) => {
      const expected = op({ axes: axis });
      for (const given of [{ axis }, { axes: [axis] }, { axis: [axis] }])
        expect(equal(op(given), expected)).toBe(true);
    },
  );

  it('cover every op that has either', () => {
    const having = registeredOps().filter(({ options }) => options.some((name) => /^ax[ie]s$/.test(name)));
    for (const { name, options } of having)
      expect(options, name).toEqual(expect.arrayContaining(['axes', 'axis']));
    expect(having.map(({ name }) => name)).toEqual(
      expect.arrayContaining([...Object.keys(all), 'transpose']),
    );
  });

  it.each(Object.entries(all))('%s refuses both at once, and what are no numbers', (name, op) => {
    expect(() => op({ axis: 0, axes: 0 })).toThrow(
      `${name}: axes and axis mean the same; give only one of them`,
    );
    expect(() => op({ axis: 'rows' })).toThrow(
      `${name}: axes are a number or a list of numbers, but got a string`,
    );
    expect(() => op({ axes: null })).toThrow(`${name}: axes are a number or a list of numbers, but got null`);
  });

  it.each(Object.entries(one))('%s takes one only', (name, op) => {
    expect(() => op({ axes: [0, 1] })).toThrow(`${name}: takes one axis, but got [0, 1]`);
    expect(() => op({ axis: [] })).toThrow(`${name}: takes one axis, but got []`);
  });

  it('of a transposition are an order, by either name', () => {
    const order = [2, 0, 1];
    expect(transpose(x, { axis: order }).shape).toEqual([4, 2, 3]);
    expect(equal(transpose(x, { axis: order }), transpose(x, { axes: order }))).toBe(true);
    expect(() => transpose(x, { axis: order, axes: order })).toThrow(
      'transpose: axes and axis mean the same',
    );
    expect(() => transpose(x, { axes: [0] })).toThrow('transpose: axes [0] must name each dimension');
  });
});

describe('lists that are none', () => {
  const withOptions = (op: (...call: never[]) => unknown, options: object) => () =>
    Reflect.apply(op, undefined, [x, options]);

  it.each(['start', 'stop', 'step'])('slice refuses a number as %s', (option) => {
    expect(withOptions(slice, { [option]: 1 })).toThrow(
      `slice: ${option} is a number; give a list with an integer`,
    );
  });

  it.each([2, 'ab', tensor([0, 1]), new Map()])('gather refuses %o as indices', (indices) => {
    expect(withOptions(gather, { indices })).toThrow(
      /^gather: indices are an? .*; give a list or typed array of integers/,
    );
    expect(gather(x, { indices: new Int32Array([1]) }).shape).toEqual([1, 3, 4]);
  });
});
