import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { add, backward, mul, sum, variable } from '../../../src/autograd/index.js';
import { Random } from '../../../src/index.js';
import { Dense } from '../../../src/nn/dense.js';
import {
  memoryUse,
  normal,
  OutOfMemoryError,
  StaleTensorError,
  scope,
  Tensor,
  tensor,
  zeros,
} from '../../../src/tensor/index.js';

const draw = (shape: number[], seed = 0): Tensor => normal(shape, new Random(seed).stream('x'));

describe('scope', () => {
  it('gives what its function returns, and the memory back', () => {
    const before = memoryUse().scopes;
    const value = scope(() => {
      const x = add(draw([100, 10]), 1);
      expect(memoryUse().scopes).toBeGreaterThan(before);
      return sum(x).item();
    });
    expect(memoryUse().scopes).toBe(before);
    expect(value).toBe(sum(add(draw([100, 10]), 1)).item());
  });

  it('uses the same memory in each scope', () => {
    const run = (): void => {
      scope(() => {
        for (let i = 0; i < 20; i++) add(draw([1000]), 1);
      });
    };
    run();
    const peak = memoryUse().scopesPeak;
    for (let i = 0; i < 50; i++) run();
    expect(memoryUse().scopesPeak).toBe(peak);
  });

  it.each([1, 16, 17, 1000])('ends the life of its tensors, of %i elements too', (size) => {
    const made = scope(() => [draw([size]), mul(variable(draw([size])), 2)] as const);
    for (const t of made) {
      expect(() => t.data).toThrow(StaleTensorError);
      expect(() => add(t, 1)).toThrow(StaleTensorError);
      expect(t.shape).toEqual([size]);
    }
    expect(() => made[1].data).toThrow(
      /^'mul#\d+' belongs to scope \d+, which is over; call .keep\(\) inside the scope/,
    );
    expect(() => made[0].named('noise').data).toThrow(/^'noise' belongs to scope/);
  });

  it('keeps what is asked to be kept, as it was', () => {
    const plain = mul(draw([50]), 3).toArray();
    const kept = scope(() => mul(draw([50]), 3).keep());
    scope(() => draw([5000], 1));
    expect(kept.toArray()).toEqual(plain);
    expect(kept.keep()).toBe(kept);
  });

  it('leaves alone what was made outside, and views of it', () => {
    const x = draw([100]);
    const leaf = scope(() => variable(x));
    expect(leaf.toArray()).toEqual(x.toArray());
    expect(x.keep()).toBe(x);
  });

  it('makes views as short-lived as what they show', () => {
    const [inner, kept] = scope(() => {
      const t = draw([40]);
      const view = t.view([4, 10]);
      expect(view.toArray()).toEqual(t.view([4, 10]).toArray());
      return [view, t.detach().keep()];
    });
    expect(() => inner.data).toThrow(StaleTensorError);
    expect(kept.toArray()).toEqual(draw([40]).toArray());
  });

  it('may stand inside another, which goes on with its own', () => {
    scope(() => {
      const outer = draw([64]);
      const before = outer.toArray();
      const lost = scope(() => mul(outer, 2));
      expect(() => lost.data).toThrow(StaleTensorError);
      const after = mul(draw([640], 1), 2);
      expect(outer.toArray()).toEqual(before);
      expect(after.toArray()).toEqual(scope(() => mul(draw([640], 1), 2).toArray()));
    });
  });

  it('is over after an error too', () => {
    const before = memoryUse().scopes;
    let inner: Tensor | undefined;
    expect(() =>
      scope(() => {
        inner = draw([100]);
        throw new Error('halfway');
      }),
    ).toThrow('halfway');
    expect(memoryUse().scopes).toBe(before);
    expect(() => inner?.data).toThrow(StaleTensorError);
  });

  it('refuses an asynchronous function, by type and with an error', () => {
    // @ts-expect-error a promise is refused by the compiler
    expect(() => scope(async () => 1)).toThrow(/await outside/);
    // @ts-expect-error and so is one that is made by hand
    expect(() => scope(() => Promise.resolve(1))).toThrow(TypeError);
  });

  it('zero-fills what is to be zero, whatever stood there before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 17, max: 3000 }),
        fc.constantFrom('float32', 'float64'),
        (size, dtype) => {
          scope(() => zeros([size], { dtype }).data.fill(Number.NaN));
          scope(() => {
            expect(Tensor.empty([size], dtype).data.every((x) => Object.is(x, 0))).toBe(true);
          });
        },
      ),
    );
  });

  it('gives gradients the same bits as outside of steps', () => {
    const x = variable(draw([30, 40]));
    const w = variable(draw([40, 20], 1));
    const gradients = (): unknown => {
      const y = sum(mul(x, 2));
      const loss = add(y, sum(mul(w, w)));
      const found = backward(loss);
      return [found.get(x).toArray(), found.get(w).toArray()];
    };
    expect(scope(gradients)).toEqual(gradients());
  });

  it('leaves parameters made inside it to their model', () => {
    const layer = scope(() => new Dense({ inputs: 30, outputs: 20, stream: new Random(0).stream('init') }));
    const weight = layer.weight.toArray();
    scope(() => draw([5000]));
    expect(layer.weight.toArray()).toEqual(weight);
  });

  it('that needs too much says what is in use and what raises the limit, and leaves all as it was', () => {
    const layer = new Dense({ inputs: 30, outputs: 20, stream: new Random(0).stream('init') });
    const weight = layer.weight.toArray();
    const before = memoryUse();
    const tooMuch = (): unknown => scope(() => [zeros([2 ** 20]), zeros([before.limit / 4])]);
    expect(tooMuch).toThrow(OutOfMemoryError);
    expect(tooMuch).toThrow(
      /^out of memory: 1024\.0 MiB more are needed, but of 1024\.0 MiB models hold [\d.]+ and the open scopes 4\.0; raise the limit \(at most 2047\) with PATHWISE_MEMORY=2047 or configure\(\{ memory: 2047 \}\)/,
    );
    expect(memoryUse().scopes).toBe(before.scopes);
    expect(layer.weight.toArray()).toEqual(weight);
    expect(scope(() => sum(layer.forward(draw([2, 30]))).item())).toBeTypeOf('number');
  });

  it('takes numbers and given arrays as they are', () => {
    const array = Float32Array.from({ length: 40 }, (_, i) => i);
    const t = scope(() => new Tensor(array, [40]));
    expect(t.data).toBe(array);
    expect(scope(() => tensor([1, 2, 3]).keep()).toArray()).toEqual([1, 2, 3]);
  });
});

describe('Tensor.persistent', () => {
  it('gives zeros in the memory of models, and that memory back when they are gone', async () => {
    const before = memoryUse().models;
    let held: Tensor | null = Tensor.persistent([1000], 'float32');
    expect(held.data.every((x) => x === 0)).toBe(true);
    expect(memoryUse().models).toBeGreaterThan(before);
    held = null;
    for (let i = 0; i < 50 && memoryUse().models > before; i++) {
      // Pressure, so that the collector runs.
      for (let k = 0; k < 50; k++) new Float32Array(2 ** 18).fill(k);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(memoryUse().models).toBeLessThanOrEqual(before);
  });

  it('makes ordinary arrays where there is no room, and in float64', () => {
    const { limit } = memoryUse();
    const large = Tensor.persistent([limit / 8 + 1], 'float32');
    expect(large.address).toBe(0);
    expect(memoryUse().modelsElsewhere).toBeGreaterThan(limit / 2);
    expect(Tensor.persistent([100], 'float64').data).toBeInstanceOf(Float64Array);
  });
});
