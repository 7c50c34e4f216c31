import { describe, expect, it } from 'vitest';
import { backward } from '../../../src/autograd/backward.js';
import { mul, sum } from '../../../src/autograd/ops/index.js';
import { variable } from '../../../src/autograd/variable.js';
import {
  Adam,
  type AdamOptions,
  AdamW,
  Dense,
  type Optimizer,
  SGD,
  type SGDOptions,
  Tanh,
} from '../../../src/nn/index.js';
import { tensor } from '../../../src/tensor/create.js';
import { Random } from '../../../src/tensor/random/index.js';
import type { Tensor } from '../../../src/tensor/tensor.js';
import { randomGradients, randomParameters, source, variants } from './common.js';

const one = () => new Map([['w', variable(tensor([1, 2], { dtype: 'float64' }))]]);

describe.each(variants)('%s', (_, make) => {
  it('writes into the parameters, and leaves one without a gradient alone only when that is asked for', () => {
    const stream = new Random(2).stream('init');
    const parameters = randomParameters(stream, 'float32');
    const optimizer = make(parameters);
    const before = new Map([...parameters].map(([name, p]) => [name, { data: p.data, values: [...p.data] }]));
    const gradients = randomGradients(parameters, stream);
    const bias = parameters.get('layer.bias');
    if (bias !== undefined) gradients.delete(bias);
    const kept = new Map([...gradients].map(([p, g]) => [p, g.clone()]));
    const incomplete = source(gradients);
    const values = [...parameters.values()].map((p) => [...p.data]);
    expect(() => optimizer.step(incomplete)).toThrow(
      ".step: the loss does not depend on 'layer.bias'; leave them out of the optimiser, or pass { allowMissing: true }",
    );
    expect(() => optimizer.step(source(new Map()), { allowMissing: true })).toThrow(
      ".step: no parameter has a gradient; the loss depends on none of 'layer.weight', 'layer.bias'",
    );
    expect([...parameters.values()].map((p) => [...p.data])).toEqual(values);
    optimizer.step(incomplete, { allowMissing: true });
    optimizer.step(incomplete, { allowMissing: true });
    for (const [name, p] of parameters) {
      expect(p.data).toBe(before.get(name)?.data);
      const changed = [...p.data].some((x, i) => x !== before.get(name)?.values[i]);
      expect(changed).toBe(name === 'layer.weight');
    }
    for (const [p, g] of gradients) expect(g.data).toEqual(kept.get(p)?.data);
    expect(optimizer.state().get('layer.weight.step')?.item()).toBe(2);
    expect(optimizer.state().get('layer.bias.step')?.item()).toBe(0);
  });

  it('checks every gradient before it changes anything', () => {
    const parameters = randomParameters(new Random(2).stream('init'), 'float32');
    const optimizer = make(parameters);
    const before = [...parameters.values()].map((p) => [...p.data]);
    const gradients = randomGradients(parameters, new Random(3).stream('gradient'));
    const [, bias] = parameters.values();
    gradients.set(bias, tensor([1, 2]));
    expect(() => optimizer.step(source(gradients))).toThrow(
      "'layer.bias' is float32 [3], but its gradient is float32 [2]",
    );
    gradients.set(bias, tensor([1, 2, 3], { dtype: 'float64' }));
    expect(() => optimizer.step(source(gradients))).toThrow('its gradient is float64 [3]');
    expect([...parameters.values()].map((p) => [...p.data])).toEqual(before);
    expect(optimizer.state().get('layer.weight.step')?.item()).toBe(0);
  });

  it('stands still at a learning rate of 0, and refuses what is no rate', () => {
    const parameters = randomParameters(new Random(2).stream('init'), 'float32');
    const optimizer = make(parameters);
    const before = [...parameters.values()].map((p) => [...p.data]);
    optimizer.learningRate = 0;
    optimizer.step(source(randomGradients(parameters, new Random(3).stream('gradient'))));
    expect([...parameters.values()].map((p) => [...p.data])).toEqual(before);
    for (const rate of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => {
        optimizer.learningRate = rate;
      }).toThrow(RangeError);
    }
    expect(optimizer.learningRate).toBe(0);
  });
});

describe('wrong calls', () => {
  const wrong = (f: (...call: never[]) => unknown, ...call: unknown[]) => Reflect.apply(f, undefined, call);
  const make = (source: unknown) => wrong((parameters) => new Adam(parameters), source);

  it('get a sentence', () => {
    expect(() => make([])).toThrow(
      'Adam: takes a module or what its namedParameters() returns, but got an array',
    );
    for (const [given, name] of [
      [undefined, 'undefined'],
      [null, 'null'],
      [3, 'a number'],
    ]) {
      expect(() => make(given)).toThrow(`namedParameters() returns, but got ${name}`);
    }
    expect(() => make(new Map([['w', [1]]]))).toThrow("Adam: 'w' is not a variable");
    const adam = new Adam(one());
    const step = (given: unknown) => () => wrong((gradients) => adam.step(gradients), given);
    expect(step(tensor(1))).toThrow(
      'Adam.step: takes gradients, but got a Tensor; pass what backward(loss) returns',
    );
    for (const given of [undefined, null, [], new Map()])
      expect(step(given)).toThrow('Adam.step: takes gradients');
    expect(() => wrong((o) => adam.step(source(new Map()), o), { allowMising: true })).toThrow(
      "Adam.step: there is no option 'allowMising'; there is only 'allowMissing'",
    );
  });

  it('of a module are right', () => {
    const layer = new Dense({ inputs: 2, outputs: 1, stream: new Random(0).stream('init') });
    const optimizer = new SGD(layer, { learningRate: 1 });
    const before = layer.weight.toArray();
    optimizer.step(backward(sum(layer.forward(tensor([[1, 2]])))));
    expect(layer.weight.toArray()).not.toEqual(before);
    expect([...optimizer.state().keys()]).toEqual(['weight.step', 'bias.step']);
    expect(() => new SGD(new Tanh(), { learningRate: 1 })).toThrow('SGD: there are no parameters');
  });
});

describe('without weight decay', () => {
  it.each<[string, (parameters: Map<string, Tensor>) => Optimizer]>([
    ['SGD', (p) => new SGD(p, { learningRate: 0.1 })],
    ['SGD with momentum', (p) => new SGD(p, { learningRate: 0.1, momentum: 0.9 })],
    ['Adam', (p) => new Adam(p)],
    ['Adam with amsgrad', (p) => new Adam(p, { amsgrad: true })],
    ['AdamW', (p) => new AdamW(p)],
  ])('%s adds not even 0 times the parameter, which of an infinite one is NaN', (_, make) => {
    const w = variable(tensor([Number.POSITIVE_INFINITY, 1]));
    make(new Map([['w', w]])).step(source(new Map([[w, tensor([1, 1])]])));
    expect(w.at(0)).toBe(Number.POSITIVE_INFINITY);
    expect(w.at(1)).toBeLessThan(1);
  });
});

describe('a changed learning rate', () => {
  it('counts from the next step on', () => {
    const parameters = one();
    const [w] = parameters.values();
    const gradients = source(new Map([[w, tensor([1, 1], { dtype: 'float64' })]]));
    const optimizer = new SGD(parameters, { learningRate: 0.5 });
    optimizer.step(gradients);
    optimizer.learningRate = 0.25;
    optimizer.step(gradients);
    expect(w.toArray()).toEqual([0.25, 1.25]);
  });
});

describe('options', () => {
  const adam: AdamOptions[] = [
    { learningRate: 0 },
    { learningRate: -0.1 },
    { learningRate: Number.NaN },
    { learningRate: Number.POSITIVE_INFINITY },
    { betas: [1, 0.999] },
    { betas: [0.9, -0.1] },
    { betas: [Number.NaN, 0.9] },
    { eps: -1e-8 },
    { eps: Number.NaN },
    { weightDecay: -1 },
  ];
  it.each(adam)('Adam and AdamW refuse %o', (options) => {
    expect(() => new Adam(one(), options)).toThrow(RangeError);
    expect(() => new AdamW(one(), options)).toThrow(/^AdamW: /);
  });

  const sgd: SGDOptions[] = [
    { learningRate: 0 },
    { learningRate: 0.1, momentum: -0.1 },
    { learningRate: 0.1, momentum: Number.NaN },
    { learningRate: 0.1, dampening: Number.POSITIVE_INFINITY },
    { learningRate: 0.1, weightDecay: -1 },
    { learningRate: 0.1, nesterov: true },
    { learningRate: 0.1, nesterov: true, momentum: 0.9, dampening: 0.1 },
  ];
  it.each(sgd)('SGD refuses %o', (options) => {
    expect(() => new SGD(one(), options)).toThrow(RangeError);
  });

  it('a misspelt or foreign option is named', () => {
    const withOption = (make: new (...args: never[]) => object, options: object) => () =>
      Reflect.construct(make, [one(), options]);
    expect(withOption(Adam, { lr: 0.1 })).toThrow(
      "Adam: there is no option 'lr'; there are learningRate, betas",
    );
    expect(withOption(AdamW, { momentum: 0.1 })).toThrow("AdamW: there is no option 'momentum'");
    expect(withOption(SGD, { learningRate: 0.1, betas: [0, 0] })).toThrow("SGD: there is no option 'betas'");
    expect(withOption(SGD, {})).toThrow('SGD: learningRate is undefined');
    expect(withOption(Adam, { betas: [0.9] })).toThrow('two numbers are needed');
  });

  it('parameters must be variables, each once, at least one', () => {
    const make = (parameters: Map<string, Tensor>) => () => new Adam(parameters);
    expect(make(new Map())).toThrow('Adam: there are no parameters; pass a module that has some');
    expect(make(new Map([['w', tensor([1])]]))).toThrow("'w' is not a variable");
    const w = variable(tensor([1]));
    expect(make(new Map([['w', mul(w, 2)]]))).toThrow("'w' is not a variable");
    expect(
      make(
        new Map([
          ['v', w],
          ['w', w],
        ]),
      ),
    ).toThrow("'w' and 'v' are the same tensor");
  });
});
