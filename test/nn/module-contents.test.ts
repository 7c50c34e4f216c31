import { describe, expect, it } from 'vitest';
import { withParameters } from '../../src/check.js';
import { Random, type RandomStream, type Tensor, tensor, variable } from '../../src/index.js';
import { Adam, Dense, Dropout, Module, Sequential, Tanh } from '../../src/nn.js';

const stream = () => new Random(1).stream('init');
const dense = (): Dense => new Dense({ inputs: 1, outputs: 1, bias: false, stream: stream() });
const scalar = (x: number): Tensor => variable(tensor(x));

class Holder extends Module {
  constructor(readonly held: unknown) {
    super();
  }
}

const names = (held: unknown): string[] => [...new Holder(held).namedParameters().keys()];

describe('parameters inside collections', () => {
  it('are named by place and key, however deep', () => {
    expect(names([dense(), [scalar(1)]])).toEqual(['held.0.weight', 'held.1.0']);
    expect(
      names(
        new Map<string | number, unknown>([
          ['mean', dense()],
          [7, scalar(1)],
        ]),
      ),
    ).toEqual(['held.mean.weight', 'held.7']);
    expect(names(new Set([scalar(1), dense()]))).toEqual(['held.0', 'held.1.weight']);
    expect(names({ a: scalar(1), more: { list: [scalar(2)] }, word: 'none' })).toEqual([
      'held.a',
      'held.more.list.0',
    ]);
  });

  it('are children too, and load and save', () => {
    const model = new Holder(new Map([['mean', dense()]]));
    expect([...model.namedChildren().keys()]).toEqual(['held.mean']);
    expect(`${model}`).toContain('(held.mean): Dense(');
    const state = model.stateDict();
    for (const t of model.namedParameters().values()) t.data.fill(9);
    model.loadStateDict(state);
    expect(model.stateDict().get('held.mean.weight')).toEqual(state.get('held.mean.weight'));
  });

  it.each([
    ['a list', [scalar(1), scalar(2)], 'held.1'],
    ['a map', new Map([['a', scalar(1)]]), 'held.a'],
    ['a set', new Set([scalar(1), scalar(2), scalar(3)]), 'held.1'],
    ['a record', { a: { b: scalar(1) } }, 'held.a.b'],
  ])('can be replaced for a while inside %s', (_, held, name) => {
    const model = new Holder(held);
    const before = [...model.namedParameters()];
    const other = scalar(5);
    withParameters(model, new Map([[name, other]]), () => {
      expect(model.namedParameters().get(name)).toBe(other);
    });
    expect([...model.namedParameters()]).toEqual(before);
  });

  it('are refused where no name leads to them', () => {
    class Wrapper {
      readonly inner: unknown;
      constructor(inner: unknown) {
        this.inner = inner;
      }
    }
    expect(() => names(new Map([[{}, scalar(1)]]))).toThrow(
      "Holder: a parameter at 'held' cannot be named, since it has a key that is no string or number; keep it in a field",
    );
    expect(() => names(new Wrapper(scalar(1)))).toThrow(
      "Holder: a parameter at 'held' cannot be named, since it is inside a Wrapper, which is no Module",
    );
    expect(() => names([new Wrapper({ deep: [dense()] })])).toThrow(
      "Holder: a module at 'held.0' cannot be named",
    );
    expect(() => new Holder(new Wrapper(scalar(1))).stateDict()).toThrow('cannot be named');
    expect(names(new Wrapper(tensor(1)))).toEqual([]);
    expect(() => names([new Wrapper([{}, { a: scalar(1) }])])).toThrow("a parameter at 'held.0'");
    const loop: { inner?: unknown } = new Wrapper(undefined);
    loop.inner = loop;
    expect(names(loop)).toEqual([]);
    expect(names(new Map([[{}, 1]]))).toEqual([]);
  });

  it('are not refused where they have a name elsewhere, as in an optimiser that the model holds', () => {
    class Trained extends Module {
      readonly layer = dense();
      readonly optimizer = new Adam(this.layer.namedParameters());
      readonly hook = Object.assign(new Date(0), { layer: this.layer });
    }
    expect([...new Trained().namedParameters().keys()]).toEqual(['layer.weight']);
  });

  it('are refused where two have one name', () => {
    const held = { 'a.b': scalar(1), a: { b: scalar(2) } };
    expect(() => names(held)).toThrow(
      "Holder: two parameters have the name 'held.a.b'; rename a field or key",
    );
  });

  it('are found once in records that contain themselves', () => {
    const record: Record<string, unknown> = { a: scalar(1) };
    record.self = record;
    expect(names(record)).toEqual(['held.a']);
  });
});

describe('training and evaluation mode', () => {
  it('is training at first, and reaches modules inside collections', () => {
    const drop = new Dropout({ stream: stream() });
    const model = new Sequential(new Tanh(), new Sequential(drop));
    const holder = new Holder(new Map([['body', model]]));
    expect([holder.training, drop.training]).toEqual([true, true]);
    expect(holder.eval()).toBe(holder);
    expect([holder.training, model.training, drop.training]).toEqual([false, false, false]);
    holder.train();
    expect([holder.training, drop.training]).toEqual([true, true]);
    holder.train(false);
    expect(drop.training).toBe(false);
  });
});

describe('evaluating', () => {
  it('is evaluation mode for a while, and each module goes back to its own', () => {
    const [first, second] = [new Dropout({ stream: stream() }), new Dropout({ stream: stream() })];
    const model = new Sequential(first, second);
    second.eval();
    const modes = (): boolean[] => [model, first, second].map(({ training }) => training);
    expect(model.evaluating(modes)).toEqual([false, false, false]);
    expect(modes()).toEqual([true, true, false]);
    const fail = (): never => {
      throw new Error('on purpose');
    };
    expect(() => model.evaluating(fail)).toThrow('on purpose');
    expect(modes()).toEqual([true, true, false]);
  });
});

describe('evaluating, inside collections', () => {
  it('reaches the modules that have a name, each once, and no other', () => {
    const [first, second, third, fourth, hidden] = Array.from({ length: 5 }, dense);
    const record: Record<string, unknown> = { second: [second, second] };
    record.self = record;
    const held = [
      new Set([first]),
      record,
      new Map<unknown, unknown>([
        [7, third],
        ['deep', new Map([['er', new Holder(fourth)]])],
        [{}, hidden],
      ]),
    ];
    const model = new Holder(held);
    const modes = (): boolean[] => [first, second, third, fourth, hidden].map(({ training }) => training);
    third.eval();
    expect(model.evaluating(modes)).toEqual([false, false, false, false, true]);
    expect(modes()).toEqual([true, true, false, true, true]);
  });
});

describe('namedStreams', () => {
  it('are the streams that layers draw from, each once', () => {
    const shared: RandomStream = stream();
    const model = new Sequential(
      new Dropout({ stream: shared }),
      new Tanh(),
      new Dropout({ stream: shared }),
    );
    expect([...model.namedStreams()]).toEqual([['0.stream', shared]]);
  });
});
