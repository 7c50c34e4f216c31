import { describe, expect, it } from 'vitest';
import { mul } from '../../src/autograd/ops/index.js';
import { variable } from '../../src/autograd/variable.js';
import { Dense, Layer, Module, Sequential, StateError, Tanh } from '../../src/nn/index.js';
import { equal } from '../../src/tensor/compare.js';
import { tensor } from '../../src/tensor/create.js';
import { Random } from '../../src/tensor/random/index.js';
import type { Tensor } from '../../src/tensor/tensor.js';

const stream = () => new Random(1).stream('init');

class Small extends Module {
  readonly scale = variable(tensor([1, 2]));
  readonly constant = tensor([5]);
  readonly computed = mul(this.scale, 2);
  readonly note = 'not a parameter';
  readonly encoder: Sequential;
  readonly heads: readonly Dense[];

  constructor() {
    super();
    const init = stream();
    this.encoder = new Sequential(
      new Dense({ inputs: 3, outputs: 2, stream: init }),
      new Tanh(),
      new Dense({ inputs: 2, outputs: 2, bias: false, stream: init }),
    );
    this.heads = [new Dense({ inputs: 2, outputs: 1, stream: init })];
  }
}

const NAMES = [
  'scale',
  'encoder.0.weight',
  'encoder.0.bias',
  'encoder.2.weight',
  'heads.0.weight',
  'heads.0.bias',
];

describe('Module', () => {
  it("names parameters by their fields in order of definition, with PyTorch's dots", () => {
    const model = new Small();
    expect([...model.namedParameters().keys()]).toEqual(NAMES);
    expect(model.namedParameters().get('encoder.0.weight')).toBe(
      model.encoder.layers[0] instanceof Dense ? model.encoder.layers[0].weight : null,
    );
    expect([...model.namedChildren().keys()]).toEqual(['encoder', 'heads.0']);
    expect(model.parameterCount).toBe(2 + 6 + 2 + 4 + 2 + 1);
  });

  it('keeps one tensor under two names once among the parameters, twice in the state', () => {
    class Tied extends Module {
      readonly first = variable(tensor([1, 2, 3]));
      readonly second = this.first;
    }
    const tied = new Tied();
    expect([...tied.namedParameters().keys()]).toEqual(['first']);
    expect([...tied.stateDict().keys()]).toEqual(['first', 'second']);
    expect(tied.parameterCount).toBe(3);
    tied.loadStateDict(tied.stateDict());
  });

  it('refuses a module that contains itself, naming the place', () => {
    class Loop extends Module {
      readonly inner: Module[] = [];
    }
    const loop = new Loop();
    loop.inner.push(loop);
    expect(() => loop.namedParameters()).toThrow("Loop: the module at 'inner.0' contains itself");
  });

  it('prints the tree as PyTorch does', () => {
    expect(`${new Small().encoder}`).toBe(
      [
        'Sequential(',
        '  (0): Dense(inputs=3, outputs=2, bias=true)',
        '  (1): Tanh()',
        '  (2): Dense(inputs=2, outputs=2, bias=false)',
        ')',
      ].join('\n'),
    );
    expect(`${new Small()}`).toContain('\n  (encoder): Sequential(\n    (0): Dense(inputs=3');
    expect(`${new Small()}`).toMatch(/\n {2}\)\n {2}\(heads\.0\): Dense\(.*\)\n\)$/);
  });
});

describe('stateDict and loadStateDict', () => {
  it('gives copies, and loads them into the same storage', () => {
    const model = new Small();
    const saved = model.stateDict();
    const storage = [...model.namedParameters().values()].map((t) => t.data);
    for (const t of model.namedParameters().values()) t.data.fill(7);
    expect([...saved.values()].some((t) => t.data.includes(7))).toBe(false);
    expect(model.loadStateDict(saved)).toEqual({ missing: [], unexpected: [] });
    const loaded = [...model.namedParameters()];
    expect(loaded.map(([, t]) => t.data).every((data, i) => data === storage[i])).toBe(true);
    for (const [name, t] of loaded) expect(equal(t, saved.get(name) ?? tensor(0))).toBe(true);
  });

  it('converts the dtype, and refuses what is not finite in it before anything changes', () => {
    const dense = new Dense({ inputs: 1, outputs: 2, stream: stream() });
    const before = dense.weight.clone();
    const load = (weight: number, bias: number) =>
      dense.loadStateDict(
        new Map([
          ['weight', tensor([[0.1], [weight]], { dtype: 'float64' })],
          ['bias', tensor([1, bias])],
        ]),
      );
    expect(() => load(1, Number.POSITIVE_INFINITY)).toThrow(StateError);
    expect(() => load(Number.NaN, 1)).toThrow(
      /element 1 of 'weight' is NaN; every number must be finite in float32/,
    );
    // Finite in float64 alone.
    expect(() => load(1e39, 1)).toThrow(/element 1 of 'weight' is 1e\+39/);
    expect(() => load(1e39, 1)).toThrow('finite in float32');
    const most = 2 ** 128 - 2 ** 104;
    const both = new Map([
      ['weight', tensor([[most], [-1e39]], { dtype: 'float64' })],
      ['bias', tensor([0, 0])],
    ]);
    expect(() => dense.loadStateDict(both)).toThrow("element 1 of 'weight' is -1e+39");
    expect(equal(dense.weight, before)).toBe(true);
    load(3e38, 1);
    expect(dense.weight.dtype).toBe('float32');
    expect([...dense.weight.data]).toEqual([Math.fround(0.1), Math.fround(3e38)]);
  });

  const attempt = (change: (state: Map<string, Tensor>) => void, strict?: boolean) => {
    const model = new Small();
    const state = new Map(
      [...model.stateDict()].map(([name, t]) => [
        name,
        tensor(
          t.data.map((x) => x + 1),
          { shape: t.shape, dtype: t.dtype },
        ),
      ]),
    );
    change(state);
    const before = model.stateDict();
    const load = () => model.loadStateDict(state, strict === undefined ? {} : { strict });
    const unchanged = () =>
      [...model.stateDict()].every(([name, t]) => equal(t, before.get(name) ?? t.to('float64')));
    return { load, unchanged, model, state };
  };

  it('names everything that does not fit in one message and changes nothing', () => {
    const { load, unchanged } = attempt((state) => {
      state.delete('scale');
      state.delete('heads.0.bias');
      state.set('decoder.weight', tensor([1]));
      state.set('encoder.0.weight', tensor([[1, 2, 3]]));
    });
    expect(load).toThrow(StateError);
    expect(load).toThrow(
      "Small.loadStateDict: the state does not fit; missing: 'scale', 'heads.0.bias'; " +
        "unexpected: 'decoder.weight'; wrong shape: 'encoder.0.weight' is [2, 3] here and [1, 3] in the state",
    );
    expect(unchanged()).toBe(true);
  });

  it('shortens long lists', () => {
    const { load } = attempt((state) => {
      for (let i = 0; i < 20; i++) state.set(`extra.${i}`, tensor([i]));
    });
    expect(load).toThrow("'extra.5' and 14 more");
    const six = attempt((state) => {
      for (let i = 0; i < 6; i++) state.set(`extra.${i}`, tensor([i]));
    });
    expect(six.load).toThrow(
      "'extra.5' (strict: false skips missing and unexpected names, not wrong shapes)",
    );
  });

  it('reports what it skips when not strict, but still refuses a wrong shape', () => {
    const skipping = attempt((state) => {
      state.delete('scale');
      state.set('other', tensor([1]));
    }, false);
    expect(skipping.load()).toEqual({ missing: ['scale'], unexpected: ['other'] });
    expect(skipping.model.scale.toArray()).toEqual([1, 2]);
    expect(skipping.model.stateDict().get('encoder.0.bias')?.data).toEqual(
      skipping.state.get('encoder.0.bias')?.data,
    );
    const wrong = attempt((state) => state.set('scale', tensor([1])), false);
    expect(wrong.load).toThrow(/wrong shape: 'scale' is \[2\] here and \[1\] in the state$/);
    expect(wrong.unchanged()).toBe(true);
  });
});

describe('Sequential', () => {
  it('applies its layers in order', () => {
    class Times extends Layer {
      constructor(
        readonly factor: number,
        readonly log: number[],
      ) {
        super();
      }
      override forward(x: Tensor): Tensor {
        this.log.push(this.factor);
        return mul(x, this.factor);
      }
    }
    const log: number[] = [];
    expect(new Sequential(new Times(2, log), new Times(5, log)).forward(tensor([1])).toArray()).toEqual([10]);
    expect(log).toEqual([2, 5]);
    expect(new Sequential().forward(tensor([4])).toArray()).toEqual([4]);
  });

  it('says how to pass an array of layers', () => {
    const layers: Layer[] = [new Tanh()];
    const construct = (...args: readonly unknown[]) => Reflect.construct(Sequential, args);
    expect(() => construct(layers)).toThrow(
      'Sequential: argument 0 is object, not a layer; pass the layers one by one',
    );
    expect(() => construct(new Tanh(), null)).toThrow('argument 1 is null');
  });
});
