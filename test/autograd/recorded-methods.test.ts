import { it as property } from '@fast-check/vitest';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  backward,
  cast,
  DTypeError,
  equal,
  exp,
  grad,
  mul,
  noGrad,
  ones,
  scope,
  square,
  sum,
  type Tensor,
  tensor,
  variable,
} from '../../src/index.js';

const ways: Record<string, (x: Tensor) => Tensor> = {
  clone: (x) => x.clone(),
  view: (x) => x.view([x.size]),
  'to float32': (x) => x.to('float32'),
  'to float64': (x) => x.to('float64'),
};

const values = fc.array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: 1, maxLength: 20 });

describe.each(Object.entries(ways))('%s', (_, way) => {
  property.prop([values, fc.constantFrom('float32', 'float64')])(
    'of a recorded tensor stays in the graph, with the same elements',
    (numbers, dtype) => {
      const x = variable(tensor(numbers, { dtype }));
      const y = way(x);
      expect(y.toArray()).toEqual(numbers);
      expect(y.data).not.toBe(x.data);
      const gradient = backward(sum(mul(y, y))).get(x);
      expect(gradient.dtype).toBe(dtype);
      expect(gradient.toArray()).toEqual(numbers.map((v) => 2 * v));
    },
  );

  it('can be differentiated twice', () => {
    const second = grad((x: Tensor) => sum(grad((t: Tensor) => sum(exp(way(square(way(t))))))(x)[0]));
    const [found] = second(tensor([0.5], { dtype: 'float64' }));
    // (e^(x^2))'' = (2 + 4 x^2) e^(x^2)
    expect(found.item()).toBeCloseTo(3 * Math.exp(0.25), 5);
  });

  it('of plain data, and without recording, is plain data', () => {
    expect(way(tensor([1, 2])).origin).toBeNull();
    expect(noGrad(() => way(variable(tensor([1, 2])))).origin).toBeNull();
  });
});

describe('detach', () => {
  it('leaves the graph, and shares the elements', () => {
    const x = variable(tensor([1, 2, 3]), 'x');
    const loss = sum(mul(x, mul(x, 2).detach()));
    expect(backward(loss).get(x).toArray()).toEqual([2, 4, 6]);
    expect(x.detach().data).toBe(x.data);
    expect(x.detach().origin).toBeNull();
  });

  it('followed by clone is a copy that outlives its step', () => {
    const kept = scope(() =>
      add(variable(ones([40])), 1)
        .detach()
        .clone(),
    );
    expect(kept.data[39]).toBe(2);
  });

  it('of plain data in another shape shares them too', () => {
    const x = ones([6]);
    expect(x.view([2, 3]).data).toBe(x.data);
  });
});

describe('cast', () => {
  property.prop([fc.array(fc.double({ noNaN: true }), { maxLength: 20 })])(
    'rounds to the nearest float32',
    (numbers) => {
      const x = tensor(numbers, { dtype: 'float64' });
      const y = cast(x, { dtype: 'float32' });
      expect(y.dtype).toBe('float32');
      expect([...y.data]).toEqual(numbers.map(Math.fround));
      expect(equal(cast(y, { dtype: 'float64' }), y.to('float64'))).toBe(true);
    },
  );

  it('refuses a dtype that does not exist', () => {
    const call = (options: unknown) => () => Reflect.apply(cast, undefined, [ones([1]), options]);
    expect(call({ dtype: 'half' })).toThrow(DTypeError);
    expect(call({ dtype: 'half' })).toThrow(
      "cast: there is no dtype 'half'; there are 'float32' and 'float64'",
    );
    expect(call(undefined)).toThrow('cast: there is no dtype undefined');
    expect(call({ type: 'float32' })).toThrow("cast: there is no option 'type'; there is only 'dtype'");
  });
});
