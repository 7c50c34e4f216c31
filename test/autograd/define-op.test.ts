import { describe, expect, it } from 'vitest';
import {
  add,
  backward,
  clamp,
  concat,
  createOp,
  defineOp,
  exp,
  mul,
  type OpSpec,
  registeredOps,
  sum,
  variable,
  where,
} from '../../src/autograd/index.js';
import { map1, ones, ShapeError, type Tensor, tensor, zeros } from '../../src/tensor/index.js';

/** x -> 2 x, with what a test changes. */
const doubling = (changes: Partial<Extract<OpSpec<1, never, undefined>, { forward: unknown }>>) =>
  createOp<1>({
    name: 'twice',
    doc: '2 x.',
    arity: 1,
    shape: ([x]) => x,
    forward: map1((x) => 2 * x),
    saves: [],
    vjp: [(g) => mul(g, 2)],
    domain: { inputs: [{ range: [-1, 1] }], cases: [{ shapes: 'any' }] },
    ...changes,
  });

const gradientOf = (op: (x: Tensor) => Tensor, x = variable(ones([2, 3]))): Tensor =>
  backward(sum(op(x))).get(x);

describe('calls', () => {
  it('too few arguments', () => {
    expect(() => Reflect.apply(add, undefined, [1])).toThrow(TypeError);
    expect(() => Reflect.apply(add, undefined, [1])).toThrow('add: takes 2 inputs, but got 1 argument');
    expect(() => Reflect.apply(exp, undefined, [])).toThrow('exp: takes 1 input, but got 0 arguments');
    expect(() => Reflect.apply(where, undefined, [1, 2])).toThrow(
      'where: takes 3 inputs, but got 2 arguments',
    );
  });

  it('a list where one is needed', () => {
    expect(() => Reflect.apply(concat, undefined, [])).toThrow(
      'concat: takes a list of tensors, but got 0 arg',
    );
    expect(() => Reflect.apply(concat, undefined, [ones([1]), ones([1])])).toThrow(
      'concat: takes a list of tensors, but got 2 arguments',
    );
  });

  it('options for an op that has none, a third operand included', () => {
    expect(() => Reflect.apply(exp, undefined, [1, { base: 2 }])).toThrow(TypeError);
    expect(() => Reflect.apply(exp, undefined, [1, { base: 2 }])).toThrow(
      "exp: takes no options, but got 'base'",
    );
    expect(() => Reflect.apply(add, undefined, [1, 2, zeros([1000])])).toThrow(
      'add: takes no options, but got a Tensor',
    );
  });

  it('options that are not given by name', () => {
    const x = ones([2, 3]);
    for (const [given, kind] of [
      [0, 'a number'],
      [[0, 1], 'an array'],
      [null, 'null'],
      ['axes', 'a string'],
      [ones([1]), 'a Tensor'],
      [new Int32Array(1), 'an Int32Array'],
    ] as const) {
      expect(() => Reflect.apply(sum, undefined, [x, given])).toThrow(
        `sum: options are given by name, as in { axes: ... }, but got ${kind}`,
      );
    }
    expect(sum(x, undefined as never).item()).toBe(6);
  });
});

describe('registry', () => {
  it('refuses a name twice, and keeps the first', () => {
    const before = registeredOps().length;
    const { op } = add;
    const again = { name: 'add', doc: 'Another.', arity: 1, shape: op.shape, forward: op.forward } as const;
    expect(() =>
      defineOp({ ...again, saves: [], vjp: ['constant'], domain: { inputs: [], cases: [] } }),
    ).toThrow("defineOp: an op named 'add' exists already; choose another name");
    expect(registeredOps().length).toBe(before);
    expect(registeredOps().find(({ name }) => name === 'add')).toBe(add.op);
  });

  it('takes the same definition again, as from a reloaded module, and no other of that name', () => {
    const define = (doc: string) =>
      defineOp({
        name: 'testReloaded',
        doc,
        arity: 1,
        shape: ([x]) => x,
        forward: map1((x) => 3 * x),
        saves: [],
        vjp: [(g) => mul(g, 3)],
        domain: { cases: [{ shapes: 'any' }] },
      });
    const first = define('3 x.');
    const count = registeredOps().length;
    const second = define('3 x.');
    expect(second(2).item()).toBe(6);
    expect(registeredOps()).toHaveLength(count);
    expect(registeredOps()).toContain(second.op);
    expect(registeredOps()).not.toContain(first.op);
    expect(() => define('3 times x.')).toThrow("defineOp: an op named 'testReloaded' exists already");
    expect(registeredOps()).toContain(second.op);
  });

  it('takes a new op, which then works like any other; createOp leaves it out', () => {
    const cube = defineOp({
      name: 'testCube',
      doc: 'x^3.',
      arity: 1,
      shape: ([x]) => x,
      forward: map1((x) => x ** 3),
      saves: ['inputs'],
      vjp: [(g, { x }) => mul(g, mul(mul(x, x), 3))],
      domain: { inputs: [{ range: [-1, 1] }], cases: [{ shapes: 'any' }] },
    });
    expect(registeredOps()).toContain(cube.op);
    expect(cube(2).item()).toBe(8);
    expect(gradientOf(cube, variable(tensor([2, 3]))).toArray()).toEqual([12, 27]);
    expect(registeredOps()).not.toContain(doubling({}).op);
    expect(gradientOf(doubling({})).toArray()).toEqual([
      [2, 2, 2],
      [2, 2, 2],
    ]);
  });
});

describe('options', () => {
  it('that are all optional need no type arguments', () => {
    const shifted = createOp({
      name: 'shifted',
      doc: 'x + by, elementwise.',
      arity: 1,
      options: ['by', 'times'],
      attributes: (given: { readonly by?: number; readonly times?: number } | undefined) => ({
        by: (given?.by ?? 1) * (given?.times ?? 1),
      }),
      shape: ([x]) => x,
      forward: (out, [x], { by }) => {
        for (let i = 0; i < x.size; i++) out.data[i] = x.data[i] + by;
      },
      saves: [],
      vjp: [(g, { attributes: { by } }) => mul(g, by / by)],
      domain: { cases: [{ shapes: 'any' }, { shapes: 'any', attributes: { by: 3 } }] },
    });
    expect(shifted(1).item()).toBe(2);
    expect(shifted(1, {}).item()).toBe(2);
    expect(shifted(1, { by: 3 }).item()).toBe(4);
    expect(shifted(1, { by: 3, times: 2 }).item()).toBe(7);
    // @ts-expect-error there is no such option
    expect(() => shifted(1, { bye: 3 })).toThrow("shifted: there is no option 'bye'; there are by, times");
  });

  it('are listed by each op that has attributes, and only names that exist', () => {
    const attributes = (given: { readonly by?: number } | undefined) => ({ by: given?.by ?? 1 });
    const rest = { name: 'x', doc: 'x.', arity: 1, saves: [], vjp: ['constant'] } as const;
    const more = { ...rest, shape: ([x]: readonly (readonly number[])[]) => x, forward: () => undefined };
    const domain = { cases: [{ shapes: 'any' }] } as const;
    expect(createOp({ ...more, options: ['by'], attributes, domain }).op.options).toEqual(['by']);
    // @ts-expect-error the list is missing
    createOp({ ...more, attributes, domain });
    // @ts-expect-error there is no such option
    createOp({ ...more, options: ['buy'], attributes, domain });
    expect(exp.op.options).toEqual([]);
  });
});

describe('rules', () => {
  it('that give another shape are named', () => {
    const wrong: readonly [Tensor, string][] = [
      [ones([3, 2]), '[3, 2]'],
      [ones([6]), '[6]'],
      [ones([2, 3, 1]), '[2, 3, 1]'],
      [ones([1, 2, 3]), '[1, 2, 3]'],
      [ones([4, 2, 3]), '[4, 2, 3]'],
      [ones([]), '[]'],
      [ones([0]), '[0]'],
    ];
    for (const [gradient, shape] of wrong) {
      const op = doubling({ vjp: [() => gradient] });
      expect(() => gradientOf(op)).toThrow(ShapeError);
      expect(() => gradientOf(op)).toThrow(
        `twice: the rule for input 0 gave a gradient of shape ${shape}, but the input has shape [2, 3]`,
      );
    }
  });

  it('that stretch the gradient further than the output are named', () => {
    const op = doubling({ vjp: [() => ones([2, 3])] });
    expect(() => gradientOf(op, variable(ones([1, 3])))).toThrow(
      'twice: the rule for input 0 gave a gradient of shape [2, 3], but the input has shape [1, 3]',
    );
  });

  it('share what they compute of one gradient, and of no other', () => {
    let computed = 0;
    const op = doubling({
      vjp: [
        (g, saved) => {
          const of = (t: Tensor): Tensor =>
            saved.shared(t, () => {
              computed++;
              return mul(t, 2);
            });
          const [first, second] = [of(g), of(g)];
          expect(second).toBe(first);
          return add(first, of(ones([2, 3])));
        },
      ],
    });
    expect(gradientOf(op).at(0, 0)).toBe(4);
    expect(computed).toBe(2);
  });

  it('of a reduction that forget to stretch the gradient are named', () => {
    const total = (axes: readonly number[]) =>
      createOp<1>({
        name: 'total',
        doc: 'The sum.',
        arity: 1,
        shape: ([x]) => x.filter((_, d) => !axes.includes(d)),
        forward: (out, [x]) => {
          out.data.set(sum(x, { axes }).data);
        },
        saves: [],
        vjp: [(g) => g],
        domain: { inputs: [{ range: [-1, 1] }], cases: [{ shapes: 'any' }] },
      });
    expect(() => gradientOf(total([0, 1]))).toThrow(
      'total: the rule for input 0 gave a gradient of shape []',
    );
    expect(() => gradientOf(total([0]))).toThrow('total: the rule for input 0 gave a gradient of shape [3]');
    expect(() => gradientOf(total([1]), variable(ones([2, 2])))).toThrow('total: the rule for input 0');
  });

  it('that give another dtype, or no tensor, are named', () => {
    const other = doubling({ vjp: [() => ones([2, 3], { dtype: 'float64' })] });
    expect(() => gradientOf(other)).toThrow(
      'twice: the rule for input 0 gave float64, but the input is float32',
    );
    const none = doubling({ vjp: [() => undefined as never] });
    expect(() => gradientOf(none)).toThrow('twice: the rule for input 0 gave undefined, not a tensor');
    const number = doubling({ vjp: [() => 2 as never] });
    expect(() => gradientOf(number)).toThrow('twice: the rule for input 0 gave a number, not a tensor');
  });

  it('that are missing throw where they are asked for, not before', () => {
    const half = createOp<2>({
      name: 'first',
      doc: 'a.',
      arity: 2,
      shape: ([a]) => a,
      forward: (out, [a]) => out.data.set(a.data),
      saves: [],
      vjp: [(g: Tensor) => g] as never,
      domain: { inputs: [{ range: [-1, 1] }], cases: [{ shapes: 'any' }] },
    });
    const a = variable(tensor(1));
    const b = variable(tensor(2));
    expect(backward(half(a, 2)).get(a).item()).toBe(1);
    const y = half(a, b);
    expect(() => backward(y)).toThrow('first: has no derivative rule for input 1');
  });

  it('that read what was not saved throw; shapes and attributes they may always read', () => {
    const reads = (saves: ('inputs' | 'output')[], read: 'x' | 'a' | 'b' | 'inputs' | 'y') =>
      doubling({
        saves,
        vjp: [
          (g, saved) => {
            expect(saved.shapes).toEqual([[2, 3]]);
            expect(saved.attributes).toBeUndefined();
            expect(saved[read]).toBeDefined();
            return g;
          },
        ],
      });
    const message = (part: string, saves: string): string =>
      `twice: a derivative rule reads the ${part}, but saves is [${saves}]; add '${part}'`;
    for (const read of ['x', 'a', 'b', 'inputs'] as const) {
      expect(() => gradientOf(reads([], read))).toThrow(message('inputs', ''));
      expect(() => gradientOf(reads(['output'], read))).toThrow(message('inputs', 'output'));
    }
    expect(() => gradientOf(reads(['inputs'], 'y'))).toThrow(message('output', 'inputs'));
    expect(gradientOf(reads(['inputs'], 'x')).shape).toEqual([2, 3]);
    expect(gradientOf(reads(['output'], 'y')).shape).toEqual([2, 3]);
  });

  it("declared 'constant' are never asked for, and stop the gradient", () => {
    const op = doubling({ vjp: ['constant'] });
    const x = variable(tensor(1), 'x');
    expect(op.op.differentiable(0)).toBe(false);
    expect(() => backward(op(x))).toThrow('depends on no variable');
    expect(
      backward(add(op(x), x))
        .get(x)
        .item(),
    ).toBe(1);
  });

  it('see attributes as the op completed them', () => {
    const seen: unknown[] = [];
    const { op } = clamp;
    const x = variable(tensor(0.5));
    const y = clamp(x, { max: 1 });
    expect(op.attributes({ max: 1 }, [[]])).toEqual({ min: Number.NEGATIVE_INFINITY, max: 1 });
    const watched = doubling({
      vjp: [
        (g, { attributes }) => {
          seen.push(attributes);
          return g;
        },
      ],
    });
    backward(watched(y));
    expect(seen).toEqual([undefined]);
  });
});
