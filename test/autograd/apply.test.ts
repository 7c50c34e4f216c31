import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRecording } from '../../src/autograd/apply.js';
import {
  add,
  backward,
  concat,
  exp,
  mul,
  noGrad,
  stopGradient,
  sum,
  variable,
} from '../../src/autograd/index.js';
import { nodeOf } from '../../src/autograd/node.js';
import { DTypeError, equal, tensor } from '../../src/tensor/index.js';
import { dtypes, tensors } from '../arbitraries.js';

describe('inputs of the wrong kind', () => {
  it.each([
    ['an array', [1, 2]],
    ['null', null],
    ['undefined', undefined],
    ['a string', 'x'],
    ['a boolean', true],
    ['a bigint', 1n],
    ['a Float32Array', new Float32Array(2)],
    ['a Uint8Array', new Uint8Array(2)],
    ['an object', { data: [1] }],
    ['a function', () => 1],
  ])('%s is refused by name and place', (kind, value) => {
    const message = (op: string, place: number): string =>
      `${op}: input ${place} is ${kind}, not a tensor or a number; make one with tensor(...)`;
    expect(() => exp(value as never)).toThrow(DTypeError);
    expect(() => exp(value as never)).toThrow(message('exp', 0));
    expect(() => mul(1, value as never)).toThrow(message('mul', 1));
    expect(() => concat([tensor([1]), value as never])).toThrow(message('concat', 1));
  });

  it('dtypes do not mix', () => {
    const a = tensor([1]);
    const b = tensor([1], { dtype: 'float64' });
    expect(() => add(a, b)).toThrow(DTypeError);
    expect(() => add(a, b)).toThrow(
      "add: inputs mix float32 and float64 (input 1); convert one with .to('float32')",
    );
    expect(() => concat([b, b, a])).toThrow('concat: inputs mix float64 and float32 (input 2)');
  });
});

describe('plain numbers', () => {
  it('take the dtype of the tensors beside them', () => {
    fc.assert(
      fc.property(dtypes, fc.double({ noNaN: true, min: -9, max: 9 }), (dtype, x) => {
        const one = tensor(1, { dtype });
        const rounded = dtype === 'float32' ? Math.fround(x) : x;
        expect(mul(x, one).dtype).toBe(dtype);
        expect(mul(x, one).item() + 0).toBe(rounded + 0);
        expect(mul(one, x).item() + 0).toBe(rounded + 0);
      }),
    );
  });

  it('alone make a float32 scalar', () => {
    const y = add(0.1, 0.2);
    expect([y.dtype, y.shape]).toEqual(['float32', []]);
    expect(y.item()).toBe(Math.fround(Math.fround(0.1) + Math.fround(0.2)));
  });
});

describe('recording', () => {
  it('happens only where an input is recorded', () => {
    const x = variable(tensor([1, 2]));
    expect(nodeOf(add(tensor(1), 2))).toBeNull();
    expect(nodeOf(exp(x))?.op?.name).toBe('exp');
    expect(nodeOf(stopGradient(x))?.needsGradient).toBe(false);
    expect(nodeOf(add(stopGradient(x), 1))?.needsGradient).toBe(false);
  });

  it('leaves inputs and values alone: a recorded op gives the bits of an unrecorded one', () => {
    fc.assert(
      fc.property(dtypes.chain(tensors), (x) => {
        const before = x.clone();
        const leaf = variable(x);
        expect(equal(exp(leaf), exp(x))).toBe(true);
        expect(equal(sum(leaf), sum(x))).toBe(true);
        expect(equal(x, before)).toBe(true);
        expect(nodeOf(x)).toBeNull();
      }),
    );
  });

  it('keeps attributes, inputs and an increasing id', () => {
    const x = variable(tensor([[1, 2]]));
    const y = sum(x, { axes: -1 });
    const z = exp(y);
    expect(nodeOf(y)?.attributes).toEqual({ axes: [1], keepDims: false });
    expect(nodeOf(y)?.inputs[0]).toBe(x);
    expect(nodeOf(z)?.id).toBeGreaterThan(nodeOf(y)?.id ?? Number.POSITIVE_INFINITY);
  });
});

describe('noGrad', () => {
  it('gives plain data, and what f returns', () => {
    const x = variable(tensor(2));
    const y = noGrad(() => exp(x));
    expect(nodeOf(y)).toBeNull();
    expect(noGrad(() => 7)).toBe(7);
    expect(nodeOf(exp(x))).not.toBeNull();
  });

  it('is put back after a nested one and after an error', () => {
    noGrad(() => {
      noGrad(() => expect(isRecording()).toBe(false));
      expect(isRecording()).toBe(false);
    });
    expect(isRecording()).toBe(true);
    expect(() =>
      noGrad(() => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(isRecording()).toBe(true);
  });

  it('is put back after an error in an op and in a rule', () => {
    const x = variable(tensor([1, 2]));
    expect(() => noGrad(() => add(x, tensor([1, 2, 3])))).toThrow('add');
    expect(() => backward(x)).toThrow('reduce it');
    expect(isRecording()).toBe(true);
  });

  it('makes a constant of what it computes, so that its gradient does not flow', () => {
    const x = variable(tensor(3));
    const square = mul(
      x,
      noGrad(() => mul(x, 1)),
    );
    expect(backward(square).get(x).item()).toBe(3);
  });
});

describe('variable', () => {
  it('shares the data and takes the label of its argument or a new one', () => {
    const x = tensor([1, 2]).named('x');
    expect(variable(x).data).toBe(x.data);
    expect(variable(x).label).toBe('x');
    expect(variable(x, 'w').label).toBe('w');
    expect(x.label).toBe('x');
  });

  it('of a recorded tensor starts anew', () => {
    const x = variable(tensor(2));
    const y = variable(mul(x, x), 'y');
    const found = backward(mul(y, 5));
    expect(found.get(y).item()).toBe(5);
    expect(found.find(x)).toBeUndefined();
  });
});
